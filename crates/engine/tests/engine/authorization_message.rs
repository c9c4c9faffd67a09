//! Denials that tell their reason in an encoded message, by a service that does so.

use alcazar_engine::{
    Access, Allowed, CallInfo, Check, Cx, Entry, Input, Operation, Output, Reads, Result, Service,
};
use alcazar_policy::Context;
use alcazar_shape::common_error::{INTERNAL_FAILURE, VALIDATION};
use alcazar_shape::{ApiOperation, OperationModel, Protocol, ServiceModel};
use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::ledger::{ACCOUNT, REQUEST, RESPONSE, Request, Response, about};

static FLEET: ServiceModel = ServiceModel {
    name: "fleet",
    signing_name: "fleet",
    shape_name: "Fleet",
    target_prefix: "Fleet",
    api_version: "2026-01-01",
    xml_namespace: "",
    event_source: "fleet.amazonaws.com",
    protocols: &[Protocol::AwsJson1_1],
    query_compatible: false,
    url_member: None,
};

static SERVICE: Service = Service {
    encodes_denials: true,
    ..Service::new(&FLEET, &[Entry::of::<StopShip>(), Entry::of::<Decode>()], &INTERNAL_FAILURE)
};

const fn model(name: &'static str) -> OperationModel {
    OperationModel {
        name,
        service: &FLEET,
        input: &REQUEST,
        output: &RESPONSE,
        result_wrapper: "",
        errors: &[],
    }
}

/// Needs permission.
struct StopShip;

/// Answers what a message says, to everyone.
struct Decode;

impl ApiOperation for StopShip {
    type Input = Request;
    type Output = Response;
    const MODEL: &'static OperationModel = &model("StopShip");
}

impl ApiOperation for Decode {
    type Input = Request;
    type Output = Response;
    const MODEL: &'static OperationModel = &model("Decode");
}

impl Operation for StopShip {
    type Api = Self;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, input: &Input<Self>, (): &()) -> Access {
        let mut context = Context::new();
        context.insert("fleet:Colour", "red");
        context.insert("aws:TagKeys", "a");
        context.insert("aws:TagKeys", "b".repeat(usize::try_from(input.number.unwrap_or(1)).unwrap()));
        Access::one(Check {
            context,
            ..Check::new(
                "fleet:StopShip",
                format!("arn:aws:fleet:us-east-1:{ACCOUNT}:ship/{}", input.name),
                "AWS::Fleet::Ship",
                call.account(),
            )
        })
    }

    async fn run(_: &mut Cx<'_>, _: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        Ok(Response::default())
    }
}

impl Operation for Decode {
    type Api = Self;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(_: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::open()
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        let text = cx.decoded_authorization_message(&input.name);
        Ok(Response {
            text: Some(text.ok_or_else(|| VALIDATION.because("Message is not valid"))?),
            number: None,
        })
    }
}

fn cloud(seed: u64) -> TestCloud {
    TestCloud::builder(seed).service(&SERVICE).build()
}

/// What a denial tells, and its encoded message.
async fn denied(cloud: &TestCloud, policy: &str, request: Request) -> (String, String) {
    let user = cloud.user_with_policy(ACCOUNT, "bob", policy).await;
    let error = cloud.call::<StopShip>(&user, request).await.unwrap_err();
    assert_eq!(error.model().name, "UnauthorizedOperation");
    let (reason, message) =
        error.message().unwrap().split_once(" Encoded authorization failure message: ").unwrap();
    (reason.to_owned(), message.to_owned())
}

async fn decoded(cloud: &TestCloud, account: &str, message: &str) -> Option<Json> {
    let answer = cloud.call::<Decode>(&cloud.root(account), about(message)).await.ok()?;
    Some(serde_json::from_str(&answer.text.unwrap()).unwrap())
}

const NOTHING: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"fleet:Other","Resource":"*"}}"#;

#[tokio::test]
async fn a_denial_tells_its_reason_in_an_encoded_message() {
    let cloud = cloud(120);
    let (reason, message) = denied(&cloud, NOTHING, about("s1")).await;
    assert_eq!(
        reason,
        "You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/bob is not \
         authorized to perform: fleet:StopShip on resource: arn:aws:fleet:us-east-1:111122223333:ship/s1 because no \
         identity-based policy allows the fleet:StopShip action."
    );
    let decoded = decoded(&cloud, ACCOUNT, &message).await.unwrap();
    assert_eq!((&decoded["allowed"], &decoded["explicitDeny"]), (&json!(false), &json!(false)));
    assert_eq!(
        (&decoded["matchedStatements"], &decoded["failures"]),
        (&json!({"items": []}), &json!({"items": []}))
    );
    let context = &decoded["context"];
    assert_eq!(context["principal"]["name"], "bob");
    assert!(context["principal"]["id"].as_str().unwrap().starts_with("AIDA"));
    assert_eq!(context["action"], "fleet:StopShip");
    assert_eq!(context["resource"], "arn:aws:fleet:us-east-1:111122223333:ship/s1");
    let conditions = context["conditions"]["items"].as_array().unwrap();
    assert_eq!(conditions[0], json!({"key": "fleet:Colour", "values": {"items": [{"value": "red"}]}}));
    assert_eq!(conditions[1]["values"], json!({"items": [{"value": "a"}, {"value": "b"}]}));
    assert!(conditions.iter().any(|condition| condition["key"] == "aws:PrincipalArn"));
}

#[tokio::test]
async fn an_explicit_deny_is_told_with_its_statement() {
    let cloud = cloud(121);
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
        {"Sid":"NoStops","Effect":"Deny","Action":"fleet:Stop*","Resource":"*"}]}"#;
    let (reason, message) = denied(&cloud, policy, about("s1")).await;
    assert!(reason.ends_with("with an explicit deny in an identity-based policy."), "{reason}");
    let decoded = decoded(&cloud, ACCOUNT, &message).await.unwrap();
    assert_eq!(decoded["explicitDeny"], true);
    let statements = decoded["matchedStatements"]["items"].as_array().unwrap();
    assert_eq!(statements.len(), 1);
    assert_eq!(
        (&statements[0]["statementId"], &statements[0]["effect"]),
        (&json!("NoStops"), &json!("DENY"))
    );
}

#[tokio::test]
async fn a_message_opens_unchanged_and_in_its_own_account_only() {
    let cloud = cloud(122);
    let (_, message) = denied(&cloud, NOTHING, about("s1")).await;
    assert!(decoded(&cloud, ACCOUNT, &message).await.is_some());
    assert!(decoded(&cloud, "444455556666", &message).await.is_none());
    let mut changed = message.clone().into_bytes();
    changed[40] = if changed[40] == b'A' { b'B' } else { b'A' };
    for wrong in [String::from_utf8(changed).unwrap(), message[1..].to_owned(), "AAAA".repeat(3000)] {
        assert!(decoded(&cloud, ACCOUNT, &wrong).await.is_none());
    }
}

#[tokio::test]
async fn a_message_that_would_be_too_long_goes_without_the_condition_keys() {
    let cloud = cloud(123);
    let request = Request { number: Some(20_000), ..about("s1") };
    let (_, message) = denied(&cloud, NOTHING, request).await;
    let decoded = decoded(&cloud, ACCOUNT, &message).await.unwrap();
    assert_eq!(decoded["context"]["conditions"], json!({"items": []}));
}
