//! Instance profiles, and which roles are in them.
//!
//! What always holds: the role that a profile names has a record [`RoleInProfile`] of the profile, and the other way
//! round; a role in a profile is not deleted.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html>

use std::sync::Arc;

use alcazar_api_iam::types;
use alcazar_base::{AccountId, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{CallInfo, Check, Cx, Name, Reads, Result};
use alcazar_identity::entity;
use alcazar_identity::role::Role;
use alcazar_identity::tag::Tag;
use alcazar_shape::ApiError;
use alcazar_shape::convert::List;
use minicbor::{Decode, Encode};

use crate::page::{self, Asked, Page};
use crate::{access, error, role};

const TABLE: &str = "iam.instance_profile";
const ROLES: &str = "iam.role_in_profile";

/// An instance profile's type in audit events.
pub(crate) const TYPE: &str = "AWS::IAM::InstanceProfile";

/// An instance profile. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct InstanceProfile {
    /// The account.
    #[n(0)]
    pub(crate) account: AccountId,
    /// The unique id.
    #[n(1)]
    pub(crate) profile_id: String,
    /// The path, which begins and ends with a slash.
    #[n(2)]
    pub(crate) path: String,
    /// The name; no two of an account differ in case alone.
    #[n(3)]
    pub(crate) name: String,
    /// When it was made.
    #[n(4)]
    pub(crate) created: Timestamp,
    /// The name of the role in it.
    #[n(5)]
    pub(crate) role: Option<String>,
    /// Its tags.
    #[n(6)]
    pub(crate) tags: Vec<Tag>,
}

/// That a role is in an instance profile.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct RoleInProfile {
    /// The profile's name.
    #[n(0)]
    pub(crate) profile_name: String,
}

impl InstanceProfile {
    /// The instance profile of a name.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, name: &str) -> Result<Option<Arc<Self>>> {
        let record = profile_name(&reads.keyring(), reads.account(), name);
        reads.get(&record).await
    }

    /// The ARN.
    #[must_use]
    pub(crate) fn arn(&self) -> String {
        entity::arn(self.account, "instance-profile", &self.path, &self.name)
    }

    /// Writes it back.
    ///
    /// # Errors
    /// The record cannot be sealed.
    pub(crate) fn put(self, cx: &mut Cx<'_>) -> Result<()> {
        cx.put(profile_name(&cx.keyring(), self.account, &self.name), self)
    }
}

/// The instance profile that a request names: there may be none of the name.
#[derive(Debug, Clone)]
pub struct Target {
    name: String,
    account: AccountId,
    found: Option<Arc<InstanceProfile>>,
}

impl Target {
    /// Finds it.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, name: &str) -> Result<Self> {
        let account = reads.account();
        Ok(Self { name: name.to_owned(), account, found: InstanceProfile::find(reads, name).await? })
    }

    /// The question whether the caller may do `action` on it.
    #[must_use]
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        let arn = self.found.as_ref().map(|found| found.arn());
        let arn = arn.unwrap_or_else(|| entity::arn(self.account, "instance-profile", "/", &self.name));
        let mut check = access::check(call, action, arn, TYPE);
        if let Some(found) = &self.found {
            check.context.add_resource_tags(found.tags.iter().map(Tag::pair));
        }
        check
    }

    /// It, if there is one.
    #[must_use]
    pub(crate) fn found(&self) -> Option<&InstanceProfile> {
        self.found.as_deref()
    }

    /// It.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn existing(&self) -> Result<&InstanceProfile, ApiError> {
        self.found().ok_or_else(|| error::no_such_profile(&self.name))
    }

    /// A copy of it, to be changed and put back.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn to_changed(&self) -> Result<InstanceProfile, ApiError> {
        self.existing().cloned()
    }
}

/// An instance profile as answers show it, with its role and without its tags.
///
/// # Errors
/// The store failed.
pub(crate) async fn shown(
    reads: &mut Reads<'_>,
    profile: &InstanceProfile,
) -> Result<types::InstanceProfile> {
    let account = profile.account;
    let found = match &profile.role {
        Some(name) => Role::find(&mut reads.records(), account, name).await?,
        None => None,
    };
    let roles: Vec<_> = found.iter().map(|found| role::plain(found)).collect();
    Ok(types::InstanceProfile {
        path: profile.path.clone(),
        instance_profile_name: profile.name.clone(),
        instance_profile_id: profile.profile_id.clone(),
        arn: profile.arn(),
        create_date: profile.created,
        roles: roles.into(),
        tags: None,
    })
}

/// A page of instance profiles as answers have it.
///
/// # Errors
/// The marker is none that a page of instance profiles ended with, or the store failed.
pub(crate) async fn page(
    reads: &mut Reads<'_>,
    asked: Asked<'_>,
    profiles: Vec<Arc<InstanceProfile>>,
) -> Result<(List<types::InstanceProfile>, Option<bool>, Option<String>)> {
    let place = |profile: &Arc<InstanceProfile>| profile.name.to_lowercase();
    let Page { items, next_token } = page::of(reads, "instance profiles", asked, profiles, place)?;
    let mut shown_items = Vec::with_capacity(items.len());
    for profile in items {
        shown_items.push(shown(reads, &profile).await?);
    }
    Ok(Page { items: shown_items, next_token }.into_parts(|profile| profile))
}

/// The instance profiles that a role is in.
///
/// # Errors
/// The store failed.
pub(crate) async fn of_role(reads: &mut Reads<'_>, role_id: &str) -> Result<Vec<Arc<InstanceProfile>>> {
    let range = profiles_of(reads.account(), role_id);
    let mut profiles = Vec::new();
    for found in page::all::<RoleInProfile>(reads, &range).await? {
        profiles.extend(InstanceProfile::find(reads, &found.profile_name).await?);
    }
    Ok(profiles)
}

/// The name of an instance profile's record.
#[must_use]
pub(crate) fn profile_name(keyring: &Keyring, account: AccountId, name: &str) -> Name {
    Name::table(TABLE).part(account.as_str()).blind(keyring, &name.to_ascii_lowercase()).name()
}

/// All instance profiles of an account.
#[must_use]
pub(crate) fn profiles(account: AccountId) -> NameRange {
    Name::table(TABLE).part(account.as_str()).range()
}

/// The name of the record that says that a role is in an instance profile.
#[must_use]
pub(crate) fn role_in_profile_name(account: AccountId, role_id: &str, profile_id: &str) -> Name {
    Name::table(ROLES).part(account.as_str()).part(role_id).part(profile_id).name()
}

/// All instance profiles that a role is in, as [`RoleInProfile`] records.
#[must_use]
pub(crate) fn profiles_of(account: AccountId, role_id: &str) -> NameRange {
    Name::table(ROLES).part(account.as_str()).part(role_id).range()
}
