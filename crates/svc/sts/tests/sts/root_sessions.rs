//! `AssumeRoot`: sessions of member accounts' root users, for privileged tasks.

use std::time::Duration;

use alcazar_api_iam::operation::{
    EnableOrganizationsRootSessions, EnableOrganizationsRootSessionsRequest, ListAccessKeys,
    ListAccessKeysRequest,
};
use alcazar_api_organizations::operation::{
    CreateAccount, CreateAccountRequest, CreateOrganization, CreateOrganizationRequest,
    DescribeCreateAccountStatus, DescribeCreateAccountStatusRequest, EnableAWSServiceAccess,
    EnableAWSServiceAccessRequest,
};
use alcazar_api_sts::operation::{
    AssumeRoot, AssumeRootRequest, GetCallerIdentity, GetCallerIdentityRequest,
};
use alcazar_api_sts::types::PolicyDescriptorType;
use alcazar_testkit::TestCloud;

use crate::scene::{ACCOUNT, ALL, may_list_users, told};

const AUDIT: &str = "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials";

fn request(account: &str, task: &str) -> AssumeRootRequest {
    AssumeRootRequest {
        target_principal: account.to_owned(),
        task_policy_arn: PolicyDescriptorType { arn: Some(task.to_owned()) },
        ..AssumeRootRequest::default()
    }
}

/// An organization of `ACCOUNT`, with a member account, whose id it gives back.
async fn organization(cloud: &TestCloud) -> String {
    let root = cloud.root(ACCOUNT);
    cloud.call::<CreateOrganization>(&root, CreateOrganizationRequest::default()).await.unwrap();
    let asked = CreateAccountRequest {
        account_name: "member".to_owned().into(),
        email: "member@example.com".to_owned().into(),
        ..CreateAccountRequest::default()
    };
    let status = cloud.call::<CreateAccount>(&root, asked).await.unwrap().create_account_status.unwrap();
    cloud.advance(Duration::from_secs(60)).await;
    let asked = DescribeCreateAccountStatusRequest { create_account_request_id: status.id.unwrap() };
    let status = cloud.call::<DescribeCreateAccountStatus>(&root, asked).await.unwrap();
    status.create_account_status.unwrap().account_id.unwrap()
}

async fn enable(cloud: &TestCloud) {
    let root = cloud.root(ACCOUNT);
    let access = EnableAWSServiceAccessRequest { service_principal: "iam.amazonaws.com".to_owned() };
    cloud.call::<EnableAWSServiceAccess>(&root, access).await.unwrap();
    let request = EnableOrganizationsRootSessionsRequest::default();
    cloud.call::<EnableOrganizationsRootSessions>(&root, request).await.unwrap();
}

#[tokio::test]
async fn the_management_account_does_one_task_as_a_members_root_user() {
    let cloud = TestCloud::new(110);
    let member = organization(&cloud).await;
    let user = cloud.user_with_policy(ACCOUNT, "ann", ALL).await;
    let arn = format!("arn:aws:iam::{member}:root");
    let denied =
        format!("User: {} is not authorized to perform: sts:AssumeRoot on resource: {arn}", user.arn());
    let outcome = cloud.call::<AssumeRoot>(&user, request(&member, AUDIT)).await;
    assert_eq!(told(outcome), ("AccessDenied", denied), "it is not enabled");
    enable(&cloud).await;
    let answer = cloud.call::<AssumeRoot>(&user, request(&arn, AUDIT)).await.unwrap();
    let credentials = answer.credentials.unwrap();
    assert_eq!(credentials.expiration.as_secs() - cloud.now().as_secs(), 900);
    let session = cloud.session(credentials);
    let identity = cloud.call::<GetCallerIdentity>(&session, GetCallerIdentityRequest::default()).await;
    assert_eq!(identity.unwrap().arn, Some(arn));
    let keys = cloud.call::<ListAccessKeys>(&session, ListAccessKeysRequest::default()).await;
    assert!(keys.is_ok(), "{keys:?}");
    assert!(!may_list_users(&cloud, &session).await);
}

#[tokio::test]
async fn nobody_else_does_and_no_other_task() {
    let cloud = TestCloud::new(111);
    let member = organization(&cloud).await;
    enable(&cloud).await;
    let user = cloud.user_with_policy(ACCOUNT, "ann", ALL).await;
    let of_member = cloud.user_with_policy(&member, "eve", ALL).await;
    let weak = cloud.user(ACCOUNT, "bob").await;
    let root = cloud.root(ACCOUNT);
    for (caller, target) in [
        (&of_member, member.as_str()),
        (&weak, &member),
        (&root, &member),
        (&user, ACCOUNT),
        (&user, "999988887777"),
    ] {
        let outcome = cloud.call::<AssumeRoot>(caller, request(target, AUDIT)).await;
        assert_eq!(told(outcome).0, "AccessDenied", "{} {target}", caller.arn());
    }
    for (target, task) in
        [(member.as_str(), "arn:aws:iam::aws:policy/AdministratorAccess"), ("not-an-account", AUDIT)]
    {
        let outcome = cloud.call::<AssumeRoot>(&user, request(target, task)).await;
        assert_eq!(told(outcome).0, "ValidationError");
    }
}
