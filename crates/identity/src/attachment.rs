//! Which users, groups and roles a managed policy is attached to, or limits as their permissions boundary.
//!
//! What always holds: there is such a record for each ARN in the `attached` and `boundary` fields of the account's
//! users, groups and roles, and for nothing else.

use alcazar_base::AccountId;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, Result};
use minicbor::{Decode, Encode};

use crate::entity::{self, EntityKind, PolicyHolder};

const TABLE: &str = "iam.attachment";

/// How a policy is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Usage {
    /// It is attached.
    #[n(0)]
    Permissions,
    /// It is a permissions boundary.
    #[n(1)]
    Boundary,
}

impl Usage {
    fn as_str(self) -> &'static str {
        match self {
            Self::Permissions => "permissions",
            Self::Boundary => "boundary",
        }
    }
}

/// Who a policy is attached to.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Attachment {
    /// The entity's name.
    #[n(0)]
    pub entity_name: String,
    /// The entity's path.
    #[n(1)]
    pub entity_path: String,
    /// The entity's unique id.
    #[n(2)]
    pub entity_id: String,
}

impl Attachment {
    /// What is noted of a user, group or role that uses a policy.
    #[must_use]
    pub fn of<H: PolicyHolder>(holder: &H) -> Self {
        Self {
            entity_name: holder.name().to_owned(),
            entity_path: holder.path().to_owned(),
            entity_id: holder.id().to_owned(),
        }
    }
}

/// Attaches a policy, AWS's own or the account's, to a user, group or role, which is yet to be put and does not have
/// the policy.
///
/// # Errors
/// The record cannot be sealed.
pub fn attach<H: PolicyHolder>(
    cx: &mut Cx<'_>,
    account: AccountId,
    holder: &mut H,
    policy_arn: &str,
    policy_id: &str,
) -> Result<()> {
    let name = attachment_name(account, policy_id, Usage::Permissions, H::KIND, holder.id());
    cx.put(name, Attachment::of(holder))?;
    holder.attached_mut().push(policy_arn.to_owned());
    Ok(())
}

/// The name of an attachment's record. `policy_id` is the policy's unique id, AWS's own policies' too.
#[must_use]
pub fn attachment_name(
    account: AccountId,
    policy_id: &str,
    usage: Usage,
    kind: EntityKind,
    entity_id: &str,
) -> Name {
    let of_policy = entity::of_account(TABLE, account).part(policy_id);
    of_policy.part(usage.as_str()).part(kind.as_str()).part(entity_id).name()
}

/// The users, groups or roles that use a policy so.
#[must_use]
pub fn attachments_to(account: AccountId, policy_id: &str, usage: Usage, kind: EntityKind) -> NameRange {
    entity::of_account(TABLE, account).part(policy_id).part(usage.as_str()).part(kind.as_str()).range()
}

/// All that use a policy so.
#[must_use]
pub fn attachments(account: AccountId, policy_id: &str, usage: Usage) -> NameRange {
    entity::of_account(TABLE, account).part(policy_id).part(usage.as_str()).range()
}
