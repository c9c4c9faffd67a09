//! Calls that services make in their own name.

use std::sync::Arc;

use alcazar_engine::{
    Access, Allowed, CallInfo, Check, Cx, Input, Operation, Output, Reads, Result, Rule, Source,
};
use alcazar_policy::{CompiledPolicy, PolicyDocument, PolicyKind};
use alcazar_shape::{ApiOperation, OperationModel};

use crate::ledger::{ACCOUNT, LEDGER, REQUEST, RESPONSE, Request, Response, account_arn, cloud, with};

const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
    "Principal": {"Service": "bell.amazonaws.com"}, "Action": "ledger:Open", "Resource": "*",
    "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:bell:us-east-1:111122223333:bell/door"},
        "StringEquals": {"aws:SourceAccount": "111122223333"}, "Bool": {"aws:PrincipalIsAWSService": "true"}}}}"#;

/// Opens what has a policy for the service `bell`.
pub(crate) struct Open;

/// Has the service `bell` open it, for the bell in `name`.
pub(crate) struct OpenAsService;

macro_rules! api {
    ($operation:ident) => {
        impl ApiOperation for $operation {
            type Input = Request;
            type Output = Response;
            const MODEL: &'static OperationModel = &OperationModel {
                name: stringify!($operation),
                service: &LEDGER,
                input: &REQUEST,
                output: &RESPONSE,
                result_wrapper: "",
                errors: &[],
            };
        }
    };
}

api!(Open);
api!(OpenAsService);

impl Operation for Open {
    type Api = Self;
    type Target = Arc<CompiledPolicy>;
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<Self::Target> {
        Ok(Arc::new(CompiledPolicy::compile(&PolicyDocument::parse(POLICY, PolicyKind::Resource).unwrap())))
    }

    fn access(call: &CallInfo, input: &Input<Self>, policy: &Self::Target) -> Access {
        Access::one(Check {
            rule: Rule::ResourcePolicy(policy.clone()),
            ..Check::new(
                "ledger:Open",
                account_arn(call, &input.name),
                "AWS::Ledger::Account",
                ACCOUNT.parse().unwrap(),
            )
        })
    }

    async fn run(cx: &mut Cx<'_>, _: &Input<Self>, _: Allowed<Self::Target>) -> Result<Output<Self>> {
        Ok(Response { text: Some(cx.call().caller.arn().to_owned()), number: None })
    }
}

impl Operation for OpenAsService {
    type Api = Self;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(_: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::open()
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        let source = Source {
            arn: format!("arn:aws:bell:us-east-1:111122223333:bell/{}", input.name),
            account: input.other.as_deref().unwrap().parse().unwrap(),
        };
        let region = cx.region().clone();
        cx.invoke_as_service::<Open>("bell.amazonaws.com", &source, &region, input.clone()).await
    }
}

#[tokio::test]
async fn a_service_is_allowed_what_the_resources_policy_allows_it_for_this_source() {
    let (cloud, root) = cloud(95);
    let answer = cloud.call::<OpenAsService>(&root, with("door", ACCOUNT)).await.unwrap();
    assert_eq!(answer.text.as_deref(), Some("bell.amazonaws.com"));
    let events = cloud.events();
    let record = alcazar_engine::audit::render::to_cloudtrail(&events[0], ACCOUNT.parse().unwrap());
    assert_eq!(record["userIdentity"]["type"], "AWSService");
    assert_eq!(record["userIdentity"]["invokedBy"], "bell.amazonaws.com");
    assert_eq!(record["userIdentity"]["arn"], serde_json::Value::Null);
    assert_eq!(record["requestParameters"]["name"], "door");
    assert_eq!(record["recipientAccountId"], ACCOUNT);
}

#[tokio::test]
async fn it_is_denied_for_any_other_source() {
    let (cloud, root) = cloud(96);
    for (bell, account) in [("window", ACCOUNT), ("door", "444455556666")] {
        let error = cloud.call::<OpenAsService>(&root, with(bell, account)).await.unwrap_err();
        assert_eq!(error.model().name, "AccessDeniedException");
        assert!(
            error.message().unwrap().contains("bell.amazonaws.com is not authorized to perform: ledger:Open")
        );
    }
}
