//! Labels.

use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::listener::Listener;

/// A parameter with versions, the last of which is the one with this number.
async fn versions(client: &Client, name: &str, latest: i64) {
    for number in 1..=latest {
        assert_eq!(client.overwrite(name, &format!("value {number}")).await, number);
    }
}

async fn label(client: &Client, version: i64, labels: &[&str]) -> Json {
    let input = json!({"Name": "x", "ParameterVersion": version, "Labels": labels});
    client.ok("LabelParameterVersion", input).await
}

async fn unlabel(client: &Client, version: i64, labels: &[&str]) -> Json {
    let input = json!({"Name": "x", "ParameterVersion": version, "Labels": labels});
    client.ok("UnlabelParameterVersion", input).await
}

#[tokio::test]
async fn a_label_is_on_one_version_and_moves() {
    let client = Client::new(800);
    versions(&client, "x", 3).await;
    let latest = client.ok("LabelParameterVersion", json!({"Name": "x", "Labels": ["prod"]})).await;
    assert_eq!(latest, json!({"InvalidLabels": [], "ParameterVersion": 3}));
    assert_eq!(client.read("x:prod").await["Value"], "value 3");
    assert_eq!(
        label(&client, 1, &["prod", "old"]).await,
        json!({"InvalidLabels": [], "ParameterVersion": 1})
    );
    assert_eq!(client.read("x:prod").await["Value"], "value 1");
    assert_eq!(client.read("x:old").await["Version"], 1);
    versions_go_on(&client).await;
}

/// A label stays on its version when there are new ones.
async fn versions_go_on(client: &Client) {
    client.overwrite("x", "value 4").await;
    assert_eq!(client.read("x:prod").await["Value"], "value 1");
}

#[tokio::test]
async fn what_can_be_no_label_is_told_and_the_rest_is_put_on() {
    let client = Client::new(801);
    versions(&client, "x", 1).await;
    let given = ["good", "bad label", "AWSbad", "Ssmbad", "1number", "bad:colon", "AWSbad", "good"];
    let answer = label(&client, 1, &given).await;
    assert_eq!(answer["InvalidLabels"], json!(["bad label", "AWSbad", "Ssmbad", "1number", "bad:colon"]));
    assert_eq!(client.read("x:good").await["Version"], 1);
    assert_eq!(label(&client, 1, &["bad label"]).await["InvalidLabels"], json!(["bad label"]));
    let long = "l".repeat(101);
    let refused = client.refused("LabelParameterVersion", json!({"Name": "x", "Labels": [long]})).await;
    let said = format!(
        "1 validation error detected: Value '[{long}]' at 'labels' failed to satisfy constraint: Member must satisfy \
         constraint: [Member must have length less than or equal to 100, Member must have length greater than or \
         equal to 1]"
    );
    assert_eq!(refused, ("ValidationException".to_owned(), said));
}

#[tokio::test]
async fn a_version_has_ten_labels_at_most() {
    let client = Client::new(802);
    versions(&client, "x", 2).await;
    let ten: Vec<String> = (0..10).map(|number| format!("l{number}")).collect();
    let ten: Vec<&str> = ten.iter().map(String::as_str).collect();
    label(&client, 1, &ten).await;
    label(&client, 1, &ten).await;
    let (code, message) = client
        .refused("LabelParameterVersion", json!({"Name": "x", "ParameterVersion": 1, "Labels": ["m"]}))
        .await;
    assert_eq!(code, "ParameterVersionLabelLimitExceeded");
    let said = "A parameter version can have maximum 10 labels.Move one or more labels to another version and try again.";
    assert_eq!(message, said);
    assert_eq!(client.refused("GetParameter", json!({"Name": "x:m"})).await.0, "ParameterVersionNotFound");
    label(&client, 2, &["l0"]).await;
    label(&client, 1, &["m"]).await;
    assert_eq!(client.read("x:m").await["Version"], 1);
}

#[tokio::test]
async fn labels_are_taken_off_the_version_that_they_are_on() {
    let client = Client::new(803);
    versions(&client, "x", 2).await;
    label(&client, 1, &["old", "older"]).await;
    label(&client, 2, &["stable"]).await;
    let answer = unlabel(&client, 1, &["stable", "old", "missing", "old"]).await;
    assert_eq!(answer, json!({"InvalidLabels": ["stable", "missing"], "RemovedLabels": ["old"]}));
    assert_eq!(client.refused("GetParameter", json!({"Name": "x:old"})).await.0, "ParameterVersionNotFound");
    assert_eq!(client.read("x:stable").await["Version"], 2);
    assert_eq!(client.read("x:older").await["Version"], 1);
}

