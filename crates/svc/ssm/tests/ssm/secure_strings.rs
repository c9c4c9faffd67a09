//! Secure strings.

use serde_json::json;

use crate::client::{ACCOUNT, Client};

#[tokio::test]
async fn a_secure_string_is_decrypted_if_asked_for() {
    let client = Client::new(30);
    client.ok("PutParameter", json!({"Name": "/a/b", "Value": "secret", "Type": "SecureString"})).await;
    let sealed = client.read("/a/b").await["Value"].take();
    let opened = client.ok("GetParameter", json!({"Name": "/a/b", "WithDecryption": true})).await;
    assert_eq!(opened["Parameter"]["Value"], "secret");
    let arn = format!("arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/a/b");
    let decrypt = json!({"CiphertextBlob": sealed, "EncryptionContext": {"PARAMETER_ARN": arn}});
    assert!(client.cloud.ask(&client.root, "kms", "Decrypt", &decrypt).await.is_err());
}

#[tokio::test]
async fn a_disabled_key_gives_no_value() {
    let client = Client::new(31);
    let key = client.kms("CreateKey", json!({})).await["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
    let put = json!({"Name": "x", "Value": "secret", "Type": "SecureString", "KeyId": key});
    client.ok("PutParameter", put).await;
    client.kms("DisableKey", json!({"KeyId": key})).await;
    let (code, message) = client.refused("GetParameter", json!({"Name": "x", "WithDecryption": true})).await;
    assert_eq!(code, "InvalidKeyId");
    assert!(
        message.contains(" is disabled. (Service: AWSKMS; Status Code: 400; Error Code: DisabledException;"),
        "{message}"
    );
    client.read("x").await;
}

#[tokio::test]
async fn an_advanced_secure_string_is_a_message_of_the_encryption_sdk() {
    let client = Client::new(32);
    let key = client.kms("CreateKey", json!({})).await["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
    for (name, value) in [("/a/short", "s".to_owned()), ("/a/long", "é".repeat(4096))] {
        let put = json!({
            "Name": name, "Value": value, "Type": "SecureString", "Tier": "Advanced", "KeyId": key});
        client.ok("PutParameter", put).await;
        let read = client.ok("GetParameter", json!({"Name": name, "WithDecryption": true})).await;
        assert_eq!(read["Parameter"]["Value"], value);
        let sealed = client.read(name).await["Value"].take();
        // Message version 2, and the suite that commits to its key.
        assert!(sealed.as_str().unwrap().starts_with("AgR4"), "{sealed}");
    }
    client.kms("ScheduleKeyDeletion", json!({"KeyId": key})).await;
    let (code, message) =
        client.refused("GetParameter", json!({"Name": "/a/long", "WithDecryption": true})).await;
    assert_eq!(code, "InvalidKeyId");
    assert!(message.contains("is pending deletion. (Service: AWSKMS;"), "{message}");
}

#[tokio::test]
async fn the_caller_needs_kms_beside_parameter_store() {
    let client = Client::new(33);
    let key = client.kms("CreateKey", json!({})).await["KeyMetadata"]["Arn"].as_str().unwrap().to_owned();
    for tier in ["Standard", "Advanced"] {
        let put =
            json!({"Name": tier, "Value": "secret", "Type": "SecureString", "Tier": tier, "KeyId": key});
        client.ok("PutParameter", put).await;
    }
    let reads = r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*"}]}"#;
    let reader = client.cloud.user_with_policy(ACCOUNT, "reader", reads).await;
    let decrypts = format!(
        r#"{{"Version": "2012-10-17", "Statement": [
        {{"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*"}},
        {{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "{key}", "Condition": {{"StringEquals": {{
            "kms:ViaService": "ssm.us-east-1.amazonaws.com",
            "kms:EncryptionContext:PARAMETER_ARN": "arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/Advanced"}}}}}}]}}"#
    );
    let decrypter = client.cloud.user_with_policy(ACCOUNT, "decrypter", &decrypts).await;
    for tier in ["Standard", "Advanced"] {
        client.ok_as(&reader, "GetParameter", json!({"Name": tier})).await;
        let decrypted = json!({"Name": tier, "WithDecryption": true});
        let (code, message) = client.refused_as(&reader, "GetParameter", decrypted).await;
        assert_eq!(code, "AccessDeniedException");
        assert!(
            message.contains("is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:"),
            "{message}"
        );
        assert!(
            message.contains(" (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException;"),
            "{message}"
        );
    }
    client.ok_as(&decrypter, "GetParameter", json!({"Name": "Advanced", "WithDecryption": true})).await;
    let other = json!({"Name": "Standard", "WithDecryption": true});
    assert_eq!(client.refused_as(&decrypter, "GetParameter", other).await.0, "AccessDeniedException");
}

#[tokio::test]
async fn a_key_that_is_not_there_is_an_invalid_key() {
    let client = Client::new(34);
    for key in ["alias/none", "00000000-0000-0000-0000-000000000000"] {
        let put = json!({"Name": "x", "Value": "secret", "Type": "SecureString", "KeyId": key});
        let (code, message) = client.refused("PutParameter", put).await;
        assert_eq!(code, "InvalidKeyId");
        assert!(message.contains("Error Code: NotFoundException"), "{message}");
    }
    let put = json!({"Name": "x", "Value": "plain", "Type": "String", "KeyId": "alias/none"});
    assert_eq!(client.refused("PutParameter", put).await.0, "ValidationException");
    assert_eq!(client.refused("GetParameter", json!({"Name": "x"})).await.0, "ParameterNotFound");
}

#[tokio::test]
async fn a_refused_value_that_is_to_be_secret_is_told_nowhere() {
    let client = Client::new(35);
    let put = |kind: &str| json!({"Name": "x", "Value": "a{{canary}}", "Type": kind});
    let rest = "failed to satisfy constraint: Parameter value can't nest another parameter. Do not use \"{{}}\" in the value.";
    let (_, message) = client.refused("PutParameter", put("String")).await;
    assert_eq!(message, format!("Parameter value: 'a{{{{canary}}}}' {rest}"));
    let (_, message) = client.refused("PutParameter", put("SecureString")).await;
    assert_eq!(message, format!("Parameter value {rest}"));
    assert!(!client.cloud.last_record().to_string().contains("canary"));
    client.ok("PutParameter", json!({"Name": "x", "Value": "secret", "Type": "SecureString"})).await;
    let over = json!({"Name": "x", "Value": "a{{canary}}", "Overwrite": true});
    assert_eq!(client.refused("PutParameter", over).await.1, format!("Parameter value {rest}"));
}
