//! What a month costs.

use std::time::Duration;

use alcazar_base::Month;
use alcazar_engine::cost::Cost;
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::json;

use crate::client::{ACCOUNT, Client};

const OTHER: &str = "444455556666";
const ADVANCED: &str = "ParameterStore-Interactions-Advanced";
const HIGH_THROUGHPUT: &str = "ParameterStore-Interactions-HighThroughput";
const MINUTE: Duration = Duration::from_secs(60);

/// The costs of Parameter Store.
async fn costs(cloud: &TestCloud, month: Month) -> Vec<Cost> {
    let mut found = Vec::new();
    for mut billed in cloud.cloud().costs(month).await.unwrap() {
        while let Some(cost) = billed.costs.next().await.unwrap() {
            if billed.service == "ssm" {
                found.push(cost);
            }
        }
    }
    found
}

fn now(client: &Client) -> Month {
    Month::of(client.cloud.now())
}

/// Hours, what they cost, and the interactions of an account in us-east-1.
async fn of(client: &Client, account: &str, month: Month) -> (u64, String, Vec<(String, u64, String)>) {
    let costs = costs(&client.cloud, month).await;
    let is_it = |cost: &&Cost| cost.account == account && cost.region == "us-east-1";
    let Some(cost) = costs.iter().find(is_it) else { return (0, String::new(), Vec::new()) };
    let requests = cost.requests.iter().map(|one| (one.class.clone(), one.count, one.cost.to_string()));
    (cost.hours, cost.hours_cost.to_string(), requests.collect())
}

async fn hours(client: &Client) -> u64 {
    of(client, ACCOUNT, now(client)).await.0
}

async fn advanced(client: &Client, name: &str) {
    let put = json!({"Name": name, "Value": "1", "Type": "String", "Tier": "Advanced", "Overwrite": true});
    client.ok("PutParameter", put).await;
}

async fn read_as(client: &Client, caller: &TestCaller, name: &str, times: usize) {
    for _ in 0..times {
        client.ok_as(caller, "GetParameter", json!({"Name": name})).await;
    }
}

#[tokio::test]
async fn an_advanced_parameter_is_billed_by_the_hour_until_it_is_deleted() {
    let client = Client::new(90);
    client.put("plain", "1").await;
    advanced(&client, "x").await;
    assert_eq!(hours(&client).await, 0);
    client.cloud.advance(MINUTE).await;
    assert_eq!(hours(&client).await, 1);
    client.cloud.advance(MINUTE * 59).await;
    assert_eq!(hours(&client).await, 1);
    advanced(&client, "y").await;
    client.cloud.advance(MINUTE * 61).await;
    assert_eq!(hours(&client).await, 3 + 2);
    client.ok("DeleteParameter", json!({"Name": "x"})).await;
    client.cloud.advance(MINUTE * 60 * 10).await;
    assert_eq!(hours(&client).await, 3 + 12);
    advanced(&client, "x").await;
    client.cloud.advance(MINUTE).await;
    assert_eq!(hours(&client).await, 3 + 12 + 1);
}

#[tokio::test]
async fn a_parameter_is_billed_from_when_it_became_an_advanced_one() {
    let client = Client::new(91);
    client.put("x", "1").await;
    client.cloud.advance(MINUTE * 60 * 5).await;
    assert_eq!(hours(&client).await, 0);
    advanced(&client, "x").await;
    client.cloud.advance(MINUTE * 60 * 2).await;
    client.ok("PutParameter", json!({"Name": "x", "Value": "2", "Overwrite": true})).await;
    client.cloud.advance(MINUTE * 60).await;
    assert_eq!(hours(&client).await, 3);
}

#[tokio::test]
async fn a_whole_month_costs_what_the_price_list_says() {
    let client = Client::new(92);
    advanced(&client, "kept").await;
    advanced(&client, "gone").await;
    client.ok("DeleteParameters", json!({"Names": ["gone"]})).await;
    let first = now(&client);
    client.cloud.advance(MINUTE * 60 * 24 * 32).await;
    let second = now(&client);
    client.cloud.advance(MINUTE * 60 * 24 * 31).await;
    assert_ne!(first, second);
    let (hours, cost, requests) = of(&client, ACCOUNT, second).await;
    assert_eq!((hours, cost.as_str()), (second.hours(), "0.050000000"));
    assert!(requests.is_empty());
    assert_eq!(of(&client, ACCOUNT, first).await.2, [(ADVANCED.to_owned(), 3, "0.000015000".to_owned())]);
}

