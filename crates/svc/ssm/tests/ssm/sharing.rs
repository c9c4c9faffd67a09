//! Parameters of other accounts, read by their ARNs.

use alcazar_testkit::TestCaller;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

const OTHER: &str = "444455556666";
const READ: &str =
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;

fn arn(name: &str) -> String {
    format!("arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/{name}")
}

async fn put(client: &Client, name: &str) {
    client
        .ok("PutParameter", json!({"Name": name, "Value": "1", "Type": "String", "Tier": "Advanced"}))
        .await;
}

async fn share(client: &Client, name: &str, principal: &str, actions: &[&str]) {
    let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": principal}, "Action": actions, "Resource": arn(name)}]});
    client.ok("PutResourcePolicy", json!({"ResourceArn": arn(name), "Policy": policy.to_string()})).await;
}

async fn denied(client: &Client, caller: &TestCaller, operation: &str, input: Json) -> String {
    let (code, message) = client.refused_as(caller, operation, input).await;
    assert_eq!(code, "AccessDeniedException", "{message}");
    message
}

#[tokio::test]
async fn a_shared_parameter_is_read_by_its_arn_if_both_sides_let() {
    let client = Client::new(70);
    put(&client, "/a/b").await;
    share(&client, "a/b", OTHER, &["ssm:GetParameter"]).await;
    let reader = client.cloud.user_with_policy(OTHER, "reader", READ).await;
    let nobody = client.cloud.user(OTHER, "nobody").await;
    let answer = client.ok_as(&reader, "GetParameter", json!({"Name": arn("a/b")})).await;
    assert_eq!(
        (&answer["Parameter"]["Value"], &answer["Parameter"]["ARN"]),
        (&json!("1"), &json!(arn("a/b")))
    );
    client.ok("PutParameter", json!({"Name": "/a/b", "Value": "2", "Overwrite": true})).await;
    let first = client.ok_as(&reader, "GetParameter", json!({"Name": format!("{}:1", arn("a/b"))})).await;
    assert_eq!((&first["Parameter"]["Value"], &first["Parameter"]["Selector"]), (&json!("1"), &json!(":1")));
    denied(&client, &nobody, "GetParameter", json!({"Name": arn("a/b")})).await;
    let stranger = client.cloud.user_with_policy("777788889999", "stranger", READ).await;
    denied(&client, &stranger, "GetParameter", json!({"Name": arn("a/b")})).await;
    // By its name it is one of the caller's own account.
    let own = client.refused_as(&reader, "GetParameter", json!({"Name": "/a/b"})).await;
    assert_eq!(own.0, "ParameterNotFound");
}

#[tokio::test]
async fn nobody_without_permission_learns_what_there_is() {
    let client = Client::new(71);
    for name in ["shared", "unshared"] {
        put(&client, name).await;
    }
    share(&client, "shared", "777788889999", &["ssm:GetParameter"]).await;
    client.put("plain", "1").await;
    let reader = client.cloud.user_with_policy(OTHER, "reader", READ).await;
    for selector in ["", ":1", ":99"] {
        let mut told = std::collections::BTreeSet::new();
        for name in ["shared", "unshared", "plain", "absent"] {
            let input = json!({"Name": format!("{}{selector}", arn(name))});
            let message = denied(&client, &reader, "GetParameter", input).await;
            told.insert(message.replace(&arn(name), "ARN"));
        }
        assert_eq!(told.len(), 1, "{told:?}");
    }
}

#[tokio::test]
async fn what_is_shared_is_read_and_not_changed() {
    let client = Client::new(72);
    put(&client, "x").await;
    share(&client, "x", OTHER, &["ssm:GetParameter", "ssm:GetParameters", "ssm:DescribeParameters"]).await;
    let reader = client.cloud.user_with_policy(OTHER, "reader", READ).await;
    denied(&client, &reader, "DeleteParameter", json!({"Name": arn("x")})).await;
    let overwrite = json!({"Name": arn("x"), "Value": "2", "Overwrite": true});
    assert_eq!(client.refused_as(&reader, "PutParameter", overwrite).await.0, "ValidationException");
    let delete = json!({"Names": [arn("x")]});
    let answer = client.ok_as(&reader, "DeleteParameters", delete).await;
    assert_eq!(answer["InvalidParameters"], json!([arn("x")]));
    assert_eq!(client.read("x").await["Value"], "1");
}

#[tokio::test]
async fn a_shared_secure_string_needs_the_owner_s_key_too() {
    let client = Client::new(73);
    let key = client.kms("CreateKey", json!({})).await["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
    let secret = json!({
        "Name": "x", "Value": "secret", "Type": "SecureString", "Tier": "Advanced", "KeyId": key});
    client.ok("PutParameter", secret).await;
    share(&client, "x", OTHER, &["ssm:GetParameter"]).await;
    let reader = client.cloud.user_with_policy(OTHER, "reader", READ).await;
    let decrypted = json!({"Name": arn("x"), "WithDecryption": true});
    let message = denied(&client, &reader, "GetParameter", decrypted.clone()).await;
    assert!(message.contains("Error Code: AccessDeniedException"), "{message}");
    let sealed = client.ok_as(&reader, "GetParameter", json!({"Name": arn("x")})).await;
    assert_ne!(sealed["Parameter"]["Value"], "secret");
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{ACCOUNT}:root")}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{OTHER}:root")}, "Action": "kms:Decrypt", "Resource": "*",
         "Condition": {"StringEquals": {"kms:ViaService": "ssm.us-east-1.amazonaws.com",
                                        "kms:EncryptionContext:PARAMETER_ARN": arn("x")}}}]});
    client.kms("PutKeyPolicy", json!({"KeyId": key, "Policy": policy.to_string()})).await;
    let opened = client.ok_as(&reader, "GetParameter", decrypted.clone()).await;
    assert_eq!(opened["Parameter"]["Value"], "secret");
    // Under AWS's own key nobody else can read it any more.
    let own = json!({"Name": "x", "Value": "own", "Overwrite": true, "KeyId": "alias/aws/ssm"});
    client.ok("PutParameter", own).await;
    denied(&client, &reader, "GetParameter", decrypted).await;
}

