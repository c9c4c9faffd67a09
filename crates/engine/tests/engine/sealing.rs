//! Records that somebody changed behind the engine's back.

use alcazar_shape::common_error::INTERNAL_FAILURE;
use alcazar_testkit::{TestCaller, TestCloud};
use bytes::Bytes;

use crate::ledger::{Add, Request, Sum, about, balance, balance_name, cloud};

/// A cloud with two balances, and their names and sealed contents.
async fn two_balances(seed: u64) -> (TestCloud, TestCaller, [(Bytes, Bytes); 2]) {
    let (cloud, root) = cloud(seed);
    for (name, number) in [("a", 1), ("b", 2)] {
        cloud.call::<Add>(&root, Request { number: Some(number), ..about(name) }).await.unwrap();
    }
    let records = cloud.store().records().await;
    let found = ["a", "b"].map(|name| {
        let name = balance_name(name);
        records.iter().find(|(found, _)| found == name.as_bytes()).unwrap().clone()
    });
    (cloud, root, found)
}

async fn is_refused(cloud: &TestCloud, root: &TestCaller, name: &str) -> bool {
    match cloud.call::<Sum>(root, about(name)).await {
        Ok(_) => false,
        Err(error) => {
            assert_eq!(error.model(), &INTERNAL_FAILURE);
            assert_eq!(cloud.last_event().error_code.as_deref(), Some("InternalFailure"));
            true
        }
    }
}

#[tokio::test]
async fn records_that_were_swapped_are_refused() {
    let (cloud, root, [(name_a, a), (name_b, b)]) = two_balances(120).await;
    cloud.store().write_raw(vec![(name_a, Some(b)), (name_b, Some(a))]).await;
    assert!(is_refused(&cloud, &root, "a").await);
    assert!(is_refused(&cloud, &root, "b").await);
}

#[tokio::test]
async fn a_record_that_was_copied_to_another_name_is_refused() {
    let (cloud, root, [(_, a), _]) = two_balances(121).await;
    let elsewhere = balance_name("c").as_bytes().clone();
    cloud.store().write_raw(vec![(elsewhere, Some(a))]).await;
    assert!(is_refused(&cloud, &root, "c").await);
    assert_eq!(balance(&cloud, "a").await, 1);
}

#[tokio::test]
async fn a_record_with_any_bit_changed_is_refused() {
    let (cloud, root, [(name, sealed), _]) = two_balances(122).await;
    for place in 0..sealed.len() {
        for bit in [0, 3, 7] {
            let mut changed = sealed.to_vec();
            changed[place] ^= 1 << bit;
            cloud.store().write_raw(vec![(name.clone(), Some(changed.into()))]).await;
            assert!(is_refused(&cloud, &root, "a").await, "byte {place}, bit {bit}");
        }
    }
}

#[tokio::test]
async fn a_record_that_was_cut_or_lengthened_is_refused() {
    let (cloud, root, [(name, sealed), _]) = two_balances(123).await;
    for length in 0..sealed.len() {
        cloud.store().write_raw(vec![(name.clone(), Some(sealed.slice(..length)))]).await;
        assert!(is_refused(&cloud, &root, "a").await, "{length}");
    }
    let longer = [&sealed[..], b"\0"].concat();
    cloud.store().write_raw(vec![(name.clone(), Some(longer.into()))]).await;
    assert!(is_refused(&cloud, &root, "a").await);
    cloud.store().write_raw(vec![(name, Some(sealed))]).await;
    assert_eq!(balance(&cloud, "a").await, 1);
}

#[tokio::test]
async fn a_record_of_another_cloud_is_refused() {
    let (cloud, root, [(name, _), _]) = two_balances(124).await;
    let (_, _, [(other_name, other), _]) = two_balances(125).await;
    assert_eq!(name, other_name);
    cloud.store().write_raw(vec![(name, Some(other))]).await;
    assert!(is_refused(&cloud, &root, "a").await);
}
