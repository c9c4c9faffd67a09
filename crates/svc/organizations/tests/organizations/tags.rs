//! Tags of whatever has some.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{
    OTHER, SCP, content, join, new_policy, ok, organization, policy, refused, root_id, text, unit,
};

fn deny() -> Json {
    json!({"Effect": "Deny", "Action": "kms:ListKeys", "Resource": "*"})
}

#[tokio::test]
async fn roots_units_accounts_and_policies_are_tagged_and_untagged() {
    let cloud = TestCloud::new(90);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    join(&cloud, &management, OTHER).await;
    let unit_id = unit(&cloud, &management, &root_id, "unit").await;
    let policy_id = policy(&cloud, &management, SCP, "policy", deny()).await;
    let delegation = json!({"Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "organizations:ListRoots", "Resource": "*"});
    let put = json!({"Content": content(delegation)});
    let put = ok(&cloud, &management, "PutResourcePolicy", put).await;
    let resource_policy_id = text(&put["ResourcePolicy"]["ResourcePolicySummary"]["Id"]);
    for id in [root_id.as_str(), OTHER, &unit_id, &policy_id, &resource_policy_id] {
        let tags = json!([{"Key": "Team", "Value": "red"}, {"Key": "Use", "Value": ""}]);
        ok(&cloud, &management, "TagResource", json!({"ResourceId": id, "Tags": tags})).await;
        let tags = json!([{"Key": "Team", "Value": "blue"}]);
        ok(&cloud, &management, "TagResource", json!({"ResourceId": id, "Tags": tags})).await;
        ok(&cloud, &management, "UntagResource", json!({"ResourceId": id, "TagKeys": ["Use", "None"]})).await;
        let listed = ok(&cloud, &management, "ListTagsForResource", json!({"ResourceId": id})).await;
        assert_eq!(listed["Tags"], tags, "{id}");
    }
}

#[tokio::test]
async fn tags_that_cannot_be_are_refused() {
    let cloud = TestCloud::new(91);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    let tag = |key: &str| json!({"Key": key, "Value": "value"});
    let many: Vec<_> = (0..51).map(|number| tag(&number.to_string())).collect();
    for (tags, reason) in [
        (json!([tag("a"), tag("a")]), "InvalidInputException (DUPLICATE_TAG_KEY)"),
        (json!([tag("aws:a")]), "InvalidInputException (INVALID_SYSTEM_TAGS_PARAMETER)"),
        (json!(many), "ConstraintViolationException (MAX_TAG_LIMIT_EXCEEDED)"),
    ] {
        let asked = json!({"ResourceId": root_id, "Tags": tags});
        let told = refused(&cloud, &management, "TagResource", asked).await;
        assert!(told.starts_with(reason), "{told}");
        let mut made = new_policy(SCP, "policy", &content(deny()));
        made["Tags"] = tags;
        let told = refused(&cloud, &management, "CreatePolicy", made).await;
        assert!(told.starts_with(reason), "{told}");
    }
    let asked = json!({"ResourceId": root_id, "TagKeys": ["aws:a"]});
    let told = refused(&cloud, &management, "UntagResource", asked).await;
    assert!(told.starts_with("InvalidInputException (INVALID_SYSTEM_TAGS_PARAMETER)"), "{told}");
    for id in ["p-00000000", "ou-zzzz-abcdefgh", "rp-00000000", "999999999999"] {
        let told = refused(&cloud, &management, "ListTagsForResource", json!({"ResourceId": id})).await;
        assert_eq!(told, "TargetNotFoundException: You specified a target that doesn't exist.", "{id}");
    }
    let asked = json!({"ResourceId": "p-FullAWSAccess", "Tags": [tag("a")]});
    let told = refused(&cloud, &management, "TagResource", asked).await;
    assert!(told.starts_with("InvalidInputException (IMMUTABLE_POLICY)"), "{told}");
}
