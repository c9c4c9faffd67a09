//! Accounts: making, finding, moving and closing them.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{
    MANAGEMENT, OTHER, account, join, ok, organization, refused, root_id, send, text, texts, unit,
};

/// What lets a user do everything.
const EVERYTHING: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

#[tokio::test]
async fn an_account_is_made_by_and_by() {
    let cloud = TestCloud::new(10);
    let management = organization(&cloud).await;
    let asked = json!({
        "Email": "dev@example.com", "AccountName": "dev", "Tags": [{"Key": "Team", "Value": "red"}],
    });
    let asked = ok(&cloud, &management, "CreateAccount", asked).await;
    let status = &asked["CreateAccountStatus"];
    assert_eq!((&status["State"], &status["AccountName"]), (&json!("IN_PROGRESS"), &json!("dev")));
    let request_id = text(&status["Id"]);
    assert!(request_id.starts_with("car-"), "{request_id}");
    cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(cloud.last_event().event_name, "CreateAccountResult");
    let told = json!({"CreateAccountRequestId": request_id});
    let told = ok(&cloud, &management, "DescribeCreateAccountStatus", told).await;
    assert_eq!(told["CreateAccountStatus"]["State"], "SUCCEEDED");
    let account_id = text(&told["CreateAccountStatus"]["AccountId"]);
    let told = ok(&cloud, &management, "DescribeAccount", json!({"AccountId": account_id})).await;
    let told = &told["Account"];
    assert_eq!((&told["Name"], &told["Email"]), (&json!("dev"), &json!("dev@example.com")));
    assert_eq!((&told["Status"], &told["State"]), (&json!("ACTIVE"), &json!("ACTIVE")));
    assert_eq!(told["JoinedMethod"], "CREATED");
    let path = text(&told["Paths"][0]);
    assert!(path.starts_with("o-") && path.ends_with(&format!("/{account_id}/")), "{path}");
    let listed = ok(&cloud, &management, "ListCreateAccountStatus", json!({"States": ["SUCCEEDED"]})).await;
    assert_eq!(texts(&listed["CreateAccountStatuses"], "Id"), [request_id.as_str()]);
    let listed = ok(&cloud, &management, "ListCreateAccountStatus", json!({"States": ["FAILED"]})).await;
    assert_eq!(listed["CreateAccountStatuses"], json!([]));
    cloud.advance(Duration::from_secs(91 * 24 * 60 * 60)).await;
    let told = json!({"CreateAccountRequestId": request_id});
    let told = refused(&cloud, &management, "DescribeCreateAccountStatus", told).await;
    assert_eq!(
        told,
        "CreateAccountStatusNotFoundException: You specified a create account request that doesn't exist."
    );
}

#[tokio::test]
async fn the_management_account_comes_into_a_new_account_by_its_access_role() {
    let cloud = TestCloud::new(11);
    let management = organization(&cloud).await;
    let account_id = account(&cloud, &management, "dev").await;
    let admin = cloud.user_with_policy(MANAGEMENT, "admin", EVERYTHING).await;
    let role = format!("arn:aws:iam::{account_id}:role/OrganizationAccountAccessRole");
    let session = cloud.assume_role(&admin, &role, "session").await;
    let listed = send(&cloud, &session, "kms", "ListKeys", json!({})).await;
    assert_eq!(listed.status(), 200, "{}", listed.text());
    ok(&cloud, &management, "CloseAccount", json!({"AccountId": account_id})).await;
    let told = send(&cloud, &session, "kms", "ListKeys", json!({})).await.json();
    assert_eq!(told["__type"], "UnrecognizedClientException");
    let told = ok(&cloud, &management, "DescribeAccount", json!({"AccountId": account_id})).await;
    assert_eq!(
        (&told["Account"]["Status"], &told["Account"]["State"]),
        (&json!("SUSPENDED"), &json!("CLOSED"))
    );
    let again = refused(&cloud, &management, "CloseAccount", json!({"AccountId": account_id})).await;
    assert_eq!(again, "AccountAlreadyClosedException: The provided account is already closed.");
    cloud.advance(Duration::from_secs(91 * 24 * 60 * 60)).await;
    let told = refused(&cloud, &management, "DescribeAccount", json!({"AccountId": account_id})).await;
    assert_eq!(told, "AccountNotFoundException: You specified an account that doesn't exist.");
}

