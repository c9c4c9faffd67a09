//! Account aliases.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT};

#[tokio::test]
async fn an_account_has_one_alias_and_no_other_has_the_same() {
    let cloud = TestCloud::new(60);
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let (iam, others) = (Client::new(&cloud, &root), Client::new(&cloud, &other));
    assert_eq!(iam.ok("ListAccountAliases", json!({})).await["AccountAliases"], json!([]));
    iam.ok("CreateAccountAlias", json!({"AccountAlias": "first-name"})).await;
    for client in [iam, others] {
        let taken = client.refused("CreateAccountAlias", json!({"AccountAlias": "first-name"})).await;
        assert_eq!(taken, "EntityAlreadyExists: The account alias first-name already exists.");
    }
    iam.ok("CreateAccountAlias", json!({"AccountAlias": "second-name"})).await;
    assert_eq!(iam.ok("ListAccountAliases", json!({})).await["AccountAliases"], json!(["second-name"]));
    others.ok("CreateAccountAlias", json!({"AccountAlias": "first-name"})).await;
    let foreign = others.refused("DeleteAccountAlias", json!({"AccountAlias": "second-name"})).await;
    assert_eq!(foreign, "NoSuchEntity: The account alias second-name cannot be found.");
    iam.ok("DeleteAccountAlias", json!({"AccountAlias": "second-name"})).await;
    assert_eq!(iam.ok("ListAccountAliases", json!({})).await["AccountAliases"], json!([]));
    others.ok("CreateAccountAlias", json!({"AccountAlias": "second-name"})).await;
}

#[tokio::test]
async fn what_is_no_alias_is_refused() {
    let cloud = TestCloud::new(61);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    for alias in ["Upper", "a--b", "-ab", "ab-", "ab"] {
        let wrong = iam.refused("CreateAccountAlias", json!({"AccountAlias": alias})).await;
        assert!(wrong.starts_with("ValidationError: "), "{alias}: {wrong}");
    }
}