#[tokio::test]
async fn sharing_ends_with_the_policy_and_with_the_parameter() {
    let client = Client::new(74);
    let actions = ["ssm:GetParameter", "ssm:DescribeParameters"];
    let reader = client.cloud.user_with_policy(OTHER, "reader", READ).await;
    let entries = || async { client.cloud.store().names("ssm.shared").await.len() };
    put(&client, "x").await;
    share(&client, "x", OTHER, &actions).await;
    assert_eq!(entries().await, 1);
    client.ok_as(&reader, "GetParameter", json!({"Name": arn("x")})).await;
    let policies = client.ok("GetResourcePolicies", json!({"ResourceArn": arn("x")})).await;
    let mut delete = policies["Policies"][0].clone();
    delete.as_object_mut().unwrap().remove("Policy");
    delete["ResourceArn"] = json!(arn("x"));
    client.ok("DeleteResourcePolicy", delete).await;
    assert_eq!(entries().await, 0);
    denied(&client, &reader, "GetParameter", json!({"Name": arn("x")})).await;
    share(&client, "x", OTHER, &actions).await;
    client.ok("DeleteParameter", json!({"Name": "x"})).await;
    assert_eq!(entries().await, 0);
    put(&client, "x").await;
    denied(&client, &reader, "GetParameter", json!({"Name": arn("x")})).await;
}

#[tokio::test]
async fn only_whole_accounts_find_what_is_shared_in_lists() {
    let client = Client::new(75);
    client.cloud.user(OTHER, "reader").await;
    for (name, principal, actions) in [
        ("account", OTHER, ["ssm:GetParameter", "ssm:DescribeParameters"]),
        ("read", OTHER, ["ssm:GetParameter", "ssm:GetParameters"]),
        ("user", "arn:aws:iam::444455556666:user/reader", ["ssm:GetParameter", "ssm:DescribeParameters"]),
        ("own", ACCOUNT, ["ssm:GetParameter", "ssm:DescribeParameters"]),
    ] {
        put(&client, name).await;
        share(&client, name, principal, &actions).await;
    }
    assert_eq!(client.cloud.store().names("ssm.shared").await.len(), 1);
}

#[tokio::test]
async fn what_is_in_another_region_is_not_here() {
    let client = Client::new(76);
    put(&client, "x").await;
    let there = client.root.at("eu-west-1");
    let refused = client.refused_as(&there, "GetParameter", json!({"Name": arn("x")})).await;
    assert_eq!(refused.0, "ParameterNotFound");
    assert_eq!(client.read(&arn("x")).await["Value"], "1");
}

#[tokio::test]
async fn every_operation_that_reads_by_name_reads_by_arn_if_the_policy_says_so() {
    let client = Client::new(77);
    for name in ["/a/b", "/a/c"] {
        put(&client, name).await;
    }
    client.ok("PutParameter", json!({"Name": "/a/b", "Value": "2", "Overwrite": true})).await;
    share(&client, "a/b", OTHER, &["ssm:GetParameters", "ssm:GetParameterHistory"]).await;
    let reader = client.cloud.user_with_policy(OTHER, "reader", READ).await;
    let some = client.ok_as(&reader, "GetParameters", json!({"Names": [arn("a/b"), "own"]})).await;
    assert_eq!(some["Parameters"][0]["Value"], "2");
    assert_eq!(some["InvalidParameters"], json!(["own"]));
    let history = client.ok_as(&reader, "GetParameterHistory", json!({"Name": arn("a/b")})).await;
    assert_eq!(history["Parameters"].as_array().unwrap().len(), 2);
    denied(&client, &reader, "GetParameter", json!({"Name": arn("a/b")})).await;
    // One that may not be read keeps all from being read, whether it is there or not.
    for name in ["a/c", "absent"] {
        denied(&client, &reader, "GetParameters", json!({"Names": [arn("a/b"), arn(name)]})).await;
        denied(&client, &reader, "GetParameterHistory", json!({"Name": arn(name)})).await;
    }
}

#[tokio::test]
async fn a_path_is_one_of_the_caller_s_own_account() {
    let client = Client::new(78);
    put(&client, "/a/b").await;
    share(&client, "a/b", OTHER, &["ssm:GetParameter", "ssm:GetParameters"]).await;
    let reader = client.cloud.user_with_policy(OTHER, "reader", READ).await;
    let answer = client.ok_as(&reader, "GetParametersByPath", json!({"Path": "/a"})).await;
    assert_eq!(answer["Parameters"], json!([]));
    let (code, _) = client.refused_as(&reader, "GetParametersByPath", json!({"Path": arn("a")})).await;
    assert_eq!(code, "ValidationException");
}
