//! Who called: when each access key, and each role, was last used.
//!
//! Every event tells it that has a caller, whatever became of the call: its signature proved the caller. What a
//! service did for a caller is no use of the caller's credentials, nor is what came with a signature that proved
//! nobody.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKeyLastUsed.html>,
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html>

use alcazar_base::{AccountId, Timestamp};
use minicbor::{Decode, Encode};

use crate::name::Name;

const ACCESS_KEYS: &str = "usage.access_key";
const ROLES: &str = "usage.role";

/// The last call that was made with an access key, or by a role. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LastCall {
    /// When.
    #[n(0)]
    pub time: Timestamp,
    /// The service that was called, as AWS names it, e.g. `kms`.
    #[n(1)]
    pub service: String,
    /// The region of the call.
    #[n(2)]
    pub region: String,
}

/// The last call of an access key or role, and whose it is.
#[derive(Debug)]
pub(super) struct Counted {
    /// The account of a role; an access key is known by its id alone.
    pub(super) role_of: Option<AccountId>,
    pub(super) last: LastCall,
}

impl Counted {
    /// The name of the record of this call, which was made by or with `id`.
    pub(super) fn name(&self, id: &str) -> Name {
        self.role_of.map_or_else(|| access_key_name(id), |account| role_name(account, id))
    }

    /// A call that is later than those before, in their texts.
    pub(super) fn note(&mut self, time: Timestamp, event_source: &str, region: &str) {
        let set = |text: &mut String, to: &str| {
            text.clear();
            text.push_str(to);
        };
        self.last.time = time;
        set(&mut self.last.service, service_of(event_source));
        set(&mut self.last.region, region);
    }

    pub(super) fn new(role_of: Option<AccountId>, time: Timestamp) -> Self {
        Self { role_of, last: LastCall { time, service: String::new(), region: String::new() } }
    }
}

/// The service's name in an event source: `kms` of `kms.amazonaws.com`.
fn service_of(event_source: &str) -> &str {
    event_source.split('.').next().unwrap_or(event_source)
}

pub(super) fn access_key_name(access_key_id: &str) -> Name {
    Name::table(ACCESS_KEYS).part(access_key_id).name()
}

pub(super) fn role_name(account: AccountId, role_id: &str) -> Name {
    Name::table(ROLES).part(account.as_str()).part(role_id).name()
}
