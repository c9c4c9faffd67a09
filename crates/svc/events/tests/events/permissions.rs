//! Who may use a bus: its policy, and what others may do by it.

use alcazar_api_events::operation::*;
use alcazar_api_events::types::Condition;
use alcazar_testkit::TestCloud;

use crate::shorthand::*;

async fn policy(cloud: &TestCloud) -> Option<String> {
    let request = DescribeEventBusRequest::default();
    cloud.call::<DescribeEventBus>(&cloud.root(ACCOUNT), request).await.unwrap().policy
}

fn permission(sid: &str, principal: &str) -> PutPermissionRequest {
    PutPermissionRequest {
        action: Some("events:PutEvents".into()),
        principal: Some(principal.into()),
        statement_id: Some(sid.into()),
        ..PutPermissionRequest::default()
    }
}

#[tokio::test]
async fn statements_are_put_replaced_and_removed_as_aws_writes_them() {
    let cloud = TestCloud::new(1);
    let root = cloud.root(ACCOUNT);
    let arn = bus_arn(ACCOUNT, "default");
    cloud.call::<PutPermission>(&root, permission("one", OTHER_ACCOUNT)).await.unwrap();
    let one = format!(
        r#"{{"Sid":"one","Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{OTHER_ACCOUNT}:root"}},"Action":"events:PutEvents","Resource":"{arn}"}}"#
    );
    assert_eq!(policy(&cloud).await.unwrap(), format!(r#"{{"Version":"2012-10-17","Statement":[{one}]}}"#));
    let mut request = permission("all", "*");
    request.condition = Some(Condition {
        r#type: "StringEquals".into(),
        key: "aws:PrincipalOrgID".into(),
        value: "o-1234567890".into(),
    });
    cloud.call::<PutPermission>(&root, request).await.unwrap();
    let all = format!(
        r#"{{"Sid":"all","Effect":"Allow","Principal":"*","Action":"events:PutEvents","Resource":"{arn}","Condition":{{"StringEquals":{{"aws:PrincipalOrgID":"o-1234567890"}}}}}}"#
    );
    assert_eq!(
        policy(&cloud).await.unwrap(),
        format!(r#"{{"Version":"2012-10-17","Statement":[{one},{all}]}}"#)
    );
    let remove = |sid: Option<&str>| RemovePermissionRequest {
        statement_id: sid.map(str::to_owned),
        ..RemovePermissionRequest::default()
    };
    let refused = cloud.call::<RemovePermission>(&root, remove(Some("none"))).await;
    assert_eq!(
        told(refused),
        ("ResourceNotFoundException".into(), "Statement with the provided id does not exist.".into())
    );
    assert_eq!(
        told(cloud.call::<RemovePermission>(&root, remove(None)).await).1,
        "Parameter StatementId is required."
    );
    cloud.call::<RemovePermission>(&root, remove(Some("one"))).await.unwrap();
    cloud.call::<RemovePermission>(&root, remove(Some("all"))).await.unwrap();
    assert_eq!(policy(&cloud).await, None);
}

#[tokio::test]
async fn what_makes_no_statement_is_refused_in_aws_words() {
    let cloud = TestCloud::new(2);
    let root = cloud.root(ACCOUNT);
    let mut other_action = permission("s", OTHER_ACCOUNT);
    other_action.action = Some("events:PutRule".into());
    let mut without_principal = permission("s", OTHER_ACCOUNT);
    without_principal.principal = None;
    let mut conditional = permission("s", OTHER_ACCOUNT);
    conditional.condition = Some(Condition {
        r#type: "StringEquals".into(),
        key: "aws:PrincipalOrgID".into(),
        value: "o-1".into(),
    });
    let whole = |policy: &str| PutPermissionRequest {
        policy: Some(policy.into()),
        ..PutPermissionRequest::default()
    };
    let long = format!(r#"{{"Version":"{}"}}"#, "x".repeat(10_240));
    for (request, code, message) in [
        (other_action, "ValidationException", "Provided value in parameter 'action' is not supported."),
        (without_principal, "ValidationException", "Parameter Principal must be specified."),
        (
            conditional,
            "ValidationException",
            "Value of the parameter 'principal' must be '*' when the parameter 'condition' is set.",
        ),
        (whole("{"), "ValidationException", "This policy contains invalid Json"),
        (whole(&long), "PolicyLengthExceededException", "The policy length exceeds the maximum allowed."),
    ] {
        assert_eq!(told(cloud.call::<PutPermission>(&root, request).await), (code.into(), message.into()));
    }
}

#[tokio::test]
async fn another_account_puts_events_only_where_the_policy_lets_it() {
    let cloud = crate::double::cloud(3);
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    rule_to_queue(&cloud, &root, "r", &format!(r#"{{"account":["{OTHER_ACCOUNT}"]}}"#), "q").await;
    let arn = bus_arn(ACCOUNT, "default");
    let denied = told(put_events(&cloud, &other, vec![entry(Some(&arn), "my.app", "{}")]).await);
    assert_eq!(denied.0, "AccessDeniedException");
    assert!(denied.1.contains("events:PutEvents on resource"), "{}", denied.1);
    cloud.call::<PutPermission>(&root, permission("one", OTHER_ACCOUNT)).await.unwrap();
    let id = put_event(&cloud, &other, Some(&arn), "my.app", "{}").await;
    cloud.settle().await;
    let came = came(&cloud, "q").await;
    assert_eq!((&came[0].event()["id"], &came[0].event()["account"]), (&id.into(), &OTHER_ACCOUNT.into()));
}

#[tokio::test]
async fn another_account_keeps_rules_on_a_bus_that_lets_it() {
    let cloud = TestCloud::new(4);
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let arn = bus_arn(ACCOUNT, "default");
    let put = || rule("theirs", Some(&arn), r#"{"source":["a"]}"#);
    assert_eq!(told(cloud.call::<PutRule>(&other, put()).await).0, "AccessDeniedException");
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{OTHER_ACCOUNT}"}},"Action":["events:PutRule","events:DescribeRule"],"Resource":"arn:aws:events:us-east-1:{ACCOUNT}:rule/*","Condition":{{"StringEqualsIfExists":{{"events:creatorAccount":"${{aws:PrincipalAccount}}"}}}}}}]}}"#
    );
    let request = PutPermissionRequest { policy: Some(policy), ..PutPermissionRequest::default() };
    cloud.call::<PutPermission>(&root, request).await.unwrap();
    cloud.call::<PutRule>(&other, put()).await.unwrap();
    let request = DescribeRuleRequest { name: "theirs".into(), ..DescribeRuleRequest::default() };
    let rule_there = cloud.call::<DescribeRule>(&root, request).await.unwrap();
    assert_eq!(rule_there.created_by.as_deref(), Some(OTHER_ACCOUNT));
    assert_eq!(rule_there.arn.unwrap(), format!("arn:aws:events:us-east-1:{ACCOUNT}:rule/theirs"));
    // One that the account itself made is beyond them.
    cloud.call::<PutRule>(&root, rule("ours", None, r#"{"source":["a"]}"#)).await.unwrap();
    let request = DescribeRuleRequest { name: "ours".into(), event_bus_name: Some(arn.clone()) };
    assert_eq!(told(cloud.call::<DescribeRule>(&other, request).await).0, "AccessDeniedException");
}

#[tokio::test]
async fn the_source_of_an_event_is_a_condition() {
    let cloud = TestCloud::new(5);
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"events:PutEvents","Resource":"*","Condition":{"StringEquals":{"events:source":"my.app"}}}}"#;
    let user = cloud.user_with_policy(ACCOUNT, "u", policy).await;
    put_event(&cloud, &user, None, "my.app", "{}").await;
    let two = vec![entry(None, "my.app", "{}"), entry(None, "other.app", "{}")];
    assert_eq!(told(put_events(&cloud, &user, two).await).0, "AccessDeniedException");
}
