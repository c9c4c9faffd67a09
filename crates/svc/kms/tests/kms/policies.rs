//! Key policies decide.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, base64};

fn root_arn() -> String {
    format!("arn:aws:iam::{ACCOUNT}:root")
}

/// The account may do everything, and the statement holds too.
fn with_statement(statement: Json) -> Json {
    let account =
        json!({"Effect": "Allow", "Principal": {"AWS": root_arn()}, "Action": "kms:*", "Resource": "*"});
    json!({"Version": "2012-10-17", "Statement": [account, statement]})
}

#[tokio::test]
async fn the_default_policy_lets_the_account_decide() {
    let cloud = TestCloud::new(80);
    let (root, user) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "nobody").await);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let told = kms.ok("GetKeyPolicy", json!({"KeyId": key_id})).await;
    assert_eq!(told["PolicyName"], json!("default"));
    let policy: Json = serde_json::from_str(told["Policy"].as_str().unwrap()).unwrap();
    assert_eq!(policy["Statement"][0]["Principal"]["AWS"], json!(root_arn()));
    let input = json!({"KeyId": key_id, "Plaintext": base64("x")});
    kms.ok("Encrypt", input.clone()).await;
    let message = Client::new(&cloud, &user).refused("Encrypt", input, "AccessDeniedException").await;
    assert_eq!(
        message,
        format!(
            "User: {} is not authorized to perform: kms:Encrypt on resource: {} because no identity-based policy \
             allows the kms:Encrypt action",
            user.arn(),
            kms.arn(&key_id)
        )
    );
    assert_eq!(kms.ok("ListKeyPolicies", json!({"KeyId": key_id})).await["PolicyNames"], json!(["default"]));
}

#[tokio::test]
async fn a_policy_may_let_a_user_do_one_thing_and_takes_effect_at_once_on_every_node() {
    let cloud = TestCloud::new(81);
    let (root, user) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "crypto").await);
    let other = cloud.another_node();
    let (kms, users) = (Client::new(&cloud, &root), Client::new(&other, &user));
    let key_id = kms.new_key().await;
    let encrypt = json!({"KeyId": key_id, "Plaintext": base64("x")});
    users.refused("Encrypt", encrypt.clone(), "AccessDeniedException").await;
    let statement = json!({
        "Effect": "Allow", "Principal": {"AWS": user.arn()}, "Action": "kms:Encrypt", "Resource": "*",
    });
    let policy = with_statement(statement).to_string();
    kms.ok("PutKeyPolicy", json!({"KeyId": key_id, "PolicyName": "default", "Policy": policy})).await;
    assert_eq!(kms.ok("GetKeyPolicy", json!({"KeyId": key_id})).await["Policy"], json!(policy));
    let blob = users.ok("Encrypt", encrypt.clone()).await["CiphertextBlob"].clone();
    users.refused("Decrypt", json!({"CiphertextBlob": blob}), "AccessDeniedException").await;
    users.refused("DescribeKey", json!({"KeyId": key_id}), "AccessDeniedException").await;
    let denied = json!({"Effect": "Deny", "Principal": "*", "Action": "kms:Encrypt", "Resource": "*"});
    let policy = with_statement(denied).to_string();
    kms.ok("PutKeyPolicy", json!({"KeyId": key_id, "Policy": policy})).await;
    users.refused("Encrypt", encrypt.clone(), "AccessDeniedException").await;
    let message = kms.refused("Encrypt", encrypt, "AccessDeniedException").await;
    assert!(message.ends_with("with an explicit deny in a resource-based policy"), "{message}");
}

#[tokio::test]
async fn a_policy_that_names_no_account_shuts_out_its_root_user() {
    let cloud = TestCloud::new(82);
    let (root, user) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "owner").await);
    let kms = Client::new(&cloud, &root);
    let policy = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": {"AWS": user.arn()}, "Action": "kms:*", "Resource": "*",
    }});
    let key_id = kms.new_key_with_policy(&policy).await;
    kms.refused("DescribeKey", json!({"KeyId": key_id}), "AccessDeniedException").await;
    Client::new(&cloud, &user).ok("DescribeKey", json!({"KeyId": key_id})).await;
}

#[tokio::test]
async fn a_policy_that_locks_its_author_out_is_refused() {
    let cloud = TestCloud::new(83);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let policy = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": {"AWS": root_arn()}, "Action": "kms:Encrypt", "Resource": "*",
    }})
    .to_string();
    let lockout = "The new key policy will not allow you to update the key policy in the future.";
    for (operation, mut input) in [
        ("PutKeyPolicy", json!({"KeyId": key_id, "Policy": policy})),
        ("CreateKey", json!({"Policy": policy})),
    ] {
        assert_eq!(kms.refused(operation, input.clone(), "MalformedPolicyDocumentException").await, lockout);
        input["BypassPolicyLockoutSafetyCheck"] = json!(true);
        kms.ok(operation, input).await;
    }
}

