//! A KMS key as it is stored, and its names.
//!
//! The key material stands in the record wrapped under the key hierarchy; it is unwrapped into locked memory at
//! the first use and kept there as long as the record is cached.

use std::sync::{Arc, OnceLock};

use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_crypto::{BackingKey, BackingKeyId, KeyId, Keyring};
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Error, Name, Result};
use alcazar_policy::CompiledPolicy;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::policy;

const KEYS: &str = "kms.key";
const KEYS_OF_ACCOUNT: &str = "kms.key_of_account";

/// A key.
#[derive(Debug, Clone, Encode, Decode)]
pub struct Key {
    /// A UUID, or `mrk-` and 32 hexadecimal digits.
    #[n(0)]
    pub key_id: String,
    /// The account that owns it.
    #[n(1)]
    pub account: AccountId,
    /// The region it is in.
    #[n(2)]
    pub region: Region,
    /// When it was made.
    #[n(3)]
    pub created: Timestamp,
    /// What its owner says of it.
    #[n(4)]
    pub description: String,
    /// Who manages it.
    #[n(5)]
    pub manager: Manager,
    /// Its state.
    #[n(6)]
    pub state: State,
    /// Its tags, in the order of their keys.
    #[n(7)]
    pub tags: Vec<Tag>,
    /// Its policy, byte for byte as it was put; none stands for the default policy.
    #[n(8)]
    pub policy: Option<String>,
    /// Its material, wrapped, the oldest first; the last one encrypts.
    #[n(9)]
    pub backing_keys: Vec<ByteVec>,
    /// Whether it is a multi-Region key.
    #[n(10)]
    pub multi_region: bool,
    #[cbor(skip)]
    cached: Cached,
}

/// What is made from a record once and kept with it.
#[derive(Debug, Clone, Default)]
struct Cached {
    policy: OnceLock<Arc<CompiledPolicy>>,
    backing_keys: OnceLock<Vec<BackingKey>>,
    arn: OnceLock<Arc<str>>,
}

/// Who manages a key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Manager {
    /// The account itself.
    #[n(0)]
    Customer,
    /// AWS, for the service that the alias `alias/aws/<service>` names.
    #[n(1)]
    Aws {
        /// E.g. `ssm`.
        #[n(0)]
        service: String,
    },
}

/// The states of a key.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum State {
    /// It can be used.
    #[n(0)]
    Enabled,
    /// It cannot be used until it is enabled.
    #[n(1)]
    Disabled,
    /// It cannot be used, and is deleted when its time comes.
    #[n(2)]
    PendingDeletion {
        /// When.
        #[n(0)]
        deletion_date: Timestamp,
    },
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Tag {
    /// Its key.
    #[n(0)]
    pub key: String,
    /// Its value.
    #[n(1)]
    pub value: String,
}

/// That a key belongs to an account and region; for lists.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct KeyOfAccount {
    /// The key's id.
    #[n(0)]
    pub key_id: String,
}

/// What a new key is to be.
#[derive(Debug)]
pub struct NewKey {
    /// Its id.
    pub key_id: String,
    /// The account that owns it.
    pub account: AccountId,
    /// The region it is in.
    pub region: Region,
    /// When it is made.
    pub created: Timestamp,
    /// What its owner says of it.
    pub description: String,
    /// Who manages it.
    pub manager: Manager,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Its policy, if not the default one.
    pub policy: Option<String>,
    /// Its material, wrapped.
    pub backing_key: Vec<u8>,
    /// Whether it is a multi-Region key.
    pub multi_region: bool,
}

impl Key {
    /// A new, enabled key.
    #[must_use]
    pub fn new(new: NewKey) -> Self {
        let NewKey { key_id, account, region, created, description, manager, tags, policy, .. } = new;
        Self {
            key_id,
            account,
            region,
            created,
            description,
            manager,
            state: State::Enabled,
            tags,
            policy,
            backing_keys: vec![new.backing_key.into()],
            multi_region: new.multi_region,
            cached: Cached::default(),
        }
    }

    /// Its ARN.
    #[must_use]
    pub fn arn(&self) -> &str {
        self.cached.arn.get_or_init(|| key_arn(&self.region, self.account, &self.key_id).into())
    }

    /// Its id as the ciphertexts carry it.
    ///
    /// # Errors
    /// The record holds something that is no key id.
    pub fn crypto_id(&self) -> Result<KeyId> {
        parse_key_id(&self.key_id).ok_or_else(|| Error::invariant("a stored key id is none"))
    }

    /// Its policy as text.
    #[must_use]
    pub fn policy_text(&self) -> String {
        self.policy.clone().unwrap_or_else(|| policy::default_policy(&self.region, self.account))
    }

    /// Its policy, compiled.
    ///
    /// # Errors
    /// The stored policy is not one.
    pub fn compiled_policy(&self) -> Result<Arc<CompiledPolicy>> {
        if let Some(policy) = self.cached.policy.get() {
            return Ok(policy.clone());
        }
        let compiled = match &self.policy {
            None => policy::compiled_default(&self.region, self.account)?,
            Some(text) => policy::compile(text)
                .map_err(|error| Error::invariant(format!("a stored key policy is none: {error}")))?,
        };
        Ok(self.cached.policy.get_or_init(|| compiled).clone())
    }

