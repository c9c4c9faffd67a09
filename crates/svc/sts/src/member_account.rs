//! Member accounts of an organization, whose root users' privileged tasks can be done from outside.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management>

use alcazar_base::AccountId;
use alcazar_engine::{Reads, Result};
use alcazar_identity::account::{Account, AccountStatus};
use alcazar_identity::organization::Organization;

/// The service whose delegated administrators do this beside the management account.
const SERVICE: &str = "iam.amazonaws.com";

/// Whether the caller's account manages root sessions of `target`: the organization has them enabled, and the caller's
/// account is its management account or administers IAM for it.
///
/// # Errors
/// The store failed.
pub(crate) async fn is_managed(reads: &mut Reads<'_>, target: AccountId) -> Result<bool> {
    let own = reads.account();
    let Some(organization) = organization_of(reads, own).await? else { return Ok(false) };
    let sessions = organization.root_access.is_some_and(|access| access.sessions);
    let administers = organization
        .delegated_administrators
        .iter()
        .any(|administrator| administrator.account == own && administrator.service_principal == SERVICE);
    if !sessions || target == organization.management_account {
        return Ok(false);
    }
    if !administers && organization.management_account != own {
        return Ok(false);
    }
    let Some(account) = Account::find(&mut reads.records(), target).await? else { return Ok(false) };
    let is_member =
        account.membership.as_ref().is_some_and(|membership| membership.organization_id == organization.id);
    Ok(is_member && account.status == AccountStatus::Active)
}

async fn organization_of(
    reads: &mut Reads<'_>,
    account: AccountId,
) -> Result<Option<std::sync::Arc<Organization>>> {
    let account = Account::find(&mut reads.records(), account).await?;
    match account.as_ref().and_then(|account| account.membership.as_ref()) {
        Some(membership) => Organization::find(&mut reads.records(), &membership.organization_id).await,
        None => Ok(None),
    }
}
