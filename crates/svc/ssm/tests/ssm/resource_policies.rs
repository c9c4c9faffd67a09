//! Resource policies.

use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

const OTHER: &str = "444455556666";

fn arn(name: &str) -> String {
    format!("arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/{name}")
}

fn policy(name: &str, change: impl FnOnce(&mut Json)) -> String {
    let mut statement = json!({
        "Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": ["ssm:GetParameter", "ssm:GetParameters"],
        "Resource": arn(name)});
    change(&mut statement);
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

async fn client(seed: u64) -> Client {
    let client = Client::new(seed);
    let put = |name: &str, tier: &str| json!({"Name": name, "Value": "1", "Type": "String", "Tier": tier});
    client.ok("PutParameter", put("x", "Advanced")).await;
    client.ok("PutParameter", put("plain", "Standard")).await;
    client
}

async fn policies(client: &Client) -> Json {
    client.ok("GetResourcePolicies", json!({"ResourceArn": arn("x")})).await["Policies"].take()
}

#[tokio::test]
async fn a_policy_is_put_changed_and_deleted_by_its_id_and_hash() {
    let client = client(60).await;
    assert_eq!(policies(&client).await, json!([]));
    let text = policy("x", |_| {});
    let put = json!({"ResourceArn": arn("x"), "Policy": text});
    let first = client.ok("PutResourcePolicy", put.clone()).await;
    assert_eq!(
        policies(&client).await,
        json!([{
        "PolicyId": first["PolicyId"], "PolicyHash": first["PolicyHash"], "Policy": text}])
    );
    assert_eq!(client.refused("PutResourcePolicy", put).await.0, "ResourcePolicyLimitExceededException");
    let text = policy("x", |statement| statement["Sid"] = json!("second"));
    let change = |id: &Json, hash: &Json| json!({"ResourceArn": arn("x"), "Policy": text, "PolicyId": id, "PolicyHash": hash});
    let second = client.ok("PutResourcePolicy", change(&first["PolicyId"], &first["PolicyHash"])).await;
    assert_eq!(second["PolicyId"], first["PolicyId"]);
    assert_ne!(second["PolicyHash"], first["PolicyHash"]);
    for (id, hash, code) in [
        (&first["PolicyId"], &first["PolicyHash"], "ResourcePolicyConflictException"),
        (&json!("other"), &second["PolicyHash"], "ResourcePolicyNotFoundException"),
    ] {
        assert_eq!(client.refused("PutResourcePolicy", change(id, hash)).await.0, code);
        let delete = json!({"ResourceArn": arn("x"), "PolicyId": id, "PolicyHash": hash});
        assert_eq!(client.refused("DeleteResourcePolicy", delete).await.0, code);
    }
    let half = json!({"ResourceArn": arn("x"), "Policy": text, "PolicyId": first["PolicyId"]});
    assert_eq!(client.refused("PutResourcePolicy", half).await.0, "ResourcePolicyInvalidParameterException");
    client.ok("PutParameter", json!({"Name": "x", "Value": "2", "Overwrite": true})).await;
    assert_eq!(policies(&client).await[0]["Policy"], text);
    let delete = json!({
        "ResourceArn": arn("x"), "PolicyId": second["PolicyId"], "PolicyHash": second["PolicyHash"]});
    assert_eq!(client.ok("DeleteResourcePolicy", delete.clone()).await, json!({}));
    assert_eq!(policies(&client).await, json!([]));
    assert_eq!(client.refused("DeleteResourcePolicy", delete).await.0, "ResourcePolicyNotFoundException");
}

#[tokio::test]
async fn only_advanced_parameters_have_policies() {
    let client = client(61).await;
    let input = json!({"ResourceArn": arn("plain"), "Policy": policy("plain", |_| {})});
    let (code, message) = client.refused("PutResourcePolicy", input).await;
    assert_eq!(code, "ResourcePolicyInvalidParameterException");
    assert!(message.contains("advanced-parameter tier"), "{message}");
    let absent = json!({"ResourceArn": arn("absent"), "Policy": policy("absent", |_| {})});
    let told = ("ResourceNotFoundException".to_owned(), format!("Parameter {} not found", arn("absent")));
    assert_eq!(client.refused("PutResourcePolicy", absent).await, told);
    assert_eq!(client.refused("GetResourcePolicies", json!({"ResourceArn": arn("absent")})).await, told);
    let document = arn("x").replace("parameter", "document");
    let (code, _) = client.refused("GetResourcePolicies", json!({"ResourceArn": document})).await;
    assert_eq!(code, "ResourcePolicyInvalidParameterException");
}

#[tokio::test]
async fn what_aws_s_own_key_encrypts_cannot_be_shared() {
    let client = client(62).await;
    let secret = |name: &str, key: Option<&str>| json!({"Name": name, "Value": "1", "Type": "SecureString", "Tier": "Advanced", "KeyId": key});
    client.ok("PutParameter", secret("own", None)).await;
    let input = json!({"ResourceArn": arn("own"), "Policy": policy("own", |_| {})});
    let (code, message) = client.refused("PutResourcePolicy", input).await;
    assert_eq!(code, "ResourcePolicyInvalidParameterException");
    assert!(message.contains("customer managed key"), "{message}");
    let key = client.kms("CreateKey", json!({})).await["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
    client.ok("PutParameter", secret("keyed", Some(&key))).await;
    let input = json!({"ResourceArn": arn("keyed"), "Policy": policy("keyed", |_| {})});
    client.ok("PutResourcePolicy", input).await;
}

#[tokio::test]
async fn a_policy_lets_certain_principals_read_and_nothing_else() {
    let client = client(63).await;
    client.cloud.user(OTHER, "ann").await;
    let member = json!({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}});
    let bad: Vec<fn(&mut Json)> = vec![
        |it| it["Effect"] = json!("Deny"),
        |it| it["Action"] = json!("ssm:*"),
        |it| it["Action"] = json!(["ssm:GetParameter", "ssm:PutParameter"]),
        |it| it["Action"] = json!("ssm:GetParametersByPath"),
        |it| it["Resource"] = json!("*"),
        |it| it["Resource"] = json!(arn("plain")),
        |it| it["Principal"] = json!("*"),
        |it| it["Principal"] = json!({"Service": "ec2.amazonaws.com"}),
        |it| it["Principal"] = json!({"AWS": format!("arn:aws:iam::{OTHER}:user/absent")}),
        |it| drop(it.as_object_mut().unwrap().remove("Principal")),
        |it| {
            it["Principal"] = json!("*");
            it["Condition"] = json!({"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}});
        },
        |it| {
            it["Principal"] = json!("*");
            it["Condition"] = json!({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}});
        },
        |it| {
            it["Principal"] = json!("*");
            it["Condition"] = json!({"StringLike": {"aws:PrincipalOrgID": "*"}});
        },
        |it| {
            it["Principal"] = json!("*");
            it["Condition"] = json!({"StringEquals": {"aws:PrincipalOrgID": "${aws:PrincipalOrgID}"}});
        },
    ];
    for (place, change) in bad.into_iter().enumerate() {
        let input = json!({"ResourceArn": arn("x"), "Policy": policy("x", change)});
        let (code, _) = client.refused("PutResourcePolicy", input).await;
        assert_eq!(code, "MalformedResourcePolicyDocumentException", "{place}");
    }
    for text in ["no policy", "{}", "[]"] {
        let input = json!({"ResourceArn": arn("x"), "Policy": text});
        let (code, _) = client.refused("PutResourcePolicy", input).await;
        assert_eq!(code, "MalformedResourcePolicyDocumentException", "{text}");
    }
    assert_eq!(policies(&client).await, json!([]));
    let good = policy("x", |it| {
        it["Principal"] = json!("*");
        it["Condition"] = member;
    });
    let put = client.ok("PutResourcePolicy", json!({"ResourceArn": arn("x"), "Policy": good})).await;
    let user = policy("x", |it| it["Principal"] = json!({"AWS": format!("arn:aws:iam::{OTHER}:user/ann")}));
    let input = json!({
        "ResourceArn": arn("x"), "Policy": user, "PolicyId": put["PolicyId"], "PolicyHash": put["PolicyHash"]});
    client.ok("PutResourcePolicy", input).await;
}

#[tokio::test]
async fn a_policy_has_a_thousand_bytes_at_most() {
    let client = client(64).await;
    let length = policy("x", |it| it["Sid"] = json!("")).len();
    let of = |bytes: usize| policy("x", |it| it["Sid"] = json!("a".repeat(bytes - length)));
    let input = json!({"ResourceArn": arn("x"), "Policy": of(1025)});
    assert_eq!(client.refused("PutResourcePolicy", input).await.0, "ResourcePolicyLimitExceededException");
    client.ok("PutResourcePolicy", json!({"ResourceArn": arn("x"), "Policy": of(1024)})).await;
}

#[tokio::test]
async fn only_the_owner_s_principals_put_and_read_policies() {
    let client = client(65).await;
    let other = client.cloud.root(OTHER);
    client.ok("PutResourcePolicy", json!({"ResourceArn": arn("x"), "Policy": policy("x", |_| {})})).await;
    for name in ["x", "plain", "absent"] {
        let get = json!({"ResourceArn": arn(name)});
        let (code, message) = client.refused_as(&other, "GetResourcePolicies", get).await;
        assert_eq!(code, "AccessDeniedException", "{message}");
        let put = json!({"ResourceArn": arn(name), "Policy": policy(name, |_| {})});
        assert_eq!(client.refused_as(&other, "PutResourcePolicy", put).await.0, "AccessDeniedException");
    }
}
