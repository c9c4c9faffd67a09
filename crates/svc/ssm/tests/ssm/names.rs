//! Parameters by their names.

use serde_json::json;

use crate::client::{ACCOUNT, Client};

#[tokio::test]
async fn a_parameter_is_read_back() {
    let client = Client::new(1);
    let put = json!({"Name": "/app/one", "Value": "1", "Type": "String", "Description": "d"});
    assert_eq!(client.ok("PutParameter", put).await, json!({"Version": 1, "Tier": "Standard"}));
    let read = client.read("/app/one").await;
    let date = read["LastModifiedDate"].clone();
    let arn = format!("arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/app/one");
    let parameter = json!({
        "ARN": arn, "DataType": "text", "LastModifiedDate": date, "Name": "/app/one", "Type": "String", "Value": "1",
        "Version": 1});
    assert_eq!(read, parameter);
    assert_eq!(client.read(&arn).await, parameter);
}

#[tokio::test]
async fn a_name_at_the_top_is_one_with_and_without_a_slash() {
    let client = Client::new(2);
    client.put("top", "1").await;
    assert_eq!(client.read("/top").await["Name"], "/top");
    let again = json!({"Name": "/top", "Value": "2", "Type": "String"});
    assert_eq!(client.refused("PutParameter", again).await.0, "ParameterAlreadyExists");
}

#[tokio::test]
async fn what_is_not_there_is_not_found_without_a_word() {
    let client = Client::new(3);
    let nothing = ("ParameterNotFound".to_owned(), String::new());
    assert_eq!(client.refused("GetParameter", json!({"Name": "x"})).await, nothing);
    assert_eq!(client.refused("DeleteParameter", json!({"Name": "x"})).await, nothing);
    client.put("x", "1").await;
    client.ok("DeleteParameter", json!({"Name": "x"})).await;
    assert_eq!(client.refused("GetParameter", json!({"Name": "x"})).await, nothing);
    client.put("x", "2").await;
    assert_eq!(client.read("x").await["Version"], 1);
}
