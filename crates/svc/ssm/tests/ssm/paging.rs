//! Pages while parameters are made, changed and deleted between them: none is told twice, and none is left out that
//! passed all the while.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::model::{Change, Filter, Model, change, client, filters, shown, told};

fn names(of: impl IntoIterator<Item = (String, usize)>) -> BTreeSet<String> {
    of.into_iter().map(|(name, _)| name).collect()
}

/// Reads a list to its end, with changes before every page but the first.
async fn check(client: &Client, model: &mut Model, filters: &[Filter], most: u64, changes: Vec<Vec<Change>>) {
    let (mut found, mut throughout) = (BTreeSet::new(), names(model.passing(filters)));
    let (mut token, mut changes) = (Json::Null, changes.into_iter());
    loop {
        let input = json!({"ParameterFilters": shown(filters), "MaxResults": most, "NextToken": token});
        let answer = client.ok("DescribeParameters", input).await;
        let passing = model.passing(filters);
        for item in told(&answer) {
            assert!(passing.contains(&item), "{item:?} does not pass {filters:?}");
            assert!(found.insert(item.0.clone()), "{} twice by {filters:?}", item.0);
        }
        token = answer["NextToken"].clone();
        if token.is_null() {
            break;
        }
        for change in changes.next().unwrap_or_default() {
            model.apply(client, change).await;
            let passing = names(model.passing(filters));
            throughout.retain(|name| passing.contains(name));
        }
    }
    let missed: Vec<_> = throughout.difference(&found).collect();
    assert!(missed.is_empty(), "{missed:?} left out by {filters:?}");
}

#[test]
fn pages_stay_right_while_parameters_change() {
    let rounds = (filters(), 1..4_u64, prop::collection::vec(prop::collection::vec(change(), 0..6), 0..12));
    let strategy = (any::<u32>(), prop::collection::vec(change(), 30..60), prop::collection::vec(rounds, 6));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(24) });
    let result = runner.run(&strategy, |(seed, before, rounds)| {
        runtime.block_on(async {
            let (client, mut model) = (client(u64::from(seed)).await, Model::default());
            for change in before {
                model.apply(&client, change).await;
            }
            for (filters, most, changes) in rounds {
                check(&client, &mut model, &filters, most, changes).await;
            }
        });
        Ok(())
    });
    result.unwrap();
}

#[tokio::test]
async fn what_moves_from_one_value_to_another_is_told_once() {
    let client = Client::new(90);
    let tag = |value: &str| json!([{"Key": "env", "Value": value}]);
    for n in 0..30 {
        let value = if n % 2 == 0 { "a" } else { "b" };
        let put = json!({"Name": format!("/p/n{n}"), "Value": "1", "Type": "String", "Tags": tag(value)});
        client.ok("PutParameter", put).await;
    }
    let filters = json!([{"Key": "tag:env", "Values": ["a", "b"]}]);
    let (mut found, mut token) = (BTreeSet::new(), Json::Null);
    for turn in 0..10 {
        let input = json!({"ParameterFilters": filters, "MaxResults": 3, "NextToken": token});
        let answer = client.ok("DescribeParameters", input).await;
        for (name, _) in told(&answer) {
            assert!(found.insert(name));
        }
        token = answer["NextToken"].clone();
        for n in 0..30 {
            let value = if (n + turn) % 2 == 0 { "b" } else { "a" };
            let input =
                json!({"ResourceType": "Parameter", "ResourceId": format!("/p/n{n}"), "Tags": tag(value)});
            client.ok("AddTagsToResource", input).await;
        }
    }
    assert_eq!((found.len(), token), (30, Json::Null));
}
