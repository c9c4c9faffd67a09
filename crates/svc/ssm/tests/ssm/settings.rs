//! Service settings.

use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

const TIER: &str = "/ssm/parameter-store/default-parameter-tier";
const THROUGHPUT: &str = "/ssm/parameter-store/high-throughput-enabled";

fn arn(id: &str) -> String {
    format!("arn:aws:ssm:us-east-1:{ACCOUNT}:servicesetting{id}")
}

async fn get(client: &Client, id: &str) -> Json {
    client.ok("GetServiceSetting", json!({"SettingId": id})).await["ServiceSetting"].take()
}

async fn set(client: &Client, id: &str, value: &str) {
    let input = json!({"SettingId": id, "SettingValue": value});
    assert_eq!(client.ok("UpdateServiceSetting", input).await, json!({}));
}

#[tokio::test]
async fn settings_have_defaults_and_tell_who_changed_them() {
    let client = Client::new(50);
    for (id, value) in [(TIER, "Standard"), (THROUGHPUT, "false")] {
        let setting = get(&client, id).await;
        assert_eq!(setting["SettingId"], id);
        assert_eq!(setting["SettingValue"], value);
        assert_eq!(setting["LastModifiedUser"], "System");
        assert_eq!(setting["Status"], "Default");
        assert_eq!(setting["ARN"], arn(id));
    }
    set(&client, &arn(THROUGHPUT), "true").await;
    let setting = get(&client, THROUGHPUT).await;
    assert_eq!((&setting["SettingValue"], &setting["Status"]), (&json!("true"), &json!("Customized")));
    assert_eq!(setting["LastModifiedUser"], format!("arn:aws:iam::{ACCOUNT}:root"));
    assert_eq!(get(&client, &arn(THROUGHPUT)).await, setting);
    let reset = client.ok("ResetServiceSetting", json!({"SettingId": THROUGHPUT})).await;
    assert_eq!(reset["ServiceSetting"]["SettingValue"], "false");
    assert_eq!(reset["ServiceSetting"]["Status"], "Default");
    assert_eq!(get(&client, THROUGHPUT).await, reset["ServiceSetting"]);
    client.ok("ResetServiceSetting", json!({"SettingId": THROUGHPUT})).await;
}

#[tokio::test]
async fn the_default_tier_is_that_of_parameters_whose_requests_say_none() {
    let client = Client::new(51);
    let put = |name: &str, value: &str| json!({"Name": name, "Value": value, "Type": "String"});
    set(&client, TIER, "Advanced").await;
    assert_eq!(client.ok("PutParameter", put("a", "1")).await["Tier"], "Advanced");
    set(&client, TIER, "Intelligent-Tiering").await;
    assert_eq!(client.ok("PutParameter", put("b", "1")).await["Tier"], "Standard");
    assert_eq!(client.ok("PutParameter", put("c", &"v".repeat(4097))).await["Tier"], "Advanced");
    client.ok("ResetServiceSetting", json!({"SettingId": TIER})).await;
    assert_eq!(client.ok("PutParameter", put("d", "1")).await["Tier"], "Standard");
    set(&client, TIER, "Standard").await;
    let again = json!({"Name": "a", "Value": "2", "Overwrite": true});
    assert_eq!(client.ok("PutParameter", again).await["Tier"], "Advanced");
}

#[tokio::test]
async fn settings_hold_in_an_account_and_region() {
    let client = Client::new(52);
    set(&client, TIER, "Advanced").await;
    let there = client.root.at("eu-west-1");
    let setting = client.ok_as(&there, "GetServiceSetting", json!({"SettingId": TIER})).await;
    assert_eq!(setting["ServiceSetting"]["SettingValue"], "Standard");
    let elsewhere = client.refused_as(&there, "GetServiceSetting", json!({"SettingId": arn(TIER)})).await;
    assert_eq!(elsewhere.0, "ServiceSettingNotFound");
    let other = client.cloud.root("444455556666");
    let foreign = client.refused_as(&other, "GetServiceSetting", json!({"SettingId": arn(TIER)})).await;
    assert_eq!(foreign.0, "AccessDeniedException");
    let own = client.ok_as(&other, "GetServiceSetting", json!({"SettingId": TIER})).await;
    assert_eq!(own["ServiceSetting"]["SettingValue"], "Standard");
}

#[tokio::test]
async fn unknown_settings_and_values_are_refused() {
    let client = Client::new(53);
    for id in ["/ssm/parameter-store/other", "ssm", "/ssm/opsinsights/opscenter"] {
        for operation in ["GetServiceSetting", "ResetServiceSetting"] {
            assert_eq!(client.refused(operation, json!({"SettingId": id})).await.0, "ServiceSettingNotFound");
        }
        let update = json!({"SettingId": id, "SettingValue": "true"});
        assert_eq!(client.refused("UpdateServiceSetting", update).await.0, "ServiceSettingNotFound");
    }
    for (id, value) in [(TIER, "standard"), (TIER, "true"), (THROUGHPUT, "True"), (THROUGHPUT, "Standard")] {
        let update = json!({"SettingId": id, "SettingValue": value});
        assert_eq!(client.refused("UpdateServiceSetting", update).await.0, "ValidationException", "{value}");
    }
    assert_eq!(get(&client, TIER).await["Status"], "Default");
}

#[tokio::test]
async fn policies_name_settings_by_their_arns() {
    let client = Client::new(54);
    let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "ssm:*ServiceSetting", "Resource": arn(TIER)}]});
    let ann = client.cloud.user_with_policy(ACCOUNT, "ann", &policy.to_string()).await;
    client.ok_as(&ann, "UpdateServiceSetting", json!({"SettingId": TIER, "SettingValue": "Advanced"})).await;
    let (code, message) =
        client.refused_as(&ann, "GetServiceSetting", json!({"SettingId": THROUGHPUT})).await;
    assert_eq!(code, "AccessDeniedException");
    assert!(message.contains(&format!("on resource: {} because", arn(THROUGHPUT))), "{message}");
    let setting = get(&client, TIER).await;
    assert_eq!(setting["LastModifiedUser"], format!("arn:aws:iam::{ACCOUNT}:user/ann"));
}
