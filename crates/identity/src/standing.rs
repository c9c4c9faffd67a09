//! What counts for a caller, made of the records: the caller's own policies, its boundary, those of its session, and
//! what its organization says.
//!
//! Names alone are read here, never ranges: what is made is kept until one of these records changes.

use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_engine::credentials::Owner;
use alcazar_engine::{AccountStanding, Caller, Membership, Records, Result, Session, SessionKind, Standing};
use alcazar_policy::{CompiledPolicy, PolicyKind, PrincipalKind, PrincipalPolicies};

use crate::account::{Account, AccountStatus};
use crate::aws_managed;
use crate::document::{Document, InlinePolicy};
use crate::entity;
use crate::group::{Group, group_name};
use crate::managed_policy;
use crate::organization::{Organization, OrganizationPolicy, OrganizationPolicyType, UNIT_DEPTH_MAX, Unit};
use crate::role::{Role, SERVICE_LINKED_PATH};
use crate::tag::Tag;
use crate::user::User;

/// The policy of AWS's own that allows everything.
const EVERYTHING: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

/// A caller's standing; none if the caller is no more.
pub(crate) async fn of_caller(records: &mut Records<'_>, caller: &Caller) -> Result<Option<Standing>> {
    let account = Account::find(records, caller.account).await?;
    if account.as_ref().is_some_and(|account| account.status == AccountStatus::Suspended) {
        return Ok(None);
    }
    let Some(mut standing) = of_principal(records, caller).await? else { return Ok(None) };
    if let Some(session) = &caller.session {
        standing.policies.session = of_session(records, session).await?;
        let is_newer = |key: &str| session.tags.iter().any(|(newer, _)| newer.eq_ignore_ascii_case(key));
        standing.tags.retain(|(key, _)| !is_newer(key));
        standing.tags.extend(session.tags.iter().cloned());
    }
    if !standing.is_service_linked {
        standing.policies.service_control = service_control(records, caller.account).await?;
    }
    Ok(Some(standing))
}

/// The service control policies that limit an account's principals: a list for each level from the organization's root
/// down to the account; none if none limit them.
///
/// # Errors
/// The store failed.
pub async fn service_control(
    records: &mut Records<'_>,
    account: AccountId,
) -> Result<Vec<Vec<Arc<CompiledPolicy>>>> {
    match Account::find(records, account).await? {
        Some(account) => levels(records, &account, OrganizationPolicyType::ServiceControl).await,
        None => Ok(Vec::new()),
    }
}

/// What counts for an account.
pub(crate) async fn of_account(records: &mut Records<'_>, account: AccountId) -> Result<AccountStanding> {
    let Some(account) = Account::find(records, account).await? else {
        return Ok(AccountStanding::default());
    };
    Ok(AccountStanding {
        resource_control: levels(records, &account, OrganizationPolicyType::ResourceControl).await?,
        organization: membership(records, &account).await?,
    })
}

/// What the user or role itself has, without a session's policies.
async fn of_principal(records: &mut Records<'_>, caller: &Caller) -> Result<Option<Standing>> {
    match caller.session.as_ref().map(|session| &session.kind) {
        Some(SessionKind::Role { path_and_name, role_id, .. }) => {
            of_role(records, caller.account, path_and_name, role_id).await
        }
        Some(SessionKind::Own { owner } | SessionKind::FederatedUser { owner, .. }) => {
            of_owner(records, caller.account, owner).await
        }
        Some(SessionKind::AssumedRoot { .. }) => Ok(Some(Standing::default())),
        None => match caller.principal.kind {
            PrincipalKind::User => {
                let name = entity::name_of(caller.arn());
                of_user(records, caller.account, name, &caller.principal_id).await
            }
            _ => Ok(Some(Standing::default())),
        },
    }
}

async fn of_owner(records: &mut Records<'_>, account: AccountId, owner: &Owner) -> Result<Option<Standing>> {
    match owner {
        Owner::AccountRoot => Ok(Some(Standing::default())),
        Owner::User { path_and_name, user_id } => {
            of_user(records, account, entity::name_of(path_and_name), user_id).await
        }
    }
}

async fn of_user(
    records: &mut Records<'_>,
    account: AccountId,
    name: &str,
    user_id: &str,
) -> Result<Option<Standing>> {
    let user = User::find(records, account, name).await?;
    let Some(user) = user.filter(|user| user.user_id == user_id) else { return Ok(None) };
    let mut identity = own_policies(records, &user.inline, &user.attached).await?;
    for group_id in &user.groups {
        if let Some(group) = records.get::<Group>(&group_name(account, group_id)).await? {
            identity.extend(own_policies(records, &group.inline, &group.attached).await?);
        }
    }
    let boundary = boundary(records, user.boundary.as_deref()).await?;
    Ok(Some(Standing {
        policies: PrincipalPolicies { identity, boundary, ..PrincipalPolicies::default() },
        tags: pairs(&user.tags),
        ..Standing::default()
    }))
}

async fn of_role(
    records: &mut Records<'_>,
    account: AccountId,
    path_and_name: &str,
    role_id: &str,
) -> Result<Option<Standing>> {
    let role = Role::find(records, account, entity::name_of(path_and_name)).await?;
    let Some(role) = role.filter(|role| role.role_id == role_id) else { return Ok(None) };
    let identity = own_policies(records, &role.inline, &role.attached).await?;
    let boundary = boundary(records, role.boundary.as_deref()).await?;
    Ok(Some(Standing {
        policies: PrincipalPolicies { identity, boundary, ..PrincipalPolicies::default() },
        tags: pairs(&role.tags),
        is_service_linked: role.path.starts_with(SERVICE_LINKED_PATH),
        ..Standing::default()
    }))
}