#[tokio::test]
async fn what_is_no_policy_is_refused() {
    let cloud = TestCloud::new(84);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    for text in [
        "x",
        "{}",
        r#"{"Version":"2012-10-17"}"#,
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Maybe"}}"#,
    ] {
        kms.refused("CreateKey", json!({"Policy": text}), "MalformedPolicyDocumentException").await;
        let input = json!({"KeyId": key_id, "Policy": text});
        kms.refused("PutKeyPolicy", input, "MalformedPolicyDocumentException").await;
    }
    let long = json!({"KeyId": key_id, "Policy": " ".repeat(32 * 1024 + 1)});
    kms.refused("PutKeyPolicy", long, "LimitExceededException").await;
    let named = json!({"KeyId": key_id, "PolicyName": "other"});
    kms.refused("GetKeyPolicy", named, "NotFoundException").await;
}

#[tokio::test]
async fn conditions_on_the_encryption_context_decide() {
    let cloud = TestCloud::new(85);
    let (root, user) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "crypto").await);
    let (kms, users) = (Client::new(&cloud, &root), Client::new(&cloud, &user));
    let policy = with_statement(json!({
        "Effect": "Allow", "Principal": {"AWS": user.arn()}, "Action": "kms:*", "Resource": "*",
        "Condition": {
            "StringEquals": {"kms:EncryptionContext:Team": "red"},
            "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["Team", "Purpose"]},
        },
    }));
    let key_id = kms.new_key_with_policy(&policy).await;
    let blob = users.encrypt(&key_id, "x", json!({"Team": "red"})).await;
    users.ok("Decrypt", json!({"CiphertextBlob": blob, "EncryptionContext": {"Team": "red"}})).await;
    for context in
        [json!({}), json!({"Team": "blue"}), json!({"team": "Red"}), json!({"Team": "red", "Other": "x"})]
    {
        let input = json!({"KeyId": key_id, "Plaintext": base64("x"), "EncryptionContext": context});
        users.refused("Encrypt", input, "AccessDeniedException").await;
        let input = json!({"CiphertextBlob": blob, "EncryptionContext": context});
        users.refused("Decrypt", input, "AccessDeniedException").await;
        let input = json!({"KeyId": key_id, "KeySpec": "AES_256", "EncryptionContext": context});
        users.refused("GenerateDataKey", input, "AccessDeniedException").await;
    }
    let moved = json!({
        "CiphertextBlob": blob, "SourceEncryptionContext": {"Team": "red"}, "DestinationKeyId": key_id,
        "DestinationEncryptionContext": {"Team": "blue"},
    });
    let message = users.refused("ReEncrypt", moved, "AccessDeniedException").await;
    assert!(message.contains("kms:ReEncryptTo"), "{message}");
}

#[tokio::test]
async fn conditions_on_the_alias_and_the_tags_decide() {
    let cloud = TestCloud::new(86);
    let (root, user) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "crypto").await);
    let (kms, users) = (Client::new(&cloud, &root), Client::new(&cloud, &user));
    let allow = |condition: Json| {
        with_statement(json!({
            "Effect": "Allow", "Principal": {"AWS": user.arn()}, "Action": "kms:DescribeKey", "Resource": "*",
            "Condition": condition,
        }))
    };
    let by_alias =
        kms.new_key_with_policy(&allow(json!({"StringLike": {"kms:RequestAlias": "alias/red/*"}}))).await;
    for alias in ["alias/red/a", "alias/blue/a"] {
        kms.ok("CreateAlias", json!({"AliasName": alias, "TargetKeyId": by_alias})).await;
    }
    users.ok("DescribeKey", json!({"KeyId": "alias/red/a"})).await;
    users.refused("DescribeKey", json!({"KeyId": "alias/blue/a"}), "AccessDeniedException").await;
    users.refused("DescribeKey", json!({"KeyId": by_alias}), "AccessDeniedException").await;

    let by_tag =
        kms.new_key_with_policy(&allow(json!({"StringEquals": {"aws:ResourceTag/Team": "red"}}))).await;
    users.refused("DescribeKey", json!({"KeyId": by_tag}), "AccessDeniedException").await;
    kms.ok("TagResource", json!({"KeyId": by_tag, "Tags": [{"TagKey": "Team", "TagValue": "red"}]})).await;
    users.ok("DescribeKey", json!({"KeyId": by_tag})).await;
}
