//! Versions of parameters.

use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn older_versions_are_selected_by_number() {
    let client = Client::new(10);
    client.put("x", "one").await;
    assert_eq!(client.overwrite("x", "two").await, 2);
    assert_eq!(client.read("x").await["Value"], "two");
    let first = client.read("x:01").await;
    assert_eq!(
        (&first["Value"], &first["Selector"], &first["Name"]),
        (&json!("one"), &json!(":01"), &json!("x"))
    );
    let (code, message) = client.refused("GetParameter", json!({"Name": "x:3"})).await;
    assert_eq!(code, "ParameterVersionNotFound");
    assert_eq!(message, "Systems Manager could not find version 3 of x. Verify the version and try again.");
}

#[tokio::test]
async fn what_an_overwrite_leaves_out_stays() {
    let client = Client::new(11);
    let first = json!({
        "Name": "x", "Value": "12", "Type": "StringList", "Description": "d", "AllowedPattern": "[0-9]+"});
    client.ok("PutParameter", first).await;
    let bad = json!({"Name": "x", "Value": "ab", "Overwrite": true});
    assert_eq!(client.refused("PutParameter", bad).await.0, "ParameterPatternMismatchException");
    client.ok("PutParameter", json!({"Name": "x", "Value": "13", "Overwrite": true})).await;
    let read = client.read("x").await;
    assert_eq!(
        (&read["Type"], &read["Version"], &read["Value"]),
        (&json!("StringList"), &json!(2), &json!("13"))
    );
}

#[tokio::test]
async fn a_hundred_versions_are_kept() {
    let client = Client::new(12);
    for n in 1..=101 {
        assert_eq!(client.overwrite("x", &n.to_string()).await, n);
    }
    assert_eq!(client.refused("GetParameter", json!({"Name": "x:1"})).await.0, "ParameterVersionNotFound");
    assert_eq!(client.read("x:2").await["Value"], "2");
    assert_eq!(client.read("x:101").await["Value"], "101");
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_at_the_same_time_each_get_a_version() {
    let client = std::sync::Arc::new(Client::new(13));
    let writers: Vec<_> = (0..64)
        .map(|n| {
            let client = client.clone();
            tokio::spawn(async move { client.overwrite("x", &n.to_string()).await })
        })
        .collect();
    let mut versions = Vec::new();
    for writer in writers {
        versions.push(writer.await.unwrap());
    }
    versions.sort_unstable();
    assert_eq!(versions, (1..=64).collect::<Vec<i64>>());
}