#[tokio::test]
async fn an_address_is_one_accounts_alone() {
    let cloud = TestCloud::new(12);
    let management = organization(&cloud).await;
    account(&cloud, &management, "dev").await;
    for (email, reason) in [
        ("DEV@example.com", "EMAIL_ALREADY_EXISTS"),
        ("111122223333@account.internal", "EMAIL_ALREADY_EXISTS"),
        ("a%b@example.com", "INVALID_EMAIL"),
    ] {
        let asked = json!({"Email": email, "AccountName": "again"});
        let asked = ok(&cloud, &management, "CreateAccount", asked).await;
        cloud.advance(Duration::ZERO).await;
        let told = json!({"CreateAccountRequestId": asked["CreateAccountStatus"]["Id"]});
        let told = ok(&cloud, &management, "DescribeCreateAccountStatus", told).await;
        assert_eq!(told["CreateAccountStatus"]["State"], "FAILED", "{email}");
        assert_eq!(told["CreateAccountStatus"]["FailureReason"], reason, "{email}");
    }
}

#[tokio::test]
async fn an_organization_has_as_many_accounts_as_its_quota_and_makes_five_at_a_time() {
    let cloud = TestCloud::builder(13).quota("organizations.accounts", "8").build();
    let management = organization(&cloud).await;
    let asked = |number: u32| json!({"Email": format!("a{number}@example.com"), "AccountName": "a"});
    for number in 0..5 {
        ok(&cloud, &management, "CreateAccount", asked(number)).await;
    }
    let told = refused(&cloud, &management, "CreateAccount", asked(5)).await;
    assert!(
        told.starts_with("ConstraintViolationException (ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED)"),
        "{told}"
    );
    cloud.advance(Duration::ZERO).await;
    ok(&cloud, &management, "CreateAccount", asked(5)).await;
    cloud.advance(Duration::ZERO).await;
    crate::client::invite(&cloud, &management, OTHER).await;
    let told = refused(&cloud, &management, "CreateAccount", asked(6)).await;
    assert_eq!(
        told,
        "ConstraintViolationException (ACCOUNT_NUMBER_LIMIT_EXCEEDED): You have exceeded the allowed number of AWS \
         accounts."
    );
}