#[tokio::test]
async fn the_caller_s_account_pays_for_interactions_with_advanced_parameters() {
    let client = Client::new(93);
    advanced(&client, "x").await;
    client.put("plain", "1").await;
    let arn = format!("arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/x");
    let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "ssm:GetParameter", "Resource": arn}]});
    client.ok("PutResourcePolicy", json!({"ResourceArn": arn, "Policy": policy.to_string()})).await;
    let other = client.cloud.root(OTHER);
    read_as(&client, &other, &arn, 3).await;
    read_as(&client, &client.root, "x", 2).await;
    read_as(&client, &client.root, "plain", 4).await;
    client.refused("GetParameter", json!({"Name": "x:99"})).await;
    client.refused("PutParameter", json!({"Name": "x", "Value": "1"})).await;
    let month = now(&client);
    let class = ADVANCED.to_owned();
    assert_eq!(of(&client, ACCOUNT, month).await.2, [(class.clone(), 3, "0.000015000".to_owned())]);
    assert_eq!(
        of(&client, OTHER, month).await,
        (0, "0.000000000".to_owned(), vec![(class, 3, "0.000015000".to_owned())])
    );
}

#[tokio::test]
async fn standard_parameters_cost_where_high_throughput_is_on() {
    let client = Client::new(94);
    client.put("a", "1").await;
    client.put("b", "1").await;
    read_as(&client, &client.root, "a", 2).await;
    let month = now(&client);
    assert_eq!(of(&client, ACCOUNT, month).await.2, []);
    let setting =
        json!({"SettingId": "/ssm/parameter-store/high-throughput-enabled", "SettingValue": "true"});
    client.ok("UpdateServiceSetting", setting).await;
    read_as(&client, &client.root, "a", 2).await;
    client.ok("DeleteParameters", json!({"Names": ["a", "b", "absent"]})).await;
    let paid = (HIGH_THROUGHPUT.to_owned(), 4, "0.000020000".to_owned());
    assert_eq!(of(&client, ACCOUNT, month).await.2, [paid]);
    // Nobody can read in the log or the store what was read.
    let there = client.root.at("eu-west-1");
    client.ok_as(&there, "PutParameter", json!({"Name": "a", "Value": "1", "Type": "String"})).await;
    assert!(costs(&client.cloud, month).await.iter().all(|cost| cost.region == "us-east-1"));
}

#[tokio::test]
async fn each_parameter_of_an_answer_counts_once() {
    let client = Client::new(96);
    for name in ["/a/b", "/a/c", "/a/d"] {
        advanced(&client, name).await;
    }
    client.ok("GetParameters", json!({"Names": ["/a/b", "/a/c", "absent"]})).await;
    client.ok("GetParametersByPath", json!({"Path": "/a"})).await;
    advanced(&client, "/a/b").await;
    client.ok("GetParameterHistory", json!({"Name": "/a/b"})).await;
    client.ok("LabelParameterVersion", json!({"Name": "/a/b", "Labels": ["x"]})).await;
    let counted = &of(&client, ACCOUNT, now(&client)).await.2[0];
    assert_eq!(counted.1, 3 + 2 + 3 + 1 + 1 + 1);
}

#[tokio::test]
async fn nothing_is_lost_or_counted_twice_by_a_restart() {
    let before = Client::new(95);
    advanced(&before, "x").await;
    advanced(&before, "gone").await;
    read_as(&before, &before.root, "x", 2).await;
    before.cloud.advance(MINUTE * 90).await;
    before.ok("DeleteParameter", json!({"Name": "gone"})).await;
    assert_eq!(hours(&before).await, 2 + 2);
    read_as(&before, &before.root, "x", 1).await;
    let client = Client::of(before.cloud.another_node());
    client.cloud.advance(MINUTE * 135).await;
    let (hours, _, requests) = of(&client, ACCOUNT, now(&client)).await;
    assert_eq!(hours, 4 + 2);
    assert_eq!(requests, [(ADVANCED.to_owned(), 6, "0.000030000".to_owned())]);
}
