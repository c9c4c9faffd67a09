//! Root users of an organization's accounts, managed centrally.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client};

#[tokio::test]
async fn an_account_without_an_organization_manages_nothing() {
    let cloud = TestCloud::new(250);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    for operation in [
        "ListOrganizationsFeatures",
        "EnableOrganizationsRootSessions",
        "EnableOrganizationsRootCredentialsManagement",
        "DisableOrganizationsRootSessions",
        "DisableOrganizationsRootCredentialsManagement",
    ] {
        let refused = iam.refused(operation, json!({})).await;
        assert_eq!(
            refused,
            "OrganizationNotFoundException: No organization is associated with your account."
        );
    }
}
