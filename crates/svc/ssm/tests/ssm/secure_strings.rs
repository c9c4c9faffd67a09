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
    assert!(message.contains(" is disabled. (Service: AWSKMS; Status Code: 400; Error Code: DisabledException;"), "{message}");
    client.read("x").await;
}