async fn own_policies(
    records: &mut Records<'_>,
    inline: &[InlinePolicy],
    attached: &[String],
) -> Result<Vec<Arc<CompiledPolicy>>> {
    let inline = inline.iter().map(|policy| policy.document.compiled(PolicyKind::Identity));
    let mut policies = inline.collect::<Result<Vec<_>>>()?;
    for arn in attached {
        policies.extend(managed_policy::compiled(records, arn).await?);
    }
    Ok(policies)
}

/// The permissions boundary. Where its policy is no more, nothing is within it.
///
/// # Errors
/// The store failed.
pub async fn boundary(records: &mut Records<'_>, arn: Option<&str>) -> Result<Option<Arc<CompiledPolicy>>> {
    let Some(arn) = arn else { return Ok(None) };
    match managed_policy::compiled(records, arn).await? {
        Some(policy) => Ok(Some(policy)),
        None => nothing().map(Some),
    }
}

/// A policy that denies everything.
fn nothing() -> Result<Arc<CompiledPolicy>> {
    let text =
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}"#;
    let document = Document::parse(text, PolicyKind::Identity);
    let document = document.map_err(|error| alcazar_engine::Error::invariant(error.to_string()))?;
    document.compiled(PolicyKind::Identity)
}

/// The session's policies; none if it was begun without any, except that a federated user has nothing without them.
async fn of_session(
    records: &mut Records<'_>,
    session: &Session,
) -> Result<Option<Vec<Arc<CompiledPolicy>>>> {
    let is_federated = matches!(session.kind, SessionKind::FederatedUser { .. });
    if session.policy.is_none() && session.policy_arns.is_empty() && !is_federated {
        return Ok(None);
    }
    let mut policies = Vec::new();
    if let Some(text) = &session.policy {
        let document = Document::parse(text, PolicyKind::Identity);
        let document = document.map_err(|error| alcazar_engine::Error::invariant(error.to_string()))?;
        policies.push(document.compiled(PolicyKind::Identity)?);
    }
    for arn in &session.policy_arns {
        policies.extend(managed_policy::compiled(records, arn).await?);
    }
    if let SessionKind::AssumedRoot { .. } = session.kind {
        // AWS's policies for privileged tasks only deny: whatever is no part of the task.
        let everything = managed_policy::compiled(records, EVERYTHING).await?;
        policies.extend(everything.filter(|_| !policies.is_empty()));
    }
    Ok(Some(policies))
}

fn pairs(tags: &[Tag]) -> Vec<(String, String)> {
    tags.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect()
}

/// The organization of an account, and the units above it, the outermost first.
async fn path(
    records: &mut Records<'_>,
    account: &Account,
) -> Result<Option<(Arc<Organization>, Vec<Arc<Unit>>)>> {
    let Some(membership) = &account.membership else { return Ok(None) };
    let Some(organization) = Organization::find(records, &membership.organization_id).await? else {
        return Ok(None);
    };
    let (mut units, mut parent_id) = (Vec::new(), membership.parent_id.clone());
    for _ in 0..UNIT_DEPTH_MAX {
        if parent_id == organization.root.id {
            break;
        }
        let Some(unit) = Unit::find(records, &organization.id, &parent_id).await? else { break };
        parent_id.clone_from(&unit.parent_id);
        units.push(unit);
    }
    units.reverse();
    Ok(Some((organization, units)))
}

async fn membership(records: &mut Records<'_>, account: &Account) -> Result<Option<Membership>> {
    let Some((organization, units)) = path(records, account).await? else { return Ok(None) };
    let mut path = format!("{}/{}/", organization.id, organization.root.id);
    for unit in &units {
        path.push_str(&unit.id);
        path.push('/');
    }
    Ok(Some(Membership {
        organization_id: organization.id.clone(),
        path,
        management_account: organization.management_account,
    }))
}

/// The policies of a type at each level from the root down to the account; none if none limit it.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>
async fn levels(
    records: &mut Records<'_>,
    account: &Account,
    policy_type: OrganizationPolicyType,
) -> Result<Vec<Vec<Arc<CompiledPolicy>>>> {
    let Some((organization, units)) = path(records, account).await? else { return Ok(Vec::new()) };
    let applies = organization.all_features
        && organization.root.policy_types.contains(&policy_type)
        && organization.management_account != account.account;
    if !applies {
        return Ok(Vec::new());
    }
    let of_account = account.membership.iter().map(|membership| membership.policies.as_slice());
    let attached: Vec<&[String]> = std::iter::once(organization.root.policies.as_slice())
        .chain(units.iter().map(|unit| unit.policies.as_slice()))
        .chain(of_account)
        .collect();
    let mut levels = Vec::with_capacity(attached.len());
    for ids in attached {
        let mut level = Vec::new();
        for id in ids {
            if id == policy_type.full_access() {
                level.push(aws_managed::organization_full_access(policy_type)?);
                continue;
            }
            let policy = OrganizationPolicy::find(records, &organization.id, id).await?;
            if let Some(policy) = policy.filter(|policy| policy.policy_type == policy_type) {
                level.push(policy.document.compiled(policy_type.kind())?);
            }
        }
        levels.push(level);
    }
    Ok(levels)
}
