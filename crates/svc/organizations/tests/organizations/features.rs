//! Enabling all features.

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use crate::client::{MANAGEMENT, OTHER, account, join, ok, refused, text, texts};

async fn billing(cloud: &TestCloud) -> TestCaller {
    let management = cloud.root(MANAGEMENT);
    ok(cloud, &management, "CreateOrganization", json!({"FeatureSet": "CONSOLIDATED_BILLING"})).await;
    management
}

async fn features(cloud: &TestCloud, management: &TestCaller) -> Json {
    ok(cloud, management, "DescribeOrganization", json!({})).await["Organization"]["FeatureSet"].clone()
}

#[tokio::test]
async fn every_invited_member_approves_before_the_management_account_finishes() {
    let cloud = TestCloud::new(40);
    let management = billing(&cloud).await;
    account(&cloud, &management, "made").await;
    let members = [join(&cloud, &management, OTHER).await, join(&cloud, &management, "777788889999").await];
    let asked = ok(&cloud, &management, "EnableAllFeatures", json!({})).await["Handshake"].clone();
    let parent_id = text(&asked["Id"]);
    assert_eq!((&asked["State"], &asked["Action"]), (&json!("REQUESTED"), &json!("ENABLE_ALL_FEATURES")));
    let again = refused(&cloud, &management, "EnableAllFeatures", json!({})).await;
    assert!(again.contains("(ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION)"), "{again}");
    let target = json!({"Target": {"Id": "500000000005", "Type": "ACCOUNT"}});
    let told = refused(&cloud, &management, "InviteAccountToOrganization", target).await;
    assert!(told.contains("(INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES)"), "{told}");
    for member in &members {
        let early = refused(&cloud, &management, "AcceptHandshake", json!({"HandshakeId": parent_id})).await;
        assert!(early.starts_with("InvalidHandshakeTransitionException"), "{early}");
        let listed = json!({"Filter": {"ParentHandshakeId": parent_id}});
        let listed = ok(&cloud, member, "ListHandshakesForAccount", listed).await;
        assert_eq!(texts(&listed["Handshakes"], "Action"), ["APPROVE_ALL_FEATURES"]);
        let id = text(&listed["Handshakes"][0]["Id"]);
        ok(&cloud, member, "AcceptHandshake", json!({"HandshakeId": id})).await;
    }
    assert_eq!(features(&cloud, &management).await, "CONSOLIDATED_BILLING");
    let told = ok(&cloud, &management, "DescribeHandshake", json!({"HandshakeId": parent_id})).await;
    assert_eq!(told["Handshake"]["State"], "OPEN");
    ok(&cloud, &management, "AcceptHandshake", json!({"HandshakeId": parent_id})).await;
    assert_eq!(features(&cloud, &management).await, "ALL");
    let again = refused(&cloud, &management, "EnableAllFeatures", json!({})).await;
    assert!(again.contains("(ORGANIZATION_ALREADY_HAS_ALL_FEATURES)"), "{again}");
}

#[tokio::test]
async fn a_member_that_leaves_need_not_approve() {
    let cloud = TestCloud::new(41);
    let management = billing(&cloud).await;
    let member = join(&cloud, &management, OTHER).await;
    let asked = ok(&cloud, &management, "EnableAllFeatures", json!({})).await;
    ok(&cloud, &member, "LeaveOrganization", json!({})).await;
    let listed = ok(
        &cloud,
        &member,
        "ListHandshakesForAccount",
        json!({"Filter": {"ActionType": "APPROVE_ALL_FEATURES"}}),
    )
    .await;
    assert_eq!(texts(&listed["Handshakes"], "State"), ["CANCELED"]);
    let id = &asked["Handshake"]["Id"];
    ok(&cloud, &management, "AcceptHandshake", json!({"HandshakeId": id})).await;
    assert_eq!(features(&cloud, &management).await, "ALL");
}

#[tokio::test]
async fn canceling_takes_back_what_the_members_are_asked() {
    let cloud = TestCloud::new(42);
    let management = billing(&cloud).await;
    let member = join(&cloud, &management, OTHER).await;
    let asked = ok(&cloud, &management, "EnableAllFeatures", json!({})).await;
    ok(&cloud, &management, "CancelHandshake", json!({"HandshakeId": asked["Handshake"]["Id"]})).await;
    let filter = json!({"Filter": {"ActionType": "APPROVE_ALL_FEATURES"}});
    let listed = ok(&cloud, &member, "ListHandshakesForAccount", filter).await;
    assert_eq!(texts(&listed["Handshakes"], "State"), ["CANCELED"]);
    ok(&cloud, &management, "EnableAllFeatures", json!({})).await;
}
