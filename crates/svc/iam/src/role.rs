//! Roles as answers show them.

use alcazar_api_iam::types;
use alcazar_engine::{Reads, Result};
use alcazar_identity::entity::PolicyHolder;
use alcazar_identity::role::Role;

use crate::{document, shown, tag};

/// What a role's answers have in common; those of its creation have its tags and boundary beside it.
#[must_use]
pub(crate) fn plain(role: &Role) -> types::Role {
    types::Role {
        path: role.path.clone(),
        role_name: role.name.clone(),
        role_id: role.role_id.clone(),
        arn: role.arn(),
        create_date: role.created,
        assume_role_policy_document: Some(document::shown(&role.trust)),
        ..types::Role::default()
    }
}

/// A role as it is shown when it is made.
#[must_use]
pub(crate) fn created(role: &Role) -> types::Role {
    types::Role {
        permissions_boundary: role.boundary.as_deref().map(shown::boundary),
        tags: tag::shown(&role.tags).map(Into::into),
        ..plain(role)
    }
}

/// A role as its new description is answered.
#[must_use]
pub(crate) fn described(role: &Role) -> types::Role {
    types::Role { description: role.description.clone(), ..created(role) }
}

/// A role as lists show it.
#[must_use]
pub(crate) fn listed(role: &Role) -> types::Role {
    types::Role {
        description: role.description.clone(),
        max_session_duration: i32::try_from(role.max_session_seconds).ok(),
        ..plain(role)
    }
}

/// All of a role. Principals of its trust policy that were deleted since stand there with their unique ids.
///
/// # Errors
/// The store failed.
pub(crate) async fn whole(reads: &mut Reads<'_>, role: &Role) -> Result<types::Role> {
    let trust = role.trust.told(reads).await?;
    Ok(types::Role {
        assume_role_policy_document: Some(document::encoded(&trust)),
        permissions_boundary: role.boundary.as_deref().map(shown::boundary),
        tags: tag::shown(&role.tags).map(Into::into),
        role_last_used: Some(last_used(reads, role).await?),
        ..listed(role)
    })
}

/// When a session of the role last called; empty if none has.
///
/// # Errors
/// The store failed.
pub(crate) async fn last_used(reads: &mut Reads<'_>, role: &Role) -> Result<types::RoleLastUsed> {
    let last = reads.role_last_use(role.account, &role.role_id).await?;
    Ok(last.map_or_else(types::RoleLastUsed::default, |last| types::RoleLastUsed {
        last_used_date: Some(last.time),
        region: Some(last.region.clone()),
    }))
}