#[tokio::test]
async fn versions_and_parameters_that_are_not_there_have_no_labels() {
    let client = Client::new(804);
    versions(&client, "x", 1).await;
    for operation in ["LabelParameterVersion", "UnlabelParameterVersion"] {
        for version in [0, 2, -1, 99] {
            let input = json!({"Name": "x", "ParameterVersion": version, "Labels": ["a"]});
            let (code, message) = client.refused(operation, input).await;
            assert_eq!(code, "ParameterVersionNotFound");
            let said = format!(
                "Systems Manager could not find version {version} of x. Verify the version and try again."
            );
            assert_eq!(message, said);
        }
        let absent = json!({"Name": "y", "ParameterVersion": 1, "Labels": ["a"]});
        assert_eq!(client.refused(operation, absent).await, ("ParameterNotFound".to_owned(), String::new()));
        let spaced = json!({"Name": " x ", "ParameterVersion": 1, "Labels": ["a"]});
        client.ok(operation, spaced).await;
        let arn = json!({
            "Name": "arn:aws:ssm:us-east-1:111122223333:parameter/x", "ParameterVersion": 1, "Labels": ["a"]});
        assert_eq!(client.refused(operation, arn).await.0, "ValidationException");
    }
}

#[tokio::test]
async fn a_labelled_version_is_not_pushed_out() {
    let client = Client::new(805);
    versions(&client, "x", 100).await;
    label(&client, 1, &["keep"]).await;
    let input = json!({"Name": "x", "Value": "101", "Overwrite": true});
    let (code, message) = client.refused("PutParameter", input).await;
    assert_eq!(code, "ParameterMaxVersionLimitExceeded");
    assert!(message.starts_with("You attempted to create a new version of x by calling"), "{message}");
    assert_eq!(client.read("x").await["Version"], 100);
    assert_eq!(client.read("x:keep").await["Value"], "value 1");
    label(&client, 2, &["keep"]).await;
    assert_eq!(client.overwrite("x", "101").await, 101);
    assert_eq!(client.refused("GetParameter", json!({"Name": "x:1"})).await.0, "ParameterVersionNotFound");
    assert_eq!(client.read("x:keep").await["Version"], 2);
}

#[tokio::test]
async fn each_label_that_comes_or_moves_is_told() {
    let client = Client::new(806);
    client
        .ok("PutParameter", json!({"Name": "x", "Value": "1", "Type": "String", "Description": "what"}))
        .await;
    client.overwrite("x", "2").await;
    let listener = Listener::new(&client).await;
    label(&client, 1, &["stable", "bad label"]).await;
    let event = |label: &str, from: &str, to: &str| {
        json!({
            "operation": "LabelParameterVersion", "name": "x", "type": "String", "description": "what",
            "label": label, "fromVersion": from, "toVersion": to})
    };
    assert_eq!(listener.details(&client).await, [event("stable", "", "1")]);
    label(&client, 2, &["stable", "new"]).await;
    let told = listener.details(&client).await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.contains(&event("stable", "1", "2")) && told.contains(&event("new", "", "2")), "{told:?}");
    label(&client, 2, &["stable", "new"]).await;
    unlabel(&client, 2, &["stable"]).await;
    assert_eq!(listener.details(&client).await, Vec::<Json>::new());
}

#[tokio::test]
async fn labels_take_their_own_permissions() {
    let client = Client::new(807);
    versions(&client, "x", 1).await;
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:LabelParameterVersion",
        "Resource":"arn:aws:ssm:us-east-1:111122223333:parameter/x"}]}"#;
    let user = client.cloud.user_with_policy("111122223333", "labeller", policy).await;
    let input = json!({"Name": "x", "ParameterVersion": 1, "Labels": ["a"]});
    client.ok_as(&user, "LabelParameterVersion", input.clone()).await;
    let (code, _) = client.refused_as(&user, "UnlabelParameterVersion", input.clone()).await;
    assert_eq!(code, "AccessDeniedException");
    let absent = json!({"Name": "y", "ParameterVersion": 1, "Labels": ["a"]});
    assert_eq!(client.refused_as(&user, "LabelParameterVersion", absent).await.0, "AccessDeniedException");
    assert_eq!(client.read("x:a").await["Version"], 1);
}
