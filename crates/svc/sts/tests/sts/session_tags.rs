//! Session tags, and how they go down a chain.

use alcazar_api_sts::operation::AssumeRoleRequest;
use alcazar_api_sts::types::Tag;
use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::scene::{ACCOUNT, allow, assume, may_list_users, request, role, told, trust, trust_if};

const BOTH: &[&str] = &["sts:AssumeRole", "sts:TagSession"];

fn tagged(arn: &str, tags: &[(&str, &str)], transitive: &[&str]) -> AssumeRoleRequest {
    let tags: Vec<_> =
        tags.iter().map(|(key, value)| Tag { key: (*key).to_owned(), value: (*value).to_owned() }).collect();
    let transitive: Vec<_> = transitive.iter().map(|key| (*key).to_owned()).collect();
    AssumeRoleRequest {
        tags: Some(tags.into()),
        transitive_tag_keys: Some(transitive.into()),
        ..request(arn)
    }
}

#[tokio::test]
async fn tags_need_a_permission_of_their_own_and_are_seen_by_policies() {
    let cloud = TestCloud::new(40);
    let user = cloud.user(ACCOUNT, "ann").await;
    let closed = role(&cloud, ACCOUNT, "closed", &trust(user.arn(), &["sts:AssumeRole"])).await;
    let open = role(&cloud, ACCOUNT, "open", &trust(user.arn(), BOTH)).await;
    let condition = json!({"StringEquals": {"aws:PrincipalTag/team": "red"}});
    let statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition});
    let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    allow(&cloud, ACCOUNT, "open", &policy).await;
    let (code, text) = told(assume(&cloud, &user, tagged(&closed, &[("team", "red")], &[])).await);
    assert_eq!(code, "AccessDenied");
    let denied =
        format!("User: {} is not authorized to perform: sts:TagSession on resource: {closed}", user.arn());
    assert_eq!(text, denied);
    for (value, may) in [("red", true), ("blue", false)] {
        let answer = assume(&cloud, &user, tagged(&open, &[("team", value)], &[])).await.unwrap();
        assert_eq!(may_list_users(&cloud, &cloud.session(answer.credentials.unwrap())).await, may);
    }
}

#[tokio::test]
async fn a_role_can_ask_for_tags() {
    let cloud = TestCloud::new(41);
    let user = cloud.user(ACCOUNT, "ann").await;
    let condition = json!({
        "StringLike": {"aws:RequestTag/cost": "*"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["cost"], "sts:TransitiveTagKeys": ["cost"]},
    });
    let arn = role(&cloud, ACCOUNT, "r", &trust_if(user.arn(), BOTH, &condition)).await;
    assert!(assume(&cloud, &user, tagged(&arn, &[("cost", "1")], &["cost"])).await.is_ok());
    assert!(assume(&cloud, &user, request(&arn)).await.is_err());
    assert!(assume(&cloud, &user, tagged(&arn, &[("cost", "1"), ("x", "1")], &[])).await.is_err());
}

#[tokio::test]
async fn transitive_tags_go_down_the_chain_and_cannot_be_changed_there() {
    let cloud = TestCloud::new(42);
    let user = cloud.user(ACCOUNT, "ann").await;
    let first = role(&cloud, ACCOUNT, "first", &trust(user.arn(), BOTH)).await;
    let second = role(&cloud, ACCOUNT, "second", &trust(&first, BOTH)).await;
    let untagged = role(&cloud, ACCOUNT, "untagged", &trust(&first, &["sts:AssumeRole"])).await;
    let answer = assume(&cloud, &user, tagged(&first, &[("team", "red"), ("own", "1")], &["team"])).await;
    let session = cloud.session(answer.unwrap().credentials.unwrap());
    let next = assume(&cloud, &session, tagged(&second, &[("own", "2")], &[])).await.unwrap();
    let next = cloud.session(next.credentials.unwrap());
    let tags = &next.caller.session.as_ref().unwrap().tags;
    let expected = [("team", "red"), ("own", "2")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(*tags, expected);
    assert_eq!(next.caller.session.as_ref().unwrap().transitive_tag_keys, ["team"]);
    for key in ["team", "TEAM"] {
        let refused = told(assume(&cloud, &session, tagged(&second, &[(key, "blue")], &[])).await);
        let text = "One of the specified transitive tag keys can't be set because it conflicts with a transitive \
                    tag key from the calling session.";
        assert_eq!(refused, ("InvalidParameterValue", text.to_owned()));
    }
    let (_, text) = told(assume(&cloud, &session, request(&untagged)).await);
    assert!(text.contains("sts:TagSession"), "{text}");
}

#[tokio::test]
async fn keys_that_do_not_go_together_are_refused() {
    let cloud = TestCloud::new(43);
    let user = cloud.user(ACCOUNT, "ann").await;
    let arn = role(&cloud, ACCOUNT, "r", &trust(user.arn(), BOTH)).await;
    for (tags, transitive, text) in [
        (
            &[("a", "1")][..],
            &["b"][..],
            "The specified transitive tag key must be included in the requested tags.",
        ),
        (
            &[("a", "1"), ("A", "2")],
            &[],
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ),
        (&[("aws:x", "1")], &[], "Tag keys beginning with aws: are reserved for AWS internal use."),
    ] {
        let refused = told(assume(&cloud, &user, tagged(&arn, tags, transitive)).await);
        assert_eq!(refused, ("InvalidParameterValue", text.to_owned()));
    }
    let values = [("a", "v".repeat(256))];
    let many: Vec<Tag> = (0..20).map(|i| Tag { key: format!("k{i}"), value: values[0].1.clone() }).collect();
    let too_large = AssumeRoleRequest { tags: Some(many.into()), ..request(&arn) };
    assert_eq!(told(assume(&cloud, &user, too_large).await).0, "PackedPolicyTooLarge");
}
