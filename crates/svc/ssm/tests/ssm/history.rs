//! The history of a parameter.

use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

async fn history(client: &Client, input: Json) -> Vec<Json> {
    client.ok("GetParameterHistory", input).await["Parameters"].as_array().unwrap().clone()
}

#[tokio::test]
async fn each_version_is_told_as_it_was() {
    let client = Client::new(50);
    let first = json!({
        "Name": "/app/x", "Value": "secret", "Type": "SecureString", "Description": "d", "AllowedPattern": "[a-z0-9]+"});
    client.ok("PutParameter", first).await;
    client
        .ok("PutParameter", json!({"Name": "/app/x", "Value": "2", "Type": "String", "Overwrite": true}))
        .await;
    let mut told = history(&client, json!({"Name": "/app/x", "WithDecryption": true})).await;
    for version in &mut told {
        assert!(version["LastModifiedDate"].take().is_number());
    }
    let user = format!("arn:aws:iam::{ACCOUNT}:root");
    let common = |version: u64, kind: &str, value: &str| {
        json!({
            "AllowedPattern": "[a-z0-9]+", "DataType": "text", "Description": "d", "Labels": [], "LastModifiedDate": null,
            "LastModifiedUser": user, "Name": "/app/x", "Policies": [], "Tier": "Standard", "Type": kind,
            "Value": value, "Version": version})
    };
    let mut secure = common(1, "SecureString", "secret");
    secure["KeyId"] = json!("alias/aws/ssm");
    assert_eq!(told, [secure, common(2, "String", "2")]);
    let sealed = history(&client, json!({"Name": "/app/x"})).await;
    assert_ne!(sealed[0]["Value"], "secret");
}

#[tokio::test]
async fn it_comes_in_pages_from_the_oldest_on() {
    let client = Client::new(51);
    for n in 1..=103 {
        client.overwrite("x", &n.to_string()).await;
    }
    let numbers = |answer: &Json| -> Vec<i64> {
        answer["Parameters"].as_array().unwrap().iter().map(|it| it["Version"].as_i64().unwrap()).collect()
    };
    let first = client.ok("GetParameterHistory", json!({"Name": "x"})).await;
    assert_eq!(numbers(&first), (4..=53).collect::<Vec<_>>());
    client.overwrite("x", "104").await;
    let next = json!({"Name": "x", "NextToken": first["NextToken"], "MaxResults": 49});
    let second = client.ok("GetParameterHistory", next).await;
    assert_eq!(numbers(&second), (54..=102).collect::<Vec<_>>());
    let next = json!({"Name": "x", "NextToken": second["NextToken"], "MaxResults": 2});
    let last = client.ok("GetParameterHistory", next).await;
    assert_eq!((numbers(&last), &last["NextToken"]), (vec![103, 104], &Json::Null));
}

#[tokio::test]
async fn its_tokens_are_no_other_list_s() {
    let client = Client::new(52);
    for name in ["x", "y"] {
        client.overwrite(name, "1").await;
        client.overwrite(name, "2").await;
    }
    let first = client.ok("GetParameterHistory", json!({"Name": "x", "MaxResults": 1})).await;
    let token = first["NextToken"].as_str().unwrap().to_owned();
    client.ok("GetParameterHistory", json!({"Name": "/x", "NextToken": token})).await;
    let refused =
        |token: &str| ("InvalidNextToken".to_owned(), format!("The following token is invalid: {token}."));
    for (name, token) in [("x", "nonsense"), ("y", &token), ("x", &token.replace('3', "4"))] {
        let input = json!({"Name": name, "NextToken": token});
        assert_eq!(client.refused("GetParameterHistory", input).await, refused(token), "{name}");
    }
    client.ok("DeleteParameter", json!({"Name": "x"})).await;
    client.put("x", "3").await;
    assert_eq!(
        client.refused("GetParameterHistory", json!({"Name": "x", "NextToken": token})).await,
        refused(&token)
    );
}

#[tokio::test]
async fn there_is_none_of_what_is_not_there() {
    let client = Client::new(53);
    let nothing = ("ParameterNotFound".to_owned(), String::new());
    assert_eq!(client.refused("GetParameterHistory", json!({"Name": "x"})).await, nothing);
    client.put("x", "1").await;
    for input in [json!({"Name": "x:1"}), json!({"Name": "a/b"}), json!({"Name": "x", "MaxResults": 51})] {
        assert_eq!(client.refused("GetParameterHistory", input).await.0, "ValidationException");
    }
    let arn = format!("arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/x");
    assert_eq!(history(&client, json!({"Name": arn})).await[0]["Name"], "x");
}

#[tokio::test]
async fn a_key_that_decrypts_no_more_fails_the_call() {
    let client = Client::new(54);
    let key = client.kms("CreateKey", json!({})).await["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
    client.ok("PutParameter", json!({"Name": "x", "Value": "s", "Type": "SecureString", "KeyId": key})).await;
    client
        .ok("PutParameter", json!({"Name": "x", "Value": "plain", "Type": "String", "Overwrite": true}))
        .await;
    client.kms("DisableKey", json!({"KeyId": key})).await;
    let opened = json!({"Name": "x", "WithDecryption": true});
    assert_eq!(client.refused("GetParameterHistory", opened).await.0, "InvalidKeyId");
    assert_eq!(history(&client, json!({"Name": "x"})).await.len(), 2);
}
