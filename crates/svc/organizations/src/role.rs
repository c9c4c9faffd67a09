//! The roles that Organizations makes in accounts: its service-linked role, and the one by which the management account
//! comes into an account that was made.
//!
//! Sources: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services-using_slrs.html> and
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html>

use alcazar_base::AccountId;
use alcazar_engine::{Cx, Error, Reads, Result};
use alcazar_identity::attachment;
use alcazar_identity::aws_managed;
use alcazar_identity::document::Document;
use alcazar_identity::entity;
use alcazar_identity::role::{self, Role, SERVICE_LINKED_PATH};
use alcazar_identity::unique_id::{self, IdKind};
use alcazar_policy::PolicyKind;

use crate::access::SERVICE_PRINCIPAL;

/// The service-linked role's name.
const SERVICE_LINKED_NAME: &str = "AWSServiceRoleForOrganizations";

/// What roles' names begin with that services make for themselves.
pub(crate) const RESERVED_PREFIX: &str = "AWSServiceRoleFor";

/// The name of the role by which the management account comes in, unless another is asked for.
pub(crate) const ACCESS_ROLE_DEFAULT: &str = "OrganizationAccountAccessRole";

const SERVICE_LINKED_POLICY: &str =
    "arn:aws:iam::aws:policy/aws-service-role/AWSOrganizationsServiceTrustPolicy";
const ADMINISTRATOR_ACCESS: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

/// The ARN that the service-linked role has in an account.
#[must_use]
pub(crate) fn service_linked_arn(account: AccountId) -> String {
    entity::arn(account, "role", &service_linked_path(), SERVICE_LINKED_NAME)
}

/// Whether an account has the service-linked role.
///
/// # Errors
/// The store failed.
pub(crate) async fn has_service_linked(reads: &mut Reads<'_>, account: AccountId) -> Result<bool> {
    Ok(Role::find(&mut reads.records(), account, SERVICE_LINKED_NAME).await?.is_some())
}

/// Makes the service-linked role in an account that has none.
///
/// # Errors
/// The store failed.
pub(crate) async fn make_service_linked(cx: &mut Cx<'_>, account: AccountId) -> Result<()> {
    if has_service_linked(cx, account).await? {
        return Ok(());
    }
    let principal = format!(r#"{{"Service":"{SERVICE_PRINCIPAL}"}}"#);
    let mut role = new(cx, account, service_linked_path(), SERVICE_LINKED_NAME, &principal)?;
    role.description = Some(
        "Service-linked role used by AWS Organizations to enable integration of other AWS services"
            .to_owned(),
    );
    role.linked_service = Some(SERVICE_PRINCIPAL.to_owned());
    put(cx, role, SERVICE_LINKED_POLICY)
}

/// Makes the role by which the management account comes into a new account, as its administrator.
///
/// # Errors
/// The store failed.
pub(crate) fn make_access(
    cx: &mut Cx<'_>,
    account: AccountId,
    name: &str,
    management_account: AccountId,
) -> Result<()> {
    let principal = format!(r#"{{"AWS":"arn:aws:iam::{management_account}:root"}}"#);
    let role = new(cx, account, "/".to_owned(), name, &principal)?;
    put(cx, role, ADMINISTRATOR_ACCESS)
}

fn service_linked_path() -> String {
    format!("{SERVICE_LINKED_PATH}{SERVICE_PRINCIPAL}/")
}

fn new(cx: &Cx<'_>, account: AccountId, path: String, name: &str, principal: &str) -> Result<Role> {
    let trust = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole"}}]}}"#
    );
    let trust = Document::parse(&trust, PolicyKind::Trust)
        .map_err(|error| Error::invariant(format!("a trust policy of our own does not parse: {error}")))?;
    let role_id = unique_id::new(IdKind::Role, cx.entropy())?;
    Ok(Role::new(account, role_id, path, name.to_owned(), cx.now(), trust))
}

/// Writes a new role with a policy of AWS's own attached to it.
fn put(cx: &mut Cx<'_>, mut role: Role, policy_arn: &str) -> Result<()> {
    if let Some(policy) = aws_managed::find(policy_arn) {
        attachment::attach(cx, role.account, &mut role, policy_arn, &policy.id())?;
    }
    cx.put(role::role_name(&cx.keyring(), role.account, &role.name), role)
}
