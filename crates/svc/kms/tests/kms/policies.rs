//! Key policies decide.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, base64};

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

/// The operations that take a key policy, each with an input that lacks it.
async fn takers(kms: &Client<'_>) -> Vec<(&'static str, Json)> {
    let key_id = kms.new_key().await;
    let made = kms.ok("CreateKey", json!({"MultiRegion": true})).await;
    let primary = made["KeyMetadata"]["KeyId"].clone();
    vec![
        ("CreateKey", json!({})),
        ("PutKeyPolicy", json!({"KeyId": key_id})),
        ("ReplicateKey", json!({"KeyId": primary, "ReplicaRegion": "eu-west-1"})),
    ]
}

#[tokio::test]
async fn a_policy_names_only_those_who_exist() {
    let cloud = TestCloud::new(87);
    let (root, other) = (cloud.root(ACCOUNT), cloud.user(OTHER_ACCOUNT, "bob").await);
    let user = cloud.user(ACCOUNT, "ann").await;
    let kms = Client::new(&cloud, &root);
    let unknown = (
        "MalformedPolicyDocumentException",
        "Policy contains a statement with one or more invalid principals.",
    );
    let bad_arn = ("InvalidArnException", "An ARN in the specified key policy is invalid.");
    let cases = [
        (json!({"AWS": format!("arn:aws:iam::{ACCOUNT}:user/nobody")}), Some(unknown)),
        (json!({"AWS": [user.arn(), format!("arn:aws:iam::{ACCOUNT}:role/nobody")]}), Some(unknown)),
        (json!({"AWS": format!("arn:aws:iam::{OTHER_ACCOUNT}:user/nobody")}), Some(unknown)),
        (json!({"AWS": "AIDAIOSFODNN7EXAMPLE"}), Some(unknown)),
        (json!({"Service": "nobody.example.com"}), Some(unknown)),
        (json!({"AWS": format!("arn:aws:iam::{ACCOUNT}:group/admins")}), Some(bad_arn)),
        (json!({"AWS": format!("arn:aws:iam::{ACCOUNT}")}), Some(bad_arn)),
        (json!({"AWS": "arn:aws:s3:::bucket"}), Some(bad_arn)),
        (json!({"AWS": user.arn()}), None),
        (json!({"AWS": other.arn()}), None),
        (json!({"AWS": OTHER_ACCOUNT}), None),
        (json!({"AWS": "*"}), None),
        (json!("*"), None),
        (json!({"Service": "s3.amazonaws.com"}), None),
    ];
    for (operation, mut input) in takers(&kms).await {
        for (principal, expected) in &cases {
            let statement = json!({
                "Effect": "Allow", "Principal": principal, "Action": "kms:Encrypt", "Resource": "*",
            });
            input["Policy"] = json!(with_statement(statement).to_string());
            let answer = kms.call(operation, input.clone()).await;
            let told = answer.as_ref().err().map(|error| (error.code.as_str(), error.message.as_str()));
            assert_eq!(told, *expected, "{operation}: {principal}");
            if operation == "ReplicateKey" && told.is_none() {
                // A Region takes one replica.
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_condition_that_lets_through_what_it_seems_to_forbid_is_refused() {
    let cloud = TestCloud::new(88);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for (operation, mut input) in takers(&kms).await {
        for (key, what) in [
            ("kms:EncryptionContext:Team", Some("encryption context")),
            ("KMS:encryptioncontext:Team", Some("encryption context")),
            ("aws:RequestTag/Team", Some("tag")),
            ("kms:EncryptionContextKeys", None),
        ] {
            let statement = json!({
                "Effect": "Allow", "Principal": "*", "Action": "kms:Encrypt", "Resource": "*",
                "Condition": {"ForAllValues:StringEquals": {key: "red"}},
            });
            input["Policy"] = json!(with_statement(statement).to_string());
            let Some(what) = what else {
                kms.ok(operation, input.clone()).await;
                continue;
            };
            let said = kms.refused(operation, input.clone(), "MalformedPolicyDocumentException").await;
            let wanted = format!(
                "OverlyPermissiveCondition: Using the ForAllValues set operator with a single-valued condition key \
                 matches requests without the specified {what} or with an unspecified {what}. \
                 To fix, remove ForAllValues."
            );
            assert_eq!(said, wanted);
        }
    }
}

#[tokio::test]
async fn a_policy_is_kept_byte_for_byte() {
    let cloud = TestCloud::new(89);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    // Odd spacing and order, escapes that need not be, and the last characters that a policy may have.
    let text = format!(
        "\t{{ \"Statement\":\r\n[{{\"Resource\":\"*\" ,\"Sid\":\"\u{df}\u{e9}\u{ff} \\u00e9 \\/\",   \"Action\":[ \"kms:*\" ],\n\
         \"Principal\":{{\"AWS\":\"{ACCOUNT}\"}},\"Effect\":\"Allow\"}}],\"Id\":\"\u{a1}\", \"Version\":\"2012-10-17\"}}  "
    );
    for (operation, mut input) in takers(&kms).await {
        input["Policy"] = json!(text);
        let made = kms.ok(operation, input.clone()).await;
        let caller = if operation == "ReplicateKey" { root.at("eu-west-1") } else { root.clone() };
        let key_id = if operation == "CreateKey" { &made["KeyMetadata"]["KeyId"] } else { &input["KeyId"] };
        for cloud in [&cloud, &cloud.another_node()] {
            let told = Client::new(cloud, &caller).ok("GetKeyPolicy", json!({"KeyId": key_id})).await;
            assert_eq!(told["Policy"], json!(text), "{operation}");
        }
    }
}

#[tokio::test]
async fn leaving_out_the_lockout_check_can_be_forbidden() {
    let cloud = TestCloud::new(90);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    // AWS's own example: the condition key is there only where the request says something of it.
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": root_arn()}, "NotAction": "kms:PutKeyPolicy", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": root_arn()}, "Action": "kms:PutKeyPolicy", "Resource": "*",
         "Condition": {"Null": {"kms:BypassPolicyLockoutSafetyCheck": "true"}}},
    ]});
    let key_id = kms.new_key_with_policy(&policy).await;
    let mut input = json!({"KeyId": key_id, "Policy": policy.to_string()});
    kms.ok("PutKeyPolicy", input.clone()).await;
    input["BypassPolicyLockoutSafetyCheck"] = json!(true);
    kms.refused("PutKeyPolicy", input, "AccessDeniedException").await;
}
