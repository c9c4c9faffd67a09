//! Samples of managed policies.

use std::future::Future;

use serde_json::{Value as Json, json};

use super::{POLICY, Things, tags};

/// Makes the managed policies.
pub(super) async fn make<F: Future<Output = Json>>(
    tag: &str,
    account: &str,
    call: impl Fn(&'static str, Json) -> F,
) {
    for (kind, path) in [("policy", "/team/"), ("boundary", "/"), ("bare-policy", "/")] {
        let name = format!("{kind}-{tag}");
        let request = json!({"PolicyName": name, "Path": path, "PolicyDocument": POLICY, "Tags": tags()});
        call("CreatePolicy", request).await;
    }
    let arn = format!("arn:aws:iam::{account}:policy/team/policy-{tag}");
    call("CreatePolicyVersion", json!({"PolicyArn": arn, "PolicyDocument": POLICY})).await;
}

pub(super) fn sample(operation: &str, things: &Things) -> Option<Json> {
    let arn = things.policy_arn();
    Some(match operation {
        "CreatePolicy" => json!({
            "PolicyName": things.name("new-policy"), "Path": "/team/", "PolicyDocument": POLICY, "Tags": tags(),
        }),
        "DeletePolicy" => json!({"PolicyArn": things.arn("policy", &things.name("bare-policy"))}),
        "GetPolicy" => json!({"PolicyArn": arn}),
        "CreatePolicyVersion" => json!({"PolicyArn": arn, "PolicyDocument": POLICY, "SetAsDefault": true}),
        "DeletePolicyVersion" | "GetPolicyVersion" | "SetDefaultPolicyVersion" => {
            json!({"PolicyArn": arn, "VersionId": "v2"})
        }
        "ListPolicyVersions" | "ListEntitiesForPolicy" | "ListPolicyTags" => {
            json!({"PolicyArn": arn, "MaxItems": 10})
        }
        "TagPolicy" => json!({"PolicyArn": arn, "Tags": [{"Key": "Team", "Value": "blue"}]}),
        "UntagPolicy" => json!({"PolicyArn": arn, "TagKeys": ["Team"]}),
        _ => return None,
    })
}
