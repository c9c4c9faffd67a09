//! The organization's resource policy: what it delegates, and to whom.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{
    OTHER, RCP, SCP, attach, content, enable, join, new_policy, ok, organization, policy, refused, root_id,
    text, unit,
};

const NO_PARTY: &str = "AccessDeniedException: You don't have permissions to access this resource.";
const NOT_FOUND: &str =
    "ResourcePolicyNotFoundException: We can't find a resource policy in this organization.";

fn deny() -> Json {
    json!({"Effect": "Deny", "Action": "kms:ListKeys", "Resource": "*"})
}

#[tokio::test]
async fn a_member_does_exactly_what_is_delegated_to_it() {
    let cloud = TestCloud::new(100);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    enable(&cloud, &management, &root_id, SCP).await;
    let unit_id = unit(&cloud, &management, &root_id, "unit").await;
    let member = join(&cloud, &management, OTHER).await;
    let stranger = join(&cloud, &management, "777788889999").await;
    let powerless = cloud.user(OTHER, "powerless").await;
    let named = policy(&cloud, &management, SCP, "named", deny()).await;
    let list = || json!({"Filter": SCP});
    assert_eq!(refused(&cloud, &member, "ListPolicies", list()).await, NO_PARTY);
    let delegation = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": OTHER}, "Resource": "*",
         "Action": ["organizations:ListPolicies", "organizations:CreatePolicy"],
         "Condition": {"StringEquals": {"organizations:PolicyType": SCP}}},
        {"Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "organizations:AttachPolicy",
         "Resource": [format!("arn:aws:organizations::*:ou/*/{unit_id}"),
                      "arn:aws:organizations::*:policy/*/service_control_policy/*"]},
    ]});
    let put = json!({"Content": delegation.to_string()});
    ok(&cloud, &management, "PutResourcePolicy", put).await;
    ok(&cloud, &member, "ListPolicies", list()).await;
    ok(&cloud, &member, "CreatePolicy", new_policy(SCP, "made", &content(deny()))).await;
    attach(&cloud, &member, &named, &unit_id).await;
    for (operation, asked) in [
        ("ListPolicies", json!({"Filter": RCP})),
        ("AttachPolicy", json!({"PolicyId": named, "TargetId": root_id})),
        ("DetachPolicy", json!({"PolicyId": named, "TargetId": unit_id})),
        ("DescribePolicy", json!({"PolicyId": named})),
        ("ListAccounts", json!({})),
        ("CreateOrganizationalUnit", json!({"ParentId": root_id, "Name": "new"})),
        ("PutResourcePolicy", json!({"Content": delegation.to_string()})),
    ] {
        assert_eq!(refused(&cloud, &member, operation, asked).await, NO_PARTY, "{operation}");
    }
    for caller in [&stranger, &powerless] {
        assert_eq!(refused(&cloud, caller, "ListPolicies", list()).await, NO_PARTY, "{}", caller.arn());
    }
    ok(&cloud, &management, "DeleteResourcePolicy", json!({})).await;
    assert_eq!(refused(&cloud, &member, "ListPolicies", list()).await, NO_PARTY);
}

#[tokio::test]
async fn the_resource_policy_is_put_described_replaced_and_deleted() {
    let cloud = TestCloud::new(101);
    let management = organization(&cloud).await;
    join(&cloud, &management, OTHER).await;
    let allow = |action: &str| {
        content(json!({"Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": action, "Resource": "*"}))
    };
    for operation in ["DescribeResourcePolicy", "DeleteResourcePolicy"] {
        assert_eq!(refused(&cloud, &management, operation, json!({})).await, NOT_FOUND);
    }
    let tags = json!([{"Key": "Team", "Value": "red"}]);
    let first = json!({"Content": allow("organizations:ListRoots"), "Tags": tags});
    let first = ok(&cloud, &management, "PutResourcePolicy", first).await;
    let told = json!({"Content": allow("organizations:ListAccounts"), "Tags": tags});
    let told = refused(&cloud, &management, "PutResourcePolicy", told).await;
    assert!(told.starts_with("InvalidInputException (TARGET_NOT_SUPPORTED)"), "{told}");
    let second = json!({"Content": allow("organizations:ListAccounts")});
    let second = ok(&cloud, &management, "PutResourcePolicy", second).await;
    let summary = |answer: &Json| answer["ResourcePolicy"]["ResourcePolicySummary"].clone();
    assert_eq!(summary(&first), summary(&second));
    let id = text(&summary(&first)["Id"]);
    let listed = ok(&cloud, &management, "ListTagsForResource", json!({"ResourceId": id})).await;
    assert_eq!(listed["Tags"], tags);
    let told = ok(&cloud, &management, "DescribeResourcePolicy", json!({})).await;
    assert_eq!(told["ResourcePolicy"]["Content"], allow("organizations:ListAccounts"));
    ok(&cloud, &management, "DeleteResourcePolicy", json!({})).await;
    assert_eq!(refused(&cloud, &management, "DescribeResourcePolicy", json!({})).await, NOT_FOUND);
}

#[tokio::test]
async fn only_what_can_be_delegated_is_and_only_to_accounts() {
    let cloud = TestCloud::new(102);
    let management = organization(&cloud).await;
    let allow = |principal: Json, action: &str| {
        content(json!({"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"}))
    };
    let list = "organizations:ListRoots";
    for (content, reason) in [
        ("no policy".to_owned(), "INVALID_RESOURCE_POLICY_JSON"),
        (content(deny()), "INVALID_RESOURCE_POLICY_JSON"),
        (
            allow(json!({"AWS": OTHER}), "organizations:CreateAccount"),
            "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY",
        ),
        (allow(json!({"AWS": OTHER}), "*"), "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY"),
        (allow(json!({"Service": "config.amazonaws.com"}), list), "INVALID_PRINCIPAL"),
        (allow(json!({"AWS": format!("arn:aws:iam::{OTHER}:user/none")}), list), "INVALID_PRINCIPAL"),
    ] {
        let told = refused(&cloud, &management, "PutResourcePolicy", json!({"Content": content})).await;
        assert!(told.starts_with(&format!("InvalidInputException ({reason})")), "{content}: {told}");
    }
}
