//! A client of CloudTrail that speaks AWS JSON.

use alcazar_shape::Protocol;
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

/// The account that most tests call from.
pub(crate) const ACCOUNT: &str = "111122223333";

/// An error as a client sees it.
#[derive(Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: String,
}

/// A client: a cloud and who calls.
#[derive(Clone, Copy)]
pub(crate) struct Client<'a> {
    pub(crate) cloud: &'a TestCloud,
    pub(crate) caller: &'a TestCaller,
}

impl<'a> Client<'a> {
    pub(crate) fn new(cloud: &'a TestCloud, caller: &'a TestCaller) -> Self {
        Self { cloud, caller }
    }

    /// Calls an operation.
    pub(crate) async fn call(&self, operation: &str, input: Json) -> Result<Json, Refusal> {
        let model = alcazar_svc_cloudtrail::SERVICE.operation(operation).unwrap().model;
        let response = self.cloud.send_signed(self.caller, Protocol::AwsJson1_1, model, &input).await;
        let body = if response.encoded.body.is_empty() { Json::Null } else { response.json() };
        assert!(response.status() < 500, "{operation}: {body}");
        if response.status() == 200 {
            return Ok(body);
        }
        let message =
            body.get("message").or(body.get("Message")).and_then(Json::as_str).unwrap_or_default().to_owned();
        Err(Refusal { code: response.code().unwrap(), message })
    }

    /// Calls an operation that must succeed.
    pub(crate) async fn ok(&self, operation: &str, input: Json) -> Json {
        self.call(operation, input.clone())
            .await
            .unwrap_or_else(|error| panic!("{operation} {input}: {error:?}"))
    }

    /// Calls an operation that must be refused with this code, and gives back the message.
    pub(crate) async fn refused(&self, operation: &str, input: Json, code: &str) -> String {
        match self.call(operation, input.clone()).await {
            Ok(output) => panic!("{operation} {input} must be refused with {code}, but: {output}"),
            Err(error) => {
                assert_eq!(error.code, code, "{operation} {input}: {}", error.message);
                error.message
            }
        }
    }

    /// Makes a trail and gives back its ARN.
    pub(crate) async fn new_trail(&self, name: &str) -> String {
        let made = self.ok("CreateTrail", json!({"Name": name, "S3BucketName": "amzn-s3-demo-bucket"})).await;
        made["TrailARN"].as_str().unwrap().to_owned()
    }
}
