//! A client of SQS that speaks AWS JSON.

use alcazar_shape::Protocol;
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

/// The account that most tests call from.
pub(crate) const ACCOUNT: &str = "111122223333";
/// Another account.
pub(crate) const OTHER_ACCOUNT: &str = "444455556666";

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
        let model = alcazar_svc_sqs::SERVICE.operation(operation).unwrap().model;
        let response = self.cloud.send_signed(self.caller, Protocol::AwsJson1_0, model, &input).await;
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

    /// Makes a queue and gives back its URL.
    pub(crate) async fn new_queue(&self, name: &str) -> String {
        self.new_queue_with(name, json!({})).await
    }

    /// Makes a queue with attributes and gives back its URL.
    pub(crate) async fn new_queue_with(&self, name: &str, attributes: Json) -> String {
        let made = self.ok("CreateQueue", json!({"QueueName": name, "Attributes": attributes})).await;
        made["QueueUrl"].as_str().unwrap().to_owned()
    }

    /// All attributes of a queue.
    pub(crate) async fn attributes(&self, url: &str) -> Json {
        let input = json!({"QueueUrl": url, "AttributeNames": ["All"]});
        self.ok("GetQueueAttributes", input).await["Attributes"].clone()
    }

    /// Sends a message.
    pub(crate) async fn send(&self, url: &str, body: &str) -> Json {
        self.ok("SendMessage", json!({"QueueUrl": url, "MessageBody": body})).await
    }

    /// Receives up to `most` messages.
    pub(crate) async fn receive(&self, url: &str, most: usize) -> Json {
        self.ok("ReceiveMessage", json!({"QueueUrl": url, "MaxNumberOfMessages": most})).await
    }

    /// How many messages are visible, delayed and in flight.
    pub(crate) async fn counts(&self, url: &str) -> (u64, u64, u64) {
        let attributes = self.attributes(url).await;
        let count = |of: &str| {
            let name = format!("ApproximateNumberOfMessages{of}");
            attributes[name.as_str()].as_str().unwrap_or_else(|| panic!("{attributes}")).parse().unwrap()
        };
        (count(""), count("Delayed"), count("NotVisible"))
    }

    /// The ARN of a queue of the caller's own.
    pub(crate) fn arn(&self, name: &str) -> String {
        format!("arn:aws:sqs:{}:{}:{name}", self.caller.region, self.caller.account())
    }
}

/// The bodies of what was received.
pub(crate) fn bodies(received: &Json) -> Vec<String> {
    let messages = received["Messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    messages.iter().map(|message| message["Body"].as_str().unwrap().to_owned()).collect()
}

/// The receipt handle of a message.
pub(crate) fn handle(message: &Json) -> String {
    message["ReceiptHandle"].as_str().unwrap_or_else(|| panic!("{message}")).to_owned()
}
