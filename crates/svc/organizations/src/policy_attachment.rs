//! A policy and what it is to be attached to or detached from.

use alcazar_engine::{Access, CallInfo, Reads, Result};
use alcazar_shape::ApiError;

use crate::access::{self, kind};
use crate::place::Audience;
use crate::policy::SoughtPolicy;
use crate::target::{Sought, Target};
use crate::{error, shown};

/// A policy and a root, unit or account.
#[derive(Debug)]
pub struct Attachment {
    /// The policy.
    pub(crate) policy: SoughtPolicy,
    target: Sought,
}

impl Attachment {
    /// Finds both.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, policy_id: &str, target_id: &str) -> Result<Self> {
        let policy = SoughtPolicy::find(reads, policy_id).await?;
        Ok(Self { policy, target: Sought::find(reads, target_id).await? })
    }

    /// Whether the caller may do `action` on both.
    #[must_use]
    pub(crate) fn access(&self, call: &CallInfo, action: &'static str) -> Access {
        let policy = self.policy.check(call, action, Audience::Delegates);
        let mut target = self.target.check(call, action, Audience::Delegates, kind::ACCOUNT);
        if let Some(found) = &self.policy.found {
            access::add_policy_type(&mut target, shown::policy_type(found.policy_type()).as_str());
        }
        Access { checks: vec![policy, target] }
    }

    /// The root, unit or account.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn target(&self) -> Result<&Target, ApiError> {
        self.target.found.as_ref().ok_or_else(error::target_not_found)
    }
}
