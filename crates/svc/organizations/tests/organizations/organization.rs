//! The organization itself.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{MANAGEMENT, OTHER, account, join, ok, organization, refused, root_id, send, text, unit};

#[tokio::test]
async fn an_organization_has_all_features_unless_only_billing_is_asked_for() {
    let cloud = TestCloud::new(1);
    let management = organization(&cloud).await;
    let told = ok(&cloud, &management, "DescribeOrganization", json!({})).await;
    let told = &told["Organization"];
    let id = text(&told["Id"]);
    assert!(id.starts_with("o-") && id.len() == 12, "{id}");
    assert_eq!(told["FeatureSet"], "ALL");
    assert_eq!(told["MasterAccountId"], MANAGEMENT);
    assert_eq!(told["Arn"], format!("arn:aws:organizations::{MANAGEMENT}:organization/{id}"));
    assert_eq!(
        told["MasterAccountArn"],
        format!("arn:aws:organizations::{MANAGEMENT}:account/{id}/{MANAGEMENT}")
    );
    assert_eq!(told["AvailablePolicyTypes"][0]["Type"], "SERVICE_CONTROL_POLICY");
    let roots = ok(&cloud, &management, "ListRoots", json!({})).await;
    assert_eq!(roots["Roots"].as_array().unwrap().len(), 1);
    assert_eq!((&roots["Roots"][0]["Name"], &roots["Roots"][0]["PolicyTypes"]), (&json!("Root"), &json!([])));
    let listed = ok(&cloud, &management, "ListAccounts", json!({})).await;
    assert_eq!(listed["Accounts"][0]["Id"], MANAGEMENT);
    assert_eq!(listed["Accounts"][0]["JoinedMethod"], "INVITED");
    let again = refused(&cloud, &management, "CreateOrganization", json!({})).await;
    assert_eq!(
        again,
        "AlreadyInOrganizationException: The AWS account is already a member of an organization."
    );
    let billing = json!({"FeatureSet": "CONSOLIDATED_BILLING"});
    let billing = ok(&cloud, &cloud.root(OTHER), "CreateOrganization", billing).await;
    assert_eq!(billing["Organization"]["FeatureSet"], "CONSOLIDATED_BILLING");
}

#[tokio::test]
async fn the_management_account_gets_the_service_linked_role() {
    let cloud = TestCloud::new(2);
    organization(&cloud).await;
    let may_look = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:GetRole","Resource":"arn:aws:iam::*:role/aws-service-role/organizations.amazonaws.com/AWSServiceRoleForOrganizations"}}"#;
    let user = cloud.user_with_policy(MANAGEMENT, "curious", may_look).await;
    let model = cloud.cloud().service("iam").unwrap().operation("GetRole").unwrap().model;
    let asked = json!({"RoleName": "AWSServiceRoleForOrganizations"});
    let told = cloud.send_signed(&user, model.service.protocols[0], model, &asked).await;
    assert_eq!(told.status(), 200, "{}", told.text());
    assert!(told.text().contains("/aws-service-role/organizations.amazonaws.com/"), "{}", told.text());
}

#[tokio::test]
async fn only_an_organization_without_members_is_deleted_and_leaves_nothing() {
    let cloud = TestCloud::new(3);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    unit(&cloud, &management, &root_id, "unit").await;
    let member = join(&cloud, &management, OTHER).await;
    let told = refused(&cloud, &management, "DeleteOrganization", json!({})).await;
    assert_eq!(
        told,
        "OrganizationNotEmptyException: To delete an organization you must first remove all member accounts (except \
         the master)."
    );
    ok(&cloud, &member, "LeaveOrganization", json!({})).await;
    ok(&cloud, &management, "DeleteOrganization", json!({})).await;
    for caller in [&management, &member] {
        let told = refused(&cloud, caller, "DescribeOrganization", json!({})).await;
        assert_eq!(
            told,
            "AWSOrganizationsNotInUseException: Your account is not a member of an organization."
        );
    }
    organization(&cloud).await;
}

#[tokio::test]
async fn a_deleted_organization_asks_nobody_any_more() {
    let cloud = TestCloud::new(4);
    let management = organization(&cloud).await;
    let handshake_id = crate::client::invite(&cloud, &management, OTHER).await;
    ok(&cloud, &management, "DeleteOrganization", json!({})).await;
    let told =
        refused(&cloud, &cloud.root(OTHER), "AcceptHandshake", json!({"HandshakeId": handshake_id})).await;
    assert_eq!(
        told,
        "InvalidHandshakeTransitionException: You can't perform the operation on the handshake in its current state."
    );
}

#[tokio::test]
async fn accounts_come_in_pages_whose_tokens_belong_to_their_list() {
    let cloud = TestCloud::new(5);
    let management = organization(&cloud).await;
    for name in ["one", "two", "three"] {
        account(&cloud, &management, name).await;
    }
    let (mut found, mut token) = (Vec::new(), None);
    loop {
        let asked = match &token {
            Some(token) => json!({"MaxResults": 2, "NextToken": token}),
            None => json!({"MaxResults": 2}),
        };
        let page = ok(&cloud, &management, "ListAccounts", asked).await;
        found.extend(crate::client::texts(&page["Accounts"], "Id"));
        match page["NextToken"].as_str() {
            Some(next) => token = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(found.len(), 4);
    let told = refused(&cloud, &management, "ListRoots", json!({"NextToken": token})).await;
    assert_eq!(
        told,
        "InvalidInputException (INVALID_NEXT_TOKEN): You specified an invalid pagination token."
    );
    let response = send(&cloud, &management, "organizations", "ListRoots", json!({"NextToken": "a"})).await;
    assert_eq!(response.status(), 400);
}
