//! Request rates.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::Client;

/// How many calls go through at once, up to `most`.
async fn calls(client: &Client, operation: &str, input: serde_json::Value, most: usize) -> usize {
    for count in 0..most {
        if let Err(error) = client.cloud.ask(&client.root, "ssm", operation, &input).await {
            assert_eq!(error.model().name, "ThrottlingException");
            assert_eq!(error.message(), Some("Rate exceeded"));
            return count;
        }
    }
    most
}

async fn high(client: &Client, value: &str) {
    let setting = json!({"SettingId": "/ssm/parameter-store/high-throughput-enabled", "SettingValue": value});
    client.ok("UpdateServiceSetting", setting).await;
}

#[tokio::test]
async fn without_rates_nothing_is_throttled() {
    let client = Client::new(80);
    client.put("x", "1").await;
    assert_eq!(calls(&client, "GetParameter", json!({"Name": "x"}), 100).await, 100);
}

#[tokio::test]
async fn forty_reads_go_through_in_a_second_and_more_with_high_throughput() {
    let client = Client::of(TestCloud::builder(81).request_rates().build());
    client.put("x", "1").await;
    assert_eq!(calls(&client, "GetParameter", json!({"Name": "x"}), 100).await, 40);
    client.cloud.pause(std::time::Duration::from_secs(1));
    high(&client, "true").await;
    assert_eq!(calls(&client, "GetParameter", json!({"Name": "x"}), 500).await, 500);
    high(&client, "false").await;
    assert_eq!(calls(&client, "GetParameter", json!({"Name": "x"}), 100).await, 40);
}

#[tokio::test]
async fn all_operations_that_read_share_their_rate() {
    let client = Client::of(TestCloud::builder(84).request_rates().build());
    client.put("/a/b", "1").await;
    let (names, path) = (json!({"Names": ["/a/b", "/a/c"]}), json!({"Path": "/a"}));
    assert_eq!(calls(&client, "GetParameters", names.clone(), 30).await, 30);
    assert_eq!(calls(&client, "GetParametersByPath", path.clone(), 30).await, 10);
    assert_eq!(calls(&client, "GetParameters", names.clone(), 30).await, 0);
    high(&client, "true").await;
    assert_eq!(calls(&client, "GetParametersByPath", path, 200).await, 100);
    assert_eq!(calls(&client, "GetParameters", names, 200).await, 200);
}

#[tokio::test]
async fn three_writes_go_through_in_a_second_and_ten_with_high_throughput() {
    let client = Client::of(TestCloud::builder(82).request_rates().build());
    let put = json!({"Name": "x", "Value": "1", "Type": "String", "Overwrite": true});
    assert_eq!(calls(&client, "PutParameter", put.clone(), 20).await, 3);
    high(&client, "true").await;
    assert_eq!(calls(&client, "PutParameter", put, 20).await, 10);
}

#[tokio::test]
async fn an_operator_s_own_rate_holds_alone() {
    let client = Client::of(TestCloud::builder(83).quota("ssm.rate.read-parameters", "2").build());
    let put = json!({"Name": "x", "Value": "1", "Type": "String", "Overwrite": true});
    assert_eq!(calls(&client, "PutParameter", put, 20).await, 20);
    assert_eq!(calls(&client, "GetParameter", json!({"Name": "x"}), 20).await, 2);
    let there = client.root.at("eu-west-1");
    let refused = client.refused_as(&there, "GetParameter", json!({"Name": "x"})).await;
    assert_eq!(refused.0, "ParameterNotFound");
}
