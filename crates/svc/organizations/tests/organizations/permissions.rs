//! Who may call what: policies, and the account that calls.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{MANAGEMENT, OTHER, join, ok, organization, refused, root_id};

const NO_PARTY: &str = "AccessDeniedException: You don't have permissions to access this resource.";

#[tokio::test]
async fn a_member_knows_its_organization_and_does_nothing_in_it() {
    let cloud = TestCloud::new(60);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    let member = join(&cloud, &management, OTHER).await;
    ok(&cloud, &member, "DescribeOrganization", json!({})).await;
    for (operation, input) in [
        ("ListAccounts", json!({})),
        ("ListRoots", json!({})),
        ("ListHandshakesForOrganization", json!({})),
        ("DescribeAccount", json!({"AccountId": OTHER})),
        ("CloseAccount", json!({"AccountId": MANAGEMENT})),
        ("CreateOrganizationalUnit", json!({"ParentId": root_id, "Name": "mine"})),
        ("CreateAccount", json!({"Email": "a@example.com", "AccountName": "mine"})),
        ("DeleteOrganization", json!({})),
    ] {
        assert_eq!(refused(&cloud, &member, operation, input).await, NO_PARTY, "{operation}");
    }
}

#[tokio::test]
async fn an_account_in_no_organization_is_told_so_by_every_operation() {
    let cloud = TestCloud::new(61);
    let root = cloud.root(OTHER);
    for (operation, input) in [
        ("DescribeOrganization", json!({})),
        ("ListAccounts", json!({})),
        ("DescribeAccount", json!({"AccountId": OTHER})),
        ("LeaveOrganization", json!({})),
        ("InviteAccountToOrganization", json!({"Target": {"Id": MANAGEMENT, "Type": "ACCOUNT"}})),
        ("ListChildren", json!({"ParentId": "r-abcd", "ChildType": "ACCOUNT"})),
    ] {
        let told = refused(&cloud, &root, operation, input).await;
        assert_eq!(
            told, "AWSOrganizationsNotInUseException: Your account is not a member of an organization.",
            "{operation}"
        );
    }
}

#[tokio::test]
async fn a_user_needs_permission_for_the_account_it_asks_about() {
    let cloud = TestCloud::new(62);
    let management = organization(&cloud).await;
    join(&cloud, &management, OTHER).await;
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"organizations:DescribeAccount","Resource":"arn:aws:organizations::{MANAGEMENT}:account/o-*/{OTHER}"}}}}"#
    );
    let user = cloud.user_with_policy(MANAGEMENT, "user", &policy).await;
    ok(&cloud, &user, "DescribeAccount", json!({"AccountId": OTHER})).await;
    for account in [MANAGEMENT, "999999999999"] {
        let told = refused(&cloud, &user, "DescribeAccount", json!({"AccountId": account})).await;
        let says = format!(
            "User: arn:aws:iam::{MANAGEMENT}:user/user is not authorized to perform: organizations:DescribeAccount on resource: arn:aws:organizations::{MANAGEMENT}:account/o-"
        );
        assert!(told.contains(&says), "{told}");
    }
}

#[tokio::test]
async fn tags_decide_about_accounts_and_units() {
    let cloud = TestCloud::new(63);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"organizations:DescribeOrganizationalUnit","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/Team":"red"}}}]}"#;
    let user = cloud.user_with_policy(MANAGEMENT, "user", policy).await;
    let mut ids = Vec::new();
    for team in ["red", "blue"] {
        let unit = json!({"ParentId": root_id, "Name": team, "Tags": [{"Key": "Team", "Value": team}]});
        let unit = ok(&cloud, &management, "CreateOrganizationalUnit", unit).await;
        ids.push(unit["OrganizationalUnit"]["Id"].clone());
    }
    ok(&cloud, &user, "DescribeOrganizationalUnit", json!({"OrganizationalUnitId": ids[0]})).await;
    let told =
        refused(&cloud, &user, "DescribeOrganizationalUnit", json!({"OrganizationalUnitId": ids[1]})).await;
    assert!(told.starts_with("AccessDeniedException: User: "), "{told}");
}

#[tokio::test]
async fn who_may_not_have_the_service_linked_role_made_is_told_so() {
    let cloud = TestCloud::new(64);
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"organizations:*","Resource":"*"}}"#;
    let user = cloud.user_with_policy(MANAGEMENT, "user", policy).await;
    let told = refused(&cloud, &user, "CreateOrganization", json!({})).await;
    assert!(
        told.starts_with(
            "AccessDeniedForDependencyException (ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE)"
        ),
        "{told}"
    );
}

#[tokio::test]
async fn an_input_that_breaks_its_constraints_is_refused_in_the_services_own_words() {
    let cloud = TestCloud::new(65);
    let management = organization(&cloud).await;
    for (operation, input, told) in [
        (
            "DescribeAccount",
            json!({"AccountId": "12"}),
            "InvalidInputException (INVALID_PATTERN:ACCOUNT_ID): You provided a value that does not match the required \
             pattern.",
        ),
        (
            "ListChildren",
            json!({"ParentId": "r-abcd", "ChildType": "ROOT"}),
            "InvalidInputException (INVALID_ENUM:CHILD_TYPE): You specified an invalid value.",
        ),
        (
            "ListAccounts",
            json!({"MaxResults": 21}),
            "InvalidInputException (MAX_VALUE_EXCEEDED:MAX_RESULTS): You provided a numeric parameter that has a \
             larger value than allowed.",
        ),
        (
            "DescribeHandshake",
            json!({}),
            "InvalidInputException (INPUT_REQUIRED:HANDSHAKE_ID): You must include a value for all required \
             parameters.",
        ),
    ] {
        assert_eq!(refused(&cloud, &management, operation, input).await, told, "{operation}");
    }
}
