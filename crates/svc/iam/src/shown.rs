//! Users, groups and roles as answers show them.

use alcazar_api_iam::types;
use alcazar_identity::entity::PolicyHolder;
use alcazar_identity::group::Group;
use alcazar_identity::user::User;

use crate::tag;

/// A user with its tags and boundary, as answers about one user show it.
#[must_use]
pub(crate) fn user(user: &User) -> types::User {
    types::User {
        permissions_boundary: user.boundary.as_deref().map(boundary),
        tags: tag::shown(&user.tags).map(Into::into),
        ..listed_user(user)
    }
}

/// A user as lists show it.
#[must_use]
pub(crate) fn listed_user(user: &User) -> types::User {
    types::User {
        path: user.path.clone(),
        user_name: user.name.clone(),
        user_id: user.user_id.clone(),
        arn: user.arn(),
        create_date: user.created,
        ..types::User::default()
    }
}

/// A group.
#[must_use]
pub(crate) fn group(group: &Group) -> types::Group {
    types::Group {
        path: group.path.clone(),
        group_name: group.name.clone(),
        group_id: group.group_id.clone(),
        arn: group.arn(),
        create_date: group.created,
    }
}

/// A permissions boundary.
#[must_use]
pub(crate) fn boundary(arn: &str) -> types::AttachedPermissionsBoundary {
    types::AttachedPermissionsBoundary {
        permissions_boundary_type: Some(types::PermissionsBoundaryAttachmentType::Policy),
        permissions_boundary_arn: Some(arn.to_owned()),
    }
}
