//! Accounts that leave, and those that may not.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{MANAGEMENT, OTHER, account, join, ok, organization, refused};

#[tokio::test]
async fn a_member_leaves_or_is_removed_and_the_management_account_does_neither() {
    let cloud = TestCloud::new(50);
    let management = organization(&cloud).await;
    let member = join(&cloud, &management, OTHER).await;
    ok(&cloud, &member, "LeaveOrganization", json!({})).await;
    let told = refused(&cloud, &member, "DescribeOrganization", json!({})).await;
    assert!(told.starts_with("AWSOrganizationsNotInUseException"), "{told}");
    join(&cloud, &management, OTHER).await;
    ok(&cloud, &management, "RemoveAccountFromOrganization", json!({"AccountId": OTHER})).await;
    let again =
        refused(&cloud, &management, "RemoveAccountFromOrganization", json!({"AccountId": OTHER})).await;
    assert_eq!(again, "AccountNotFoundException: You specified an account that doesn't exist.");
    let cannot =
        "MasterCannotLeaveOrganizationException: You can't remove a management account from an organization.";
    assert_eq!(refused(&cloud, &management, "LeaveOrganization", json!({})).await, cannot);
    let told =
        refused(&cloud, &management, "RemoveAccountFromOrganization", json!({"AccountId": MANAGEMENT})).await;
    assert_eq!(told, cannot);
}

#[tokio::test]
async fn an_account_that_was_made_stays_for_four_days_at_least() {
    let cloud = TestCloud::new(51);
    let management = organization(&cloud).await;
    let account_id = account(&cloud, &management, "dev").await;
    let named = || json!({"AccountId": account_id});
    let told = refused(&cloud, &management, "RemoveAccountFromOrganization", named()).await;
    assert!(told.starts_with("ConstraintViolationException (WAIT_PERIOD_ACTIVE)"), "{told}");
    cloud.advance(Duration::from_secs(4 * 24 * 60 * 60)).await;
    ok(&cloud, &management, "RemoveAccountFromOrganization", named()).await;
}
