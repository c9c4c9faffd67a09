//! Lists in pages.

use std::collections::BTreeSet;

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

/// All pages of a list; `between` runs after each.
async fn pages(
    kms: Client<'_>,
    operation: &str,
    input: Json,
    list: &str,
    between: impl AsyncFn(usize),
) -> Vec<Json> {
    let mut input = input;
    let mut found = Vec::new();
    for page in 0..1000 {
        let answer = kms.ok(operation, input.clone()).await;
        let items = answer[list].as_array().unwrap();
        assert!(items.len() <= input["Limit"].as_u64().map_or(1000, |limit| usize::try_from(limit).unwrap()));
        found.extend(items.iter().cloned());
        if answer["Truncated"] == json!(false) {
            assert_eq!(answer.get("NextMarker"), None);
            return found;
        }
        input["Marker"] = answer["NextMarker"].clone();
        between(page).await;
    }
    panic!("{operation} does not end");
}

#[tokio::test]
async fn pages_hold_everything_once_while_things_come_and_go() {
    let cloud = TestCloud::new(120);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let mut stay = BTreeSet::new();
    let mut go = Vec::new();
    for number in 0..30 {
        let key_id = kms.new_key().await;
        kms.ok("CreateAlias", json!({"AliasName": format!("alias/stay{number}"), "TargetKeyId": key_id}))
            .await;
        kms.ok("CreateAlias", json!({"AliasName": format!("alias/go{number}"), "TargetKeyId": key_id})).await;
        go.push(format!("alias/go{number}"));
        stay.insert(key_id);
    }
    let aliases = pages(kms, "ListAliases", json!({"Limit": 7}), "Aliases", async |page| {
        for alias in go.iter().skip(page * 3).take(3) {
            kms.ok("DeleteAlias", json!({"AliasName": alias})).await;
        }
    })
    .await;
    let names: Vec<&str> = aliases.iter().map(|alias| alias["AliasName"].as_str().unwrap()).collect();
    let once: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(once.len(), names.len());
    for number in 0..30 {
        assert!(once.contains(format!("alias/stay{number}").as_str()), "{number}");
    }
    let keys = pages(kms, "ListKeys", json!({"Limit": 4}), "Keys", async |_| _ = kms.new_key().await).await;
    let ids: Vec<String> = keys.iter().map(|key| key["KeyId"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert!(stay.iter().all(|key_id| ids.contains(key_id)));
}

#[tokio::test]
async fn a_page_has_as_many_as_asked_for_and_no_marker_at_the_end() {
    let cloud = TestCloud::new(121);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for _ in 0..4 {
        kms.new_key().await;
    }
    for (limit, pages) in [(1, 4), (2, 2), (3, 2), (4, 1), (5, 1), (1000, 1)] {
        let mut count = 1;
        let mut answer = kms.ok("ListKeys", json!({"Limit": limit})).await;
        while answer["Truncated"] == json!(true) {
            let input = json!({"Limit": limit, "Marker": answer["NextMarker"]});
            answer = kms.ok("ListKeys", input).await;
            count += 1;
        }
        assert_eq!(count, pages, "{limit} a page");
    }
}

#[tokio::test]
async fn tags_come_in_pages_too() {
    let cloud = TestCloud::new(122);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let tags: Vec<Json> = (10..30).map(|n| json!({"TagKey": n.to_string(), "TagValue": ""})).collect();
    kms.ok("TagResource", json!({"KeyId": key_id, "Tags": tags})).await;
    let input = json!({"KeyId": key_id, "Limit": 3});
    assert_eq!(pages(kms, "ListResourceTags", input, "Tags", async |_| {}).await, tags);
}

#[tokio::test]
async fn a_marker_that_no_page_ended_with_is_refused() {
    let cloud = TestCloud::new(123);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    for operation in ["ListKeys", "ListAliases", "ListKeyPolicies", "ListResourceTags"] {
        let mut input = json!({"Marker": "nonsense"});
        if !["ListKeys", "ListAliases"].contains(&operation) {
            input["KeyId"] = json!(key_id);
        }
        kms.refused(operation, input, "InvalidMarkerException").await;
    }
}

#[tokio::test]
async fn aliases_of_one_key_are_listed_alone() {
    let cloud = TestCloud::new(124);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let (one, other) = (kms.new_key().await, kms.new_key().await);
    for (alias, key_id) in [("alias/1", &one), ("alias/2", &other), ("alias/3", &one)] {
        kms.ok("CreateAlias", json!({"AliasName": alias, "TargetKeyId": key_id})).await;
    }
    let found = kms.ok("ListAliases", json!({"KeyId": kms.arn(&one)})).await["Aliases"].clone();
    let names: Vec<&Json> = found.as_array().unwrap().iter().map(|alias| &alias["AliasName"]).collect();
    assert_eq!(names, [&json!("alias/1"), &json!("alias/3")]);
}
