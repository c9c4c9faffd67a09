//! Trails of organizations.

use alcazar_api_organizations::operation::{
    CreateAccount, CreateAccountRequest, CreateOrganization, CreateOrganizationRequest,
    EnableAWSServiceAccess, EnableAWSServiceAccessRequest, ListAccounts, ListAccountsRequest,
};
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::json;

use crate::client::{ACCOUNT, Client};

async fn organization(cloud: &TestCloud) -> (TestCaller, TestCaller) {
    let management = cloud.root(ACCOUNT);
    cloud.call::<CreateOrganization>(&management, CreateOrganizationRequest::default()).await.unwrap();
    let request = CreateAccountRequest {
        email: "member@example.com".to_owned().into(),
        account_name: "member".to_owned().into(),
        ..CreateAccountRequest::default()
    };
    cloud.call::<CreateAccount>(&management, request).await.unwrap();
    cloud.advance(std::time::Duration::from_secs(60)).await;
    let accounts = cloud.call::<ListAccounts>(&management, ListAccountsRequest::default()).await.unwrap();
    let accounts = accounts.accounts.unwrap();
    let ids = accounts.iter().map(|account| account.id.clone().unwrap());
    let member = ids.into_iter().find(|id| id != ACCOUNT).unwrap();
    (management, cloud.root(&member))
}

#[tokio::test]
async fn an_organizations_trail_is_made_by_its_management_and_seen_by_its_members() {
    let cloud = TestCloud::new(70);
    let (management, member) = organization(&cloud).await;
    let (trails, members) = (Client::new(&cloud, &management), Client::new(&cloud, &member));
    let input = json!({"Name": "all", "S3BucketName": "bucket", "IsOrganizationTrail": true});
    trails.refused("CreateTrail", input.clone(), "CloudTrailAccessNotEnabledException").await;
    let trust = EnableAWSServiceAccessRequest { service_principal: "cloudtrail.amazonaws.com".to_owned() };
    cloud.call::<EnableAWSServiceAccess>(&management, trust).await.unwrap();
    members.refused("CreateTrail", input.clone(), "NotOrganizationMasterAccountException").await;
    let made = trails.ok("CreateTrail", input).await;
    assert_eq!(made["IsOrganizationTrail"], true);
    let arn = made["TrailARN"].clone();

    let seen = members.ok("DescribeTrails", json!({})).await;
    assert_eq!(seen["trailList"][0]["TrailARN"], arn);
    let own = members.ok("DescribeTrails", json!({"includeShadowTrails": false})).await;
    assert_eq!(own, json!({"trailList": []}));
    members.ok("GetTrailStatus", json!({"Name": arn})).await;
    for operation in ["StopLogging", "DeleteTrail", "UpdateTrail"] {
        members.refused(operation, json!({"Name": arn}), "NotOrganizationMasterAccountException").await;
    }
    trails.ok("UpdateTrail", json!({"Name": "all", "IsOrganizationTrail": false})).await;
    assert_eq!(members.ok("DescribeTrails", json!({})).await, json!({"trailList": []}));
    members.refused("GetTrail", json!({"Name": arn}), "TrailNotFoundException").await;
}

#[tokio::test]
async fn whoever_makes_one_needs_what_cloudtrail_does_for_it() {
    let cloud = TestCloud::new(71);
    let (management, _) = organization(&cloud).await;
    let trust = EnableAWSServiceAccessRequest { service_principal: "cloudtrail.amazonaws.com".to_owned() };
    cloud.call::<EnableAWSServiceAccess>(&management, trust).await.unwrap();
    let policy =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"cloudtrail:*","Resource":"*"}}"#;
    let user = cloud.user_with_policy(ACCOUNT, "user", policy).await;
    let input = json!({"Name": "all", "S3BucketName": "bucket", "IsOrganizationTrail": true});
    let code = "InsufficientDependencyServiceAccessPermissionException";
    Client::new(&cloud, &user).refused("CreateTrail", input, code).await;
}