    /// The material that encrypts.
    ///
    /// # Errors
    /// The material does not unwrap.
    pub fn current_backing_key(&self, keyring: &Keyring) -> Result<&BackingKey> {
        self.unwrapped(keyring)?.last().ok_or_else(|| Error::invariant("a key without material"))
    }

    /// The material of this id, if the key has it.
    ///
    /// # Errors
    /// The material does not unwrap.
    pub fn backing_key(&self, keyring: &Keyring, id: BackingKeyId) -> Result<Option<&BackingKey>> {
        Ok(self.unwrapped(keyring)?.iter().find(|key| key.id() == id))
    }

    fn unwrapped(&self, keyring: &Keyring) -> Result<&[BackingKey]> {
        if let Some(keys) = self.cached.backing_keys.get() {
            return Ok(keys);
        }
        let key_id = self.crypto_id()?;
        let keys: Result<Vec<_>> = self
            .backing_keys
            .iter()
            .map(|wrapped| {
                BackingKey::unwrap(keyring, key_id, wrapped)
                    .map_err(|error| Error::invariant(format!("key material does not unwrap: {error}")))
            })
            .collect();
        let keys = keys?;
        Ok(self.cached.backing_keys.get_or_init(|| keys))
    }

    /// The id of the material that encrypts, as AWS shows it.
    #[must_use]
    pub fn current_material_id(&self) -> Option<String> {
        let id = self.backing_keys.last()?.first_chunk()?;
        Some(BackingKeyId(*id).key_material_id())
    }

    /// A copy to be changed and written back. What was made from the record is made anew.
    #[must_use]
    pub fn to_changed(&self) -> Self {
        Self { cached: Cached::default(), ..self.clone() }
    }
}

/// The ARN of a key.
#[must_use]
pub(crate) fn key_arn(region: &Region, account: AccountId, key_id: &str) -> String {
    format!("arn:{}:kms:{region}:{account}:key/{key_id}", region.partition().as_str())
}

/// The record of a key.
#[must_use]
pub(crate) fn key_name(region: &Region, key_id: &str) -> Name {
    Name::table(KEYS).part(region.as_str()).part(key_id).name()
}

/// The entry of a key in its account's list.
#[must_use]
pub(crate) fn key_of_account_name(account: AccountId, region: &Region, key_id: &str) -> Name {
    Name::table(KEYS_OF_ACCOUNT).part(account.as_str()).part(region.as_str()).part(key_id).name()
}

/// An account's list of keys in a region.
#[must_use]
pub(crate) fn keys_of_account(account: AccountId, region: &Region) -> NameRange {
    Name::table(KEYS_OF_ACCOUNT).part(account.as_str()).part(region.as_str()).range()
}

/// Stores a key that is new, with its entry in the account's list.
///
/// # Errors
/// The records cannot be sealed.
pub(crate) fn put_new(cx: &mut Cx<'_>, key: Key) -> Result<()> {
    let entry = KeyOfAccount { key_id: key.key_id.clone() };
    cx.put(key_of_account_name(key.account, &key.region, &key.key_id), entry)?;
    put(cx, key)
}

/// Stores a key that was changed.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn put(cx: &mut Cx<'_>, key: Key) -> Result<()> {
    cx.put(key_name(&key.region, &key.key_id), key)
}

/// Reads a key id: a lower-case hyphenated UUID, or `mrk-` and 32 lower-case hexadecimal digits.
#[must_use]
pub(crate) fn parse_key_id(text: &str) -> Option<KeyId> {
    let is_lower_hex = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let (uuid, multi_region) = match text.strip_prefix("mrk-") {
        Some(digits) if digits.len() == 32 && is_lower_hex(digits) => (digits, true),
        None if text.len() == 36 && text.split('-').all(is_lower_hex) => (text, false),
        _ => return None,
    };
    Some(KeyId { bytes: uuid::Uuid::parse_str(uuid).ok()?.into_bytes(), multi_region })
}

/// Writes a key id as texts carry it.
#[must_use]
pub(crate) fn format_key_id(key_id: KeyId) -> String {
    let uuid = uuid::Uuid::from_bytes(key_id.bytes);
    if key_id.multi_region { format!("mrk-{}", uuid.simple()) } else { uuid.hyphenated().to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_ids_are_read_and_written_back() {
        for text in ["1234abcd-12ab-34cd-56ef-1234567890ab", "mrk-1234abcd12ab34cd56ef1234567890ab"] {
            assert_eq!(format_key_id(parse_key_id(text).unwrap()), text);
        }
    }

    #[test]
    fn what_is_no_key_id_is_refused() {
        for bad in [
            "",
            "fake-key-id",
            "134f2428cec14b25a1ae9048164dba47",
            "mrk-fake-key-id",
            "1234ABCD-12ab-34cd-56ef-1234567890ab",
            "1234abcd12-ab-34cd-56ef-1234567890ab",
            "mrk-1234abcd-12ab-34cd-56ef-1234567890ab",
        ] {
            assert!(parse_key_id(bad).is_none(), "{bad}");
        }
    }
}
