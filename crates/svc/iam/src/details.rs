//! All of a user, group, role or managed policy, as `GetAccountAuthorizationDetails` tells it.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html>

use std::collections::HashMap;
use std::sync::Arc;

use alcazar_api_iam::types::{
    AttachedPolicy, EntityType, GroupDetail, ManagedPolicyDetail, PolicyDetail, PolicyVersion, RoleDetail,
    UserDetail,
};
use alcazar_engine::{Reads, Result};
use alcazar_identity::entity::{PolicyHolder, name_of};
use alcazar_identity::group::{self, Group};
use alcazar_identity::role::{self, Role};
use alcazar_identity::tag::Tag;
use alcazar_identity::user::{self, User};

use crate::policy::{self, Policy, Usages};
use crate::simulation::groups;
use crate::{document, instance_profile, page, shown, tag};

/// Something that is told of.
pub(crate) enum Item {
    /// A user.
    User(Arc<User>),
    /// A group.
    Group(Arc<Group>),
    /// A role.
    Role(Arc<Role>),
    /// A managed policy.
    Policy(Policy),
}

impl Item {
    /// Its place in the list: users, groups, roles, customers' policies, AWS's; each by its name.
    #[must_use]
    pub(crate) fn place(&self) -> String {
        let (kind, name) = match self {
            Self::User(user) => (0, user.name.as_str()),
            Self::Group(group) => (1, group.name.as_str()),
            Self::Role(role) => (2, role.name.as_str()),
            Self::Policy(policy @ Policy::Customer(_)) => (3, policy.name()),
            Self::Policy(policy @ Policy::Aws(_)) => (4, policy.name()),
        };
        format!("{kind} {}", name.to_lowercase())
    }
}

/// All items of the account of the kinds that are asked for. Of AWS's policies, those that are used.
///
/// # Errors
/// The store failed.
pub(crate) async fn all(
    reads: &mut Reads<'_>,
    is_asked: impl Fn(EntityType) -> bool,
    usages: &HashMap<String, Usages>,
) -> Result<Vec<Item>> {
    let account = reads.account();
    let mut items = Vec::new();
    if is_asked(EntityType::User) {
        items.extend(page::all(reads, &user::users(account)).await?.into_iter().map(Item::User));
    }
    if is_asked(EntityType::Group) {
        items.extend(page::all(reads, &group::groups(account)).await?.into_iter().map(Item::Group));
    }
    if is_asked(EntityType::Role) {
        items.extend(page::all(reads, &role::roles(account)).await?.into_iter().map(Item::Role));
    }
    let (customers, aws) = (is_asked(EntityType::LocalManagedPolicy), is_asked(EntityType::AwsManagedPolicy));
    if customers || aws {
        let is_told = |policy: &Policy| match policy {
            Policy::Customer(_) => customers,
            Policy::Aws(policy) => aws && usages.contains_key(&policy.arn()),
        };
        items.extend(policy::all(reads, account).await?.into_iter().filter(is_told).map(Item::Policy));
    }
    Ok(items)
}

/// A user.
///
/// # Errors
/// The store failed.
pub(crate) async fn user(reads: &mut Reads<'_>, user: &User) -> Result<UserDetail> {
    let groups = groups(&mut reads.records(), user).await?;
    let groups: Vec<String> = groups.iter().map(|group| group.name.clone()).collect();
    Ok(UserDetail {
        path: Some(user.path.clone()),
        user_name: Some(user.name.clone()),
        user_id: Some(user.user_id.clone()),
        arn: Some(user.arn()),
        create_date: Some(user.created),
        user_policy_list: (!user.inline.is_empty()).then(|| inline(user).into()),
        group_list: Some(groups.into()),
        attached_managed_policies: Some(attached(user).into()),
        permissions_boundary: user.boundary.as_deref().map(shown::boundary),
        tags: Some(tags(&user.tags).into()),
    })
}

/// A group.
#[must_use]
pub(crate) fn group(group: &Group) -> GroupDetail {
    GroupDetail {
        path: Some(group.path.clone()),
        group_name: Some(group.name.clone()),
        group_id: Some(group.group_id.clone()),
        arn: Some(group.arn()),
        create_date: Some(group.created),
        group_policy_list: Some(inline(group).into()),
        attached_managed_policies: Some(attached(group).into()),
    }
}

/// A role.
///
/// # Errors
/// The store failed.
pub(crate) async fn role(reads: &mut Reads<'_>, role: &Role) -> Result<RoleDetail> {
    let mut profiles = Vec::new();
    for profile in instance_profile::of_role(reads, &role.role_id).await? {
        profiles.push(instance_profile::shown(reads, &profile).await?);
    }
    let last_used = crate::role::last_used(reads, role).await?;
    let trust = role.trust.told(reads).await?;
    Ok(RoleDetail {
        path: Some(role.path.clone()),
        role_name: Some(role.name.clone()),
        role_id: Some(role.role_id.clone()),
        arn: Some(role.arn()),
        create_date: Some(role.created),
        assume_role_policy_document: Some(document::encoded(&trust)),
        instance_profile_list: Some(profiles.into()),
        role_policy_list: Some(inline(role).into()),
        attached_managed_policies: Some(attached(role).into()),
        permissions_boundary: role.boundary.as_deref().map(shown::boundary),
        tags: Some(tags(&role.tags).into()),
        role_last_used: Some(last_used),
    })
}

/// A managed policy with what all its versions say.
#[must_use]
pub(crate) fn policy(policy: &Policy, usages: Usages) -> ManagedPolicyDetail {
    let listed = policy.listed(usages);
    let versions = policy.versions().into_iter().map(|version| PolicyVersion {
        document: Some(document::shown(version.document)),
        ..version.listed()
    });
    ManagedPolicyDetail {
        policy_name: listed.policy_name,
        policy_id: listed.policy_id,
        arn: listed.arn,
        path: listed.path,
        default_version_id: listed.default_version_id,
        attachment_count: listed.attachment_count,
        permissions_boundary_usage_count: listed.permissions_boundary_usage_count,
        is_attachable: listed.is_attachable,
        description: policy.description().map(str::to_owned),
        create_date: listed.create_date,
        update_date: listed.update_date,
        policy_version_list: Some(versions.collect::<Vec<_>>().into()),
    }
}

fn inline<H: PolicyHolder>(holder: &H) -> Vec<PolicyDetail> {
    let inline = holder.inline().iter().map(|policy| PolicyDetail {
        policy_name: Some(policy.name.clone()),
        policy_document: Some(document::shown(&policy.document)),
    });
    inline.collect()
}

fn attached<H: PolicyHolder>(holder: &H) -> Vec<AttachedPolicy> {
    let attached = holder.attached().iter().map(|arn| AttachedPolicy {
        policy_name: Some(name_of(arn).to_owned()),
        policy_arn: Some(arn.clone()),
    });
    attached.collect()
}

fn tags(tags: &[Tag]) -> Vec<alcazar_api_iam::types::Tag> {
    tag::shown(tags).unwrap_or_default()
}
