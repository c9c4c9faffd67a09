//! Trusted services, and the accounts that administer them.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{MANAGEMENT, OTHER, join, ok, organization, refused, texts};

const SERVICE: &str = "config.amazonaws.com";
const ANOTHER: &str = "guardduty.amazonaws.com";
const UNRECOGNIZED: &str = "InvalidInputException (UNRECOGNIZED_SERVICE_PRINCIPAL): You specified an unrecognized service principal.";
const NOT_REGISTERED: &str = "AccountNotRegisteredException: The provided account is not a registered delegated administrator for your organization.";

#[tokio::test]
async fn services_are_trusted_once_and_listed_in_pages() {
    let cloud = TestCloud::new(95);
    let management = organization(&cloud).await;
    for service in [ANOTHER, SERVICE, SERVICE] {
        ok(&cloud, &management, "EnableAWSServiceAccess", json!({"ServicePrincipal": service})).await;
    }
    let list = "ListAWSServiceAccessForOrganization";
    let first = ok(&cloud, &management, list, json!({"MaxResults": 1})).await;
    assert_eq!(texts(&first["EnabledServicePrincipals"], "ServicePrincipal"), [SERVICE]);
    let next = ok(&cloud, &management, list, json!({"NextToken": first["NextToken"]})).await;
    assert_eq!(texts(&next["EnabledServicePrincipals"], "ServicePrincipal"), [ANOTHER]);
    for service in [ANOTHER, ANOTHER] {
        ok(&cloud, &management, "DisableAWSServiceAccess", json!({"ServicePrincipal": service})).await;
    }
    let left = ok(&cloud, &management, list, json!({})).await;
    assert_eq!(texts(&left["EnabledServicePrincipals"], "ServicePrincipal"), [SERVICE]);
    for operation in ["EnableAWSServiceAccess", "DisableAWSServiceAccess", "ListDelegatedAdministrators"] {
        let asked = json!({"ServicePrincipal": "nothing.amazonaws.com"});
        assert_eq!(refused(&cloud, &management, operation, asked).await, UNRECOGNIZED);
    }
}

#[tokio::test]
async fn administrators_are_registered_for_trusted_services_and_read_the_organization() {
    let cloud = TestCloud::new(96);
    let management = organization(&cloud).await;
    let member = join(&cloud, &management, OTHER).await;
    let of = |service: &str| json!({"AccountId": OTHER, "ServicePrincipal": service});
    let services = json!({"AccountId": OTHER});
    let told = refused(&cloud, &management, "RegisterDelegatedAdministrator", of(SERVICE)).await;
    assert!(told.starts_with("ConstraintViolationException (SERVICE_ACCESS_NOT_ENABLED)"), "{told}");
    assert_eq!(
        refused(&cloud, &management, "ListDelegatedServicesForAccount", services.clone()).await,
        NOT_REGISTERED
    );
    refused(&cloud, &member, "ListAccounts", json!({})).await;
    for service in [SERVICE, ANOTHER] {
        ok(&cloud, &management, "EnableAWSServiceAccess", json!({"ServicePrincipal": service})).await;
        ok(&cloud, &management, "RegisterDelegatedAdministrator", of(service)).await;
    }
    let told = refused(&cloud, &management, "RegisterDelegatedAdministrator", of(SERVICE)).await;
    assert_eq!(
        told,
        "AccountAlreadyRegisteredException: The provided account is already a delegated administrator for your organization."
    );
    // It reads, and no more.
    ok(&cloud, &member, "ListAccounts", json!({})).await;
    let told = refused(&cloud, &member, "EnableAWSServiceAccess", json!({"ServicePrincipal": SERVICE})).await;
    assert!(told.starts_with("AccessDeniedException: "), "{told}");
    for asked in [json!({}), json!({"ServicePrincipal": ANOTHER})] {
        let listed = ok(&cloud, &member, "ListDelegatedAdministrators", asked).await;
        assert_eq!(texts(&listed["DelegatedAdministrators"], "Id"), [OTHER]);
    }
    let listed = ok(&cloud, &member, "ListDelegatedServicesForAccount", services.clone()).await;
    assert_eq!(texts(&listed["DelegatedServices"], "ServicePrincipal"), [SERVICE, ANOTHER]);
    let told = refused(&cloud, &member, "LeaveOrganization", json!({})).await;
    assert!(told.contains("(CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG)"), "{told}");
    for service in [SERVICE, ANOTHER] {
        ok(&cloud, &management, "DeregisterDelegatedAdministrator", of(service)).await;
    }
    assert_eq!(
        refused(&cloud, &management, "DeregisterDelegatedAdministrator", of(SERVICE)).await,
        NOT_REGISTERED
    );
    ok(&cloud, &member, "LeaveOrganization", json!({})).await;
    let told = refused(&cloud, &management, "ListDelegatedServicesForAccount", services).await;
    assert_eq!(told, "AccountNotFoundException: You specified an account that doesn't exist.");
}

#[tokio::test]
async fn neither_the_management_account_nor_closed_ones_nor_too_many_administer_a_service() {
    let cloud = TestCloud::builder(97).quota("organizations.administrators-per-service", "1").build();
    let management = organization(&cloud).await;
    ok(&cloud, &management, "EnableAWSServiceAccess", json!({"ServicePrincipal": SERVICE})).await;
    let of = |account: &str| json!({"AccountId": account, "ServicePrincipal": SERVICE});
    for account in [OTHER, "777788889999", "777788880000"] {
        join(&cloud, &management, account).await;
    }
    for operation in ["RegisterDelegatedAdministrator", "DeregisterDelegatedAdministrator"] {
        let told = refused(&cloud, &management, operation, of(MANAGEMENT)).await;
        assert_eq!(
            told,
            "ConstraintViolationException (CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR): You cannot register master account/yourself as delegated administrator for your organization."
        );
        let told = refused(&cloud, &management, operation, of("999999999999")).await;
        assert_eq!(told, "AccountNotFoundException: You specified an account that doesn't exist.");
    }
    ok(&cloud, &management, "CloseAccount", json!({"AccountId": "777788880000"})).await;
    let told = refused(&cloud, &management, "RegisterDelegatedAdministrator", of("777788880000")).await;
    assert!(told.contains("(CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR)"), "{told}");
    ok(&cloud, &management, "RegisterDelegatedAdministrator", of(OTHER)).await;
    let told = refused(&cloud, &management, "RegisterDelegatedAdministrator", of("777788889999")).await;
    assert!(told.contains("(MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED)"), "{told}");
}
