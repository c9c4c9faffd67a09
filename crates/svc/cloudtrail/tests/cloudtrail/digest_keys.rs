//! The keys that digests are signed with.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn the_current_key_is_told_and_a_new_one_comes_when_it_ends() {
    let cloud = TestCloud::new(40);
    let root = cloud.root(ACCOUNT);
    let trails = Client::new(&cloud, &root);
    let keys = async |input: Json| trails.ok("ListPublicKeys", input).await["PublicKeyList"].clone();
    let first = keys(json!({})).await;
    assert_eq!(first.as_array().unwrap().len(), 1);
    assert_eq!(first[0]["Fingerprint"].as_str().unwrap().len(), 32);
    assert!(first[0]["Value"].as_str().unwrap().starts_with("MIIBCgKCAQEA"), "{first}");
    let start = cloud.now().as_millis() / 1000;
    let validity = [&first[0]["ValidityStartTime"], &first[0]["ValidityEndTime"]];
    let seconds = validity.map(|time| time.as_f64().unwrap());
    assert_eq!(seconds[1] - seconds[0], 2_592_000.0);
    assert_eq!(keys(json!({})).await, first, "a key is made once");

    cloud.advance(31 * DAY).await;
    let second = keys(json!({})).await;
    assert_ne!(second[0]["Fingerprint"], first[0]["Fingerprint"]);
    let now = cloud.now().as_millis() / 1000;
    let both = keys(json!({"StartTime": start, "EndTime": now})).await;
    assert_eq!(both, json!([first[0], second[0]]));
    let none = keys(json!({"StartTime": start - 10_000, "EndTime": start - 5_000})).await;
    assert_eq!(none, json!([]));
    let input = json!({"StartTime": now, "EndTime": start});
    trails.refused("ListPublicKeys", input, "InvalidTimeRangeException").await;
    let stranger = cloud.root("444455556666");
    let others = Client::new(&cloud, &stranger).ok("ListPublicKeys", json!({})).await;
    assert_ne!(others["PublicKeyList"][0]["Fingerprint"], second[0]["Fingerprint"]);
}