#[tokio::test]
async fn what_counts_for_an_account_changes_at_once_when_it_moves() {
    let cloud = TestCloud::new(14);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    let unit_id = unit(&cloud, &management, &root_id, "trusted").await;
    join(&cloud, &management, OTHER).await;
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*","Condition":{{"ForAnyValue:StringLike":{{"aws:PrincipalOrgPaths":"o-*/{root_id}/{unit_id}/*"}}}}}}}}"#
    );
    let user = cloud.user_with_policy(OTHER, "user", &policy).await;
    let may = async || send(&cloud, &user, "kms", "ListKeys", json!({})).await.status() == 200;
    let to = async |source: &str, destination: &str| {
        let moved = json!({"AccountId": OTHER, "SourceParentId": source, "DestinationParentId": destination});
        ok(&cloud, &management, "MoveAccount", moved).await;
    };
    assert!(!may().await);
    to(&root_id, &unit_id).await;
    assert!(may().await);
    to(&unit_id, &root_id).await;
    assert!(!may().await);
    let deeper = unit(&cloud, &management, &unit_id, "deeper").await;
    to(&root_id, &deeper).await;
    assert!(may().await);
}

#[tokio::test]
async fn an_account_is_moved_from_where_it_is_to_where_it_is_not() {
    let cloud = TestCloud::new(15);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    let unit_id = unit(&cloud, &management, &root_id, "unit").await;
    let unknown = format!("ou-{}-abcdefgh", &root_id[2..]);
    let account_id = account(&cloud, &management, "dev").await;
    for (account, source, destination, told) in [
        (
            "999999999999",
            &root_id,
            &unit_id,
            "AccountNotFoundException: You specified an account that doesn't exist.",
        ),
        (
            &account_id,
            &unknown,
            &unit_id,
            "SourceParentNotFoundException: You specified a source parent that doesn't exist.",
        ),
        (
            &account_id,
            &unit_id,
            &unit_id,
            "SourceParentNotFoundException: You specified a source parent that doesn't exist.",
        ),
        (
            &account_id,
            &root_id,
            &unknown,
            "DestinationParentNotFoundException: You specified a destination parent that doesn't exist.",
        ),
        (
            &account_id,
            &root_id,
            &root_id,
            "DuplicateAccountException: You attempted to move an account to a parent that already contains the account.",
        ),
    ] {
        let moved =
            json!({"AccountId": account, "SourceParentId": source, "DestinationParentId": destination});
        assert_eq!(refused(&cloud, &management, "MoveAccount", moved).await, told);
    }
    let moved = json!({"AccountId": account_id, "SourceParentId": root_id, "DestinationParentId": unit_id});
    ok(&cloud, &management, "MoveAccount", moved).await;
    let parents = ok(&cloud, &management, "ListParents", json!({"ChildId": account_id})).await;
    assert_eq!(parents["Parents"], json!([{"Id": unit_id, "Type": "ORGANIZATIONAL_UNIT"}]));
    let listed = ok(&cloud, &management, "ListAccountsForParent", json!({"ParentId": unit_id})).await;
    assert_eq!(texts(&listed["Accounts"], "Id"), [account_id.as_str()]);
    let children = json!({"ParentId": root_id, "ChildType": "ACCOUNT"});
    let children = ok(&cloud, &management, "ListChildren", children).await;
    assert_eq!(children["Children"], json!([{"Id": MANAGEMENT, "Type": "ACCOUNT"}]));
}

#[tokio::test]
async fn roles_of_reserved_names_reserved_tags_and_tags_given_twice_are_refused() {
    let cloud = TestCloud::new(16);
    let management = organization(&cloud).await;
    let tag = |key: &str| json!({"Key": key, "Value": "x"});
    for (more, told) in [
        (json!({"RoleName": "AWSServiceRoleForMe"}), "InvalidInputException (INVALID_ROLE_NAME)"),
        (json!({"Tags": [tag("a"), tag("a")]}), "InvalidInputException (DUPLICATE_TAG_KEY)"),
        (json!({"Tags": [tag("aws:a")]}), "InvalidInputException (INVALID_SYSTEM_TAGS_PARAMETER)"),
    ] {
        let mut asked = json!({"Email": "a@example.com", "AccountName": "a"});
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let refusal = refused(&cloud, &management, "CreateAccount", asked).await;
        assert!(refusal.starts_with(told), "{refusal}");
    }
}

#[tokio::test]
async fn the_management_account_and_accounts_under_billing_alone_are_not_closed() {
    let cloud = TestCloud::new(17);
    let management = organization(&cloud).await;
    let told = refused(&cloud, &management, "CloseAccount", json!({"AccountId": MANAGEMENT})).await;
    assert!(told.starts_with("ConstraintViolationException (CANNOT_CLOSE_MANAGEMENT_ACCOUNT)"), "{told}");
    let billing = cloud.root(OTHER);
    ok(&cloud, &billing, "CreateOrganization", json!({"FeatureSet": "CONSOLIDATED_BILLING"})).await;
    let account_id = account(&cloud, &billing, "dev").await;
    let told = refused(&cloud, &billing, "CloseAccount", json!({"AccountId": account_id})).await;
    assert!(
        told.starts_with("ConstraintViolationException (ORGANIZATION_NOT_IN_ALL_FEATURES_MODE)"),
        "{told}"
    );
}
