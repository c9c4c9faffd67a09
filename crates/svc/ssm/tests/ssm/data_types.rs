//! Data types.

use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::listener::Listener;

const INTEGRATION: &str = "/d9d01087-4a3f-49e0-b0b4-d568d7826553/ssm/integrations/webhook/mine";

fn put(name: &str, kind: &str, data_type: &str, value: &str) -> Json {
    json!({
        "Name": name, "Type": kind, "DataType": data_type, "Value": value, "Overwrite": true, "Tier": "Advanced"})
}

#[tokio::test]
async fn values_are_checked_by_their_data_type() {
    let client = Client::new(700);
    for (number, (data_type, good, bad)) in [
        ("boolean", "false", "no"),
        ("integer", "443", "4.5"),
        ("float", "4.5", "four"),
        ("aws:region", "eu-west-1", "EU"),
        ("aws:account:id", "111122223333", "1"),
        ("hostname", "db.example.com", "a b"),
        ("email", "a@example.com", "a"),
        ("ipv4-address", "192.0.2.1", "::1"),
        ("ipv6-address", "::1", "192.0.2.1"),
        ("binary", "aGVsbG8=", "*"),
        ("url", "https://example.com/", "example"),
        ("json", "{}", "{"),
        ("jsonc", "{} // nothing", "{"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("p{number}");
        let refused = client.refused("PutParameter", put(&name, "String", data_type, bad)).await;
        let said = format!("The parameter value is not valid for the following data type: {data_type}.");
        assert_eq!(refused, ("ValidationException".to_owned(), said));
        client.ok("PutParameter", put(&name, "String", data_type, good)).await;
        let read = client.read(&name).await;
        assert_eq!((&read["DataType"], &read["Value"]), (&json!(data_type), &json!(good)));
        let kept = json!({"Name": name, "Value": bad, "Overwrite": true});
        assert_eq!(
            client.refused("PutParameter", kept).await.0,
            "ValidationException",
            "{data_type} is kept"
        );
    }
}

#[tokio::test]
async fn every_item_of_a_list_is_checked() {
    let client = Client::new(701);
    client.ok("PutParameter", put("x", "StringList", "integer", "1,2,3")).await;
    assert_eq!(
        client.refused("PutParameter", put("x", "StringList", "integer", "1,two")).await.0,
        "ValidationException"
    );
    let (_, message) = client.refused("PutParameter", put("y", "StringList", "json", "1")).await;
    assert_eq!(message, "The json data type is not supported for the following input type: StringList");
    let (_, message) = client.refused("PutParameter", put("y", "String", "bad", "1")).await;
    assert_eq!(
        message,
        "The following data type is not supported: bad. (Data type names are all lowercase.)"
    );
}

#[tokio::test]
async fn some_data_types_are_of_the_advanced_tier() {
    let client = Client::new(702);
    let of =
        |tier: &str| json!({"Name": tier, "Type": "String", "DataType": "json", "Value": "{}", "Tier": tier});
    assert_eq!(client.refused("PutParameter", of("Standard")).await.0, "ValidationException");
    assert_eq!(client.ok("PutParameter", of("Intelligent-Tiering")).await["Tier"], "Advanced");
}

#[tokio::test]
async fn a_parameter_goes_from_one_data_type_to_another() {
    let client = Client::new(703);
    client.ok("PutParameter", put("x", "String", "text", "443")).await;
    client.ok("PutParameter", put("x", "String", "integer", "443")).await;
    client.ok("PutParameter", put("x", "String", "float", "4.5")).await;
    assert_eq!(
        client.refused("PutParameter", put("x", "String", "integer", "4.5")).await.0,
        "ValidationException"
    );
    let (code, message) =
        client.refused("PutParameter", put("x", "String", "aws:ec2:image", "ami-12345678")).await;
    assert_eq!(code, "ValidationException");
    assert_eq!(message, "The data type of a parameter can't be changed from float to aws:ec2:image.");
    assert_eq!(client.read("x").await["Version"], 3);
}

#[tokio::test]
async fn an_image_is_answered_and_does_not_appear() {
    let client = Client::new(704);
    let listener = Listener::new(&client).await;
    let answer = client
        .ok("PutParameter", put("MyGoldenAMI", "String", "aws:ec2:image", "ami-12345abcdeexample"))
        .await;
    assert_eq!(answer, json!({"Tier": "Advanced", "Version": 1}));
    let told = json!({
        "exception": "Unable to Describe Resource", "dataType": "aws:ec2:image", "name": "MyGoldenAMI",
        "type": "String", "operation": "Create"});
    assert_eq!(listener.details(&client).await, [told]);
    assert_eq!(client.refused("GetParameter", json!({"Name": "MyGoldenAMI"})).await.0, "ParameterNotFound");
    let (_, message) = client.refused("PutParameter", put("l", "StringList", "aws:ec2:image", "ami-1")).await;
    assert_eq!(
        message,
        "The aws:ec2:image data type is not supported for the following input type: StringList"
    );
    client.put("MyGoldenAMI", "the name is free").await;
}

#[tokio::test]
async fn integrations_are_secure_objects_at_their_place() {
    let client = Client::new(705);
    let (data_type, object) = ("aws:ssm:integration", r#"{"url": "https://example.com"}"#);
    let (_, message) = client.refused("PutParameter", put("/mine", "SecureString", data_type, object)).await;
    let said = "Parameters with data type: aws:ssm:integration must start with prefix: \
        /d9d01087-4a3f-49e0-b0b4-d568d7826553/ssm/integrations";
    assert_eq!(message, said);
    let (_, message) = client.refused("PutParameter", put(INTEGRATION, "String", data_type, object)).await;
    assert_eq!(
        message,
        "The aws:ssm:integration data type is not supported for the following input type: String"
    );
    let refused = client.refused("PutParameter", put(INTEGRATION, "SecureString", data_type, "url")).await;
    assert_eq!(refused.0, "ValidationException");
    client.ok("PutParameter", put(INTEGRATION, "SecureString", data_type, object)).await;
    let read = client.ok("GetParameter", json!({"Name": INTEGRATION, "WithDecryption": true})).await;
    assert_eq!(read["Parameter"]["Value"], object);
    let other = client.refused("PutParameter", put(INTEGRATION, "SecureString", "text", "t")).await;
    assert_eq!(other.0, "ValidationException");
}
