//! Samples of Parameter Store.

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use super::{CANARY, make, unique};

/// What the samples name.
pub(super) struct Things {
    path: String,
    name: String,
    arn: String,
    new_name: String,
    policy_id: String,
    policy_hash: String,
}

impl Things {
    /// New things of the root user's account.
    pub(super) async fn new(cloud: &TestCloud, root: &TestCaller) -> Self {
        let (tag, account) = (unique(cloud), root.account().to_string());
        let path = format!("/app-{tag}");
        let name = format!("{path}/color");
        let arn = format!("arn:aws:ssm:us-east-1:{account}:parameter{name}");
        let tags = json!([{"Key": "Team", "Value": "red"}]);
        let put = json!({
            "Name": name, "Value": CANARY.repeat(2), "Type": "String", "Tier": "Advanced", "Tags": tags,
        });
        make(cloud, root, "ssm", "PutParameter", put).await;
        let overwrite = json!({"Name": name, "Value": CANARY.repeat(3), "Overwrite": true});
        make(cloud, root, "ssm", "PutParameter", overwrite).await;
        let label = json!({"Name": name, "ParameterVersion": 1, "Labels": ["old"]});
        make(cloud, root, "ssm", "LabelParameterVersion", label).await;
        let policy = json!({"ResourceArn": arn, "Policy": sharing(&arn, "444455556666")});
        let policy = make(cloud, root, "ssm", "PutResourcePolicy", policy).await;
        let [policy_id, policy_hash] =
            ["PolicyId", "PolicyHash"].map(|member| policy[member].as_str().unwrap().to_owned());
        Self { new_name: format!("{path}/new"), path, name, arn, policy_id, policy_hash }
    }
}

/// A policy that lets another account read a parameter.
fn sharing(arn: &str, account: &str) -> String {
    let statement = json!({
        "Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{account}:root")},
        "Action": ["ssm:DescribeParameters", "ssm:GetParameter", "ssm:GetParameters"], "Resource": arn,
    });
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

/// A valid input.
pub(super) fn sample(operation: &str, things: &Things) -> Json {
    let Things { path, name, arn, new_name, policy_id, policy_hash } = things;
    let setting = "/ssm/parameter-store/default-parameter-tier";
    let expiration = json!([
        {"Type": "Expiration", "Version": "1.0", "Attributes": {"Timestamp": "2030-01-01T00:00:00.000Z"}},
    ]);
    match operation {
        "AddTagsToResource" => json!({
            "ResourceType": "Parameter", "ResourceId": name, "Tags": [{"Key": "Project", "Value": "blue"}],
        }),
        "DeleteParameter" => json!({"Name": name}),
        "DeleteParameters" => json!({"Names": [name]}),
        "DeleteResourcePolicy" => json!({
            "ResourceArn": arn, "PolicyId": policy_id, "PolicyHash": policy_hash,
        }),
        "DescribeParameters" => json!({
            "ParameterFilters": [{"Key": "Path", "Option": "Recursive", "Values": [path]}], "MaxResults": 10,
        }),
        "GetParameter" => json!({"Name": format!("{name}:old"), "WithDecryption": true}),
        "GetParameterHistory" => json!({"Name": name, "MaxResults": 10}),
        "GetParameters" => json!({"Names": [name, arn]}),
        "GetParametersByPath" => json!({
            "Path": path, "Recursive": true, "MaxResults": 10,
            "ParameterFilters": [{"Key": "Type", "Option": "Equals", "Values": ["String"]}],
        }),
        "GetResourcePolicies" => json!({"ResourceArn": arn}),
        "GetServiceSetting" | "ResetServiceSetting" => json!({"SettingId": setting}),
        "LabelParameterVersion" => json!({"Name": name, "ParameterVersion": 2, "Labels": ["new", "1st"]}),
        "ListTagsForResource" => json!({"ResourceType": "Parameter", "ResourceId": name}),
        "PutParameter" => json!({
            "Name": new_name, "Value": CANARY.repeat(2), "Type": "String", "Tier": "Advanced",
            "Description": "The color", "AllowedPattern": "[A-Z]+", "DataType": "text",
            "Policies": expiration.to_string(), "Tags": [{"Key": "Project", "Value": "blue"}],
        }),
        "PutResourcePolicy" => json!({
            "ResourceArn": arn, "Policy": sharing(arn, "999988887777"), "PolicyId": policy_id,
            "PolicyHash": policy_hash,
        }),
        "RemoveTagsFromResource" => json!({
            "ResourceType": "Parameter", "ResourceId": name, "TagKeys": ["Team"],
        }),
        "UnlabelParameterVersion" => json!({"Name": name, "ParameterVersion": 1, "Labels": ["old", "none"]}),
        "UpdateServiceSetting" => json!({"SettingId": setting, "SettingValue": "Intelligent-Tiering"}),
        operation => panic!("give {operation} a sample"),
    }
}
