//! Instance profiles, and which roles are in them.
//!
//! What always holds: the role that a profile names has a record [`RoleInProfile`] of the profile, and the other way
//! round; a role in a profile is not deleted.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html>

use alcazar_base::AccountId;
use alcazar_engine::Name;
use alcazar_engine::port::store::NameRange;
use minicbor::{Decode, Encode};

const ROLES: &str = "iam.role_in_profile";

/// That a role is in an instance profile.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct RoleInProfile {
    /// The profile's name.
    #[n(0)]
    pub(crate) profile_name: String,
}

/// All instance profiles that a role is in, as [`RoleInProfile`] records.
#[must_use]
pub(crate) fn profiles_of(account: AccountId, role_id: &str) -> NameRange {
    Name::table(ROLES).part(account.as_str()).part(role_id).range()
}
