//! What the audit log finds events by: a few numbers for each, that tell nothing to whoever lacks the key.
//!
//! A tag is a keyed hash (SipHash-1-3) of an account, and of what somebody of that account may ask for. The key is
//! derived from the Names key, which is never rotated: so a label is made the same way for ever, and one that was
//! lost can be made again from the event.

use std::hash::Hasher;
use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_crypto::Keyring;
use siphasher::sip::SipHasher13;

use super::{AuditEvent, Resource};
use crate::port::audit_log::{Label, Labeller, TAGS_MAX};

const KEY_TABLE: &[u8] = b"audit.label";

/// What of an event may be asked for, as `LookupEvents` names it.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupAttribute.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Attribute {
    /// The event's id, as the account sees it.
    EventId = 1,
    /// The operation.
    EventName = 2,
    /// `true` or `false`.
    ReadOnly = 3,
    /// The name of the user, or of the role's session; `root` of the root user.
    Username = 4,
    /// A resource's type, e.g. `AWS::KMS::Key`.
    ResourceType = 5,
    /// A resource's ARN, or what stands last in it.
    ResourceName = 6,
    /// E.g. `kms.amazonaws.com`.
    EventSource = 7,
    /// The access key that signed.
    AccessKeyId = 8,
}

impl Attribute {
    /// Every one of them.
    pub const ALL: [Self; 8] = [
        Self::EventId,
        Self::EventName,
        Self::ReadOnly,
        Self::Username,
        Self::ResourceType,
        Self::ResourceName,
        Self::EventSource,
        Self::AccessKeyId,
    ];

    /// Tells `each` every value of an event, as `account` sees it; some of them more than once.
    pub(super) fn values(self, event: &AuditEvent, account: AccountId, mut each: impl FnMut(&str)) {
        match self {
            Self::EventId => each(&event.id_for(account)),
            Self::EventName => each(&event.event_name),
            Self::ReadOnly => each(if event.read_only { "true" } else { "false" }),
            Self::Username => event.username().into_iter().for_each(each),
            Self::ResourceType => {
                event.names.iter().for_each(|named| each(&named.kind));
                event.resources.iter().for_each(|resource| each(&resource.kind));
            }
            Self::ResourceName => {
                event.names.iter().for_each(|named| each(&named.name));
                event.resources.iter().flat_map(Resource::names).for_each(each);
            }
            Self::EventSource => each(&event.event_source),
            Self::AccessKeyId => event.access_key_id.as_deref().into_iter().for_each(each),
        }
    }
}

impl Resource {
    /// What the resource may be called: its ARN, and what stands last in that.
    fn names(&self) -> impl Iterator<Item = &str> {
        let last = self.arn.rsplit(['/', ':']).next().filter(|last| last.len() < self.arn.len());
        [self.arn.as_str()].into_iter().chain(last)
    }
}

/// The key of all tags.
#[derive(Clone)]
pub struct LabelKey(SipHasher13);

impl std::fmt::Debug for LabelKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LabelKey(***)")
    }
}

impl LabelKey {
    /// The key that goes with a keyring.
    #[must_use]
    pub fn of(keyring: &Keyring) -> Self {
        Self(SipHasher13::new_with_key(&keyring.blind(KEY_TABLE, b"")))
    }

    /// Makes labels of events as they stand in the log.
    #[must_use]
    pub fn labeller(&self) -> Labeller {
        let key = self.clone();
        Arc::new(move |record| AuditEvent::from_bytes(record).ok().map(|event| key.label(&event)))
    }

    /// What an event is found by. A data event has the tags of its accounts alone: nobody looks it up.
    #[must_use]
    pub fn label(&self, event: &AuditEvent) -> Label {
        let mut tags = Vec::with_capacity(16);
        for account in event.accounts() {
            tags.push(self.of_account(account));
            if event.data_event {
                continue;
            }
            let place = self.place(account, &event.region);
            tags.push(short(&place));
            for attribute in Attribute::ALL {
                attribute.values(event, account, |value| tags.push(with(&place, attribute, value)));
            }
        }
        tags.truncate(TAGS_MAX);
        Label { time: event.time, tags }
    }

    /// The tag of every event that an account sees.
    pub(super) fn of_account(&self, account: AccountId) -> u32 {
        short(&self.account(account))
    }

    /// The tag of what an account may look up in a region: all of it, or what has a value.
    pub(super) fn of_lookup(
        &self,
        account: AccountId,
        region: &str,
        value: Option<(Attribute, &str)>,
    ) -> u32 {
        let place = self.place(account, region);
        value.map_or_else(|| short(&place), |(attribute, value)| with(&place, attribute, value))
    }

    fn account(&self, account: AccountId) -> SipHasher13 {
        let mut hasher = self.0;
        hasher.write(account.as_str().as_bytes());
        hasher
    }

    fn place(&self, account: AccountId, region: &str) -> SipHasher13 {
        let mut hasher = self.account(account);
        hasher.write(region.as_bytes());
        hasher.write_u8(0);
        hasher
    }
}

/// A value's tag. No region holds a zero byte, so what stands behind one cannot be taken for a longer region.
fn with(place: &SipHasher13, attribute: Attribute, value: &str) -> u32 {
    let mut hasher = *place;
    hasher.write_u8(attribute as u8);
    hasher.write(value.as_bytes());
    short(&hasher)
}

fn short(hasher: &SipHasher13) -> u32 {
    let hash = hasher.finish();
    u32::try_from(hash >> 32).unwrap_or(0)
}

impl AuditEvent {
    /// The accounts that see the event: the caller's first, then those that own a resource.
    pub fn accounts(&self) -> impl Iterator<Item = AccountId> {
        let caller = self.identity.as_ref().map(|identity| identity.account);
        let owners = self.resources.iter().enumerate().filter_map(move |(place, resource)| {
            let mut before = self.resources.iter().take(place);
            let is_new =
                caller != Some(resource.account) && before.all(|before| before.account != resource.account);
            is_new.then_some(resource.account)
        });
        caller.into_iter().chain(owners).filter(|account| *account != AccountId::ZERO)
    }
}
