//! The services that work with Organizations: those that may be trusted with an organization, or delegated to.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html>

use alcazar_shape::ApiError;

use crate::error;

/// Their service principals, in the order of their names.
const SERVICES: [&str; 44] = [
    "access-analyzer.amazonaws.com",
    "account.amazonaws.com",
    "agreement-management.aws-artifact.amazonaws.com",
    "auditmanager.amazonaws.com",
    "aws-artifact-account-sync.amazonaws.com",
    "backup.amazonaws.com",
    "billing-cost-management.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "compute-optimizer.amazonaws.com",
    "config-multiaccountsetup.amazonaws.com",
    "config.amazonaws.com",
    "controltower.amazonaws.com",
    "cost-optimization-hub.bcm.amazonaws.com",
    "detective.amazonaws.com",
    "devops-guru.amazonaws.com",
    "ds.amazonaws.com",
    "fms.amazonaws.com",
    "guardduty.amazonaws.com",
    "health.amazonaws.com",
    "iam.amazonaws.com",
    "inspector2.amazonaws.com",
    "ipam.amazonaws.com",
    "license-management.marketplace.amazonaws.com",
    "license-manager.amazonaws.com",
    "license-manager.member-account.amazonaws.com",
    "macie.amazonaws.com",
    "malware-protection.guardduty.amazonaws.com",
    "member.org.stacksets.cloudformation.amazonaws.com",
    "networkmanager.amazonaws.com",
    "ram.amazonaws.com",
    "reachabilityanalyzer.networkinsights.amazonaws.com",
    "reporting.trustedadvisor.amazonaws.com",
    "resource-explorer-2.amazonaws.com",
    "securityhub.amazonaws.com",
    "securitylake.amazonaws.com",
    "servicecatalog.amazonaws.com",
    "servicequotas.amazonaws.com",
    "ssm.amazonaws.com",
    "sso.amazonaws.com",
    "storage-lens.s3.amazonaws.com",
    "tagpolicies.tag.amazonaws.com",
    "transitgateway.amazonaws.com",
    "wellarchitected.amazonaws.com",
    "workmail.amazonaws.com",
];

/// Passes if a service works with Organizations.
///
/// # Errors
/// It does not.
pub(crate) fn check(service_principal: &str) -> Result<(), ApiError> {
    if SERVICES.contains(&service_principal) { Ok(()) } else { Err(error::input::service_principal()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_known_by_their_principals() {
        assert!(SERVICES.is_sorted());
        check("guardduty.amazonaws.com").unwrap();
        check("nothing.amazonaws.com").unwrap_err();
    }
}
