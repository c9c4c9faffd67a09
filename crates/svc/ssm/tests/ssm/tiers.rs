//! Tiers.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn larger_values_take_the_advanced_tier() {
    let client = Client::new(20);
    let of = |bytes: usize, tier: &str| json!({"Name": format!("x{bytes}{tier}"), "Value": "v".repeat(bytes), "Type": "String", "Tier": tier});
    for (bytes, tier, gets) in [
        (4096, "Standard", "Standard"),
        (8192, "Advanced", "Advanced"),
        (4096, "Intelligent-Tiering", "Standard"),
        (4097, "Intelligent-Tiering", "Advanced"),
    ] {
        assert_eq!(client.ok("PutParameter", of(bytes, tier)).await["Tier"], gets, "{bytes} {tier}");
    }
    for (bytes, tier) in [(4097, "Standard"), (8193, "Advanced"), (8193, "Intelligent-Tiering")] {
        let (code, message) = client.refused("PutParameter", of(bytes, tier)).await;
        assert_eq!(code, "ValidationException", "{message}");
    }
}

#[tokio::test]
async fn there_is_no_way_back_from_the_advanced_tier() {
    let client = Client::new(21);
    client.ok("PutParameter", json!({"Name": "x", "Value": "1", "Type": "String", "Tier": "Advanced"})).await;
    let back = json!({"Name": "x", "Value": "1", "Overwrite": true, "Tier": "Standard"});
    let (code, message) = client.refused("PutParameter", back).await;
    assert_eq!(code, "ValidationException");
    assert!(message.starts_with("This parameter uses the advanced-parameter tier."), "{message}");
    let stays = json!({"Name": "x", "Value": "1", "Overwrite": true});
    assert_eq!(client.ok("PutParameter", stays).await["Tier"], "Advanced");
}

#[tokio::test]
async fn each_tier_has_a_quota() {
    let cloud =
        TestCloud::builder(22).quota("ssm.standard-parameters", "2").quota("ssm.advanced-parameters", "1");
    let client = Client::of(cloud.build());
    client.put("a", "1").await;
    client.put("b", "1").await;
    let put = |name: &str, tier: &str| json!({"Name": name, "Value": "1", "Type": "String", "Tier": tier});
    let (code, message) = client.refused("PutParameter", put("c", "Standard")).await;
    assert_eq!(code, "ParameterLimitExceeded");
    assert!(message.contains("maximum number of standard parameters"), "{message}");
    assert_eq!(client.ok("PutParameter", put("c", "Intelligent-Tiering")).await["Tier"], "Advanced");
    assert_eq!(client.refused("PutParameter", put("d", "Advanced")).await.0, "ParameterLimitExceeded");
    client.overwrite("a", "2").await;
    client.ok("DeleteParameter", json!({"Name": "a"})).await;
    client.put("d", "1").await;
}
