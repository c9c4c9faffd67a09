//! A KMS key as it is stored, and its names.
//!
//! The key material stands in the record wrapped under the key hierarchy; it is unwrapped into locked memory at
//! the first use and kept there as long as the record is cached.

use std::sync::{Arc, OnceLock};

use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_crypto::{BackingKeyId, KeyId, KeyMaterial, KeySpec, KeyUsage, Keyring};
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{BoundPrincipals, Cx, Error, Full, Name, Result};
use alcazar_policy::CompiledPolicy;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::{error, managed, policy, quota};

mod imported;
mod material;

pub(crate) use imported::Imported;
pub(crate) use material::{MaterialState, RotationOfMaterial, StoredMaterial};

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
    /// Its material, the oldest first.
    #[n(9)]
    pub materials: Vec<StoredMaterial>,
    /// Whether it is a multi-Region key.
    #[n(10)]
    pub multi_region: bool,
    /// What kind of key it is.
    #[n(11)]
    #[cbor(default)]
    pub spec: KeySpec,
    /// What it is for.
    #[n(12)]
    #[cbor(default)]
    pub usage: KeyUsage,
    /// Where its material comes from.
    #[n(13)]
    #[cbor(default)]
    pub origin: Origin,
    /// Its automatic rotation, if that is on.
    #[n(14)]
    pub rotation: Option<AutomaticRotation>,
    /// How often it was rotated on demand in its life.
    #[n(15)]
    #[cbor(default)]
    pub on_demand_rotations: u32,
    /// The regions of a multi-Region key that has replicas, or is one. A key without is its own primary.
    #[n(16)]
    pub regions: Option<Regions>,
    /// Whom the policy named when it was put.
    #[n(17)]
    pub policy_principals: Option<BoundPrincipals>,
    #[cbor(skip)]
    cached: Cached,
}

/// Where the material of a key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub enum Origin {
    /// It was made here.
    #[n(0)]
    #[default]
    AwsKms,
    /// It is imported.
    #[n(1)]
    External,
}

impl Origin {
    /// The origin as AWS writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwsKms => "AWS_KMS",
            Self::External => "EXTERNAL",
        }
    }
}

/// The automatic rotation of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct AutomaticRotation {
    /// How many days lie between two rotations.
    #[n(0)]
    pub period_days: u32,
    /// When the next one is.
    #[n(1)]
    pub next: Timestamp,
}

/// Where a multi-Region key is. Every one of its copies has the same list.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Regions {
    /// The region of the primary key.
    #[n(0)]
    pub primary: Region,
    /// The regions of the replicas.
    #[n(1)]
    pub replicas: Vec<Region>,
}

/// What is made from a record once and kept with it.
#[derive(Debug, Clone, Default)]
struct Cached {
    policy: OnceLock<Arc<CompiledPolicy>>,
    materials: OnceLock<Arc<[Option<KeyMaterial>]>>,
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
    /// It has no material, and cannot be used before some is imported.
    #[n(3)]
    PendingImport,
    /// It is a primary key that waits for its replicas' deletion, and then for its own.
    #[n(4)]
    PendingReplicaDeletion {
        /// The waiting period that begins when the last replica is gone, in days.
        #[n(0)]
        window_days: u32,
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
    /// Its material, wrapped; none if it is to be imported.
    pub material: Option<StoredMaterial>,
    /// Whether it is a multi-Region key.
    pub multi_region: bool,
    /// What kind of key it is.
    pub spec: KeySpec,
    /// What it is for.
    pub usage: KeyUsage,
    /// Where its material comes from.
    pub origin: Origin,
}

impl Key {
    /// A new key: enabled, or waiting for its material.
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
            state: if new.material.is_some() { State::Enabled } else { State::PendingImport },
            tags,
            policy,
            materials: new.material.into_iter().collect(),
            multi_region: new.multi_region,
            spec: new.spec,
            usage: new.usage,
            origin: new.origin,
            rotation: None,
            on_demand_rotations: 0,
            regions: None,
            policy_principals: None,
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
            Some(text) => policy::compile(text, self.policy_principals.as_ref())
                .map_err(|error| Error::invariant(format!("a stored key policy is none: {error}")))?,
        };
        Ok(self.cached.policy.get_or_init(|| compiled).clone())
    }

    /// The material that encrypts, signs and so on.
    ///
    /// # Errors
    /// The key has none, or it does not unwrap.
    pub fn material(&self, keyring: &Keyring) -> Result<&KeyMaterial> {
        let missing = || Error::invariant("a key in use without material");
        let current = self.materials.iter().rposition(|material| material.state == MaterialState::Current);
        let material = self.unwrapped(keyring)?.get(current.ok_or_else(missing)?);
        material.and_then(Option::as_ref).ok_or_else(missing)
    }

    /// The material of this id, if the key has it.
    ///
    /// # Errors
    /// The material does not unwrap.
    pub fn material_of_id(&self, keyring: &Keyring, id: BackingKeyId) -> Result<Option<&KeyMaterial>> {
        Ok(self.unwrapped(keyring)?.iter().flatten().find(|material| material.id() == id))
    }

    fn unwrapped(&self, keyring: &Keyring) -> Result<&[Option<KeyMaterial>]> {
        if let Some(materials) = self.cached.materials.get() {
            return Ok(materials);
        }
        let key_id = self.crypto_id()?;
        let unwrap = |wrapped: &ByteVec| {
            KeyMaterial::unwrap(keyring, key_id, self.spec, wrapped)
                .map_err(|error| Error::invariant(format!("key material does not unwrap: {error}")))
        };
        let materials: Result<Arc<[_]>> =
            self.materials.iter().map(|material| material.wrapped.as_ref().map(unwrap).transpose()).collect();
        let materials = materials?;
        Ok(self.cached.materials.get_or_init(|| materials))
    }

    /// The current material as it is stored, if there is any.
    #[must_use]
    pub fn current(&self) -> Option<&StoredMaterial> {
        self.materials.iter().rfind(|material| material.state == MaterialState::Current)
    }

    /// Whether it has all its material: some may be yet to be imported, have expired, or be deleted.
    #[must_use]
    pub fn is_imported(&self) -> bool {
        let in_use = |material: &&StoredMaterial| {
            matches!(material.state, MaterialState::Current | MaterialState::NonCurrent)
        };
        self.current().is_some()
            && self.materials.iter().filter(in_use).all(|material| material.wrapped.is_some())
    }

    /// The id of the current material as AWS shows it: of symmetric encryption keys that have some.
    #[must_use]
    pub fn current_material_id(&self) -> Option<String> {
        let current = self.current().filter(|_| self.spec == KeySpec::SymmetricDefault)?;
        current.wrapped.as_ref().map(|_| current.id().key_material_id())
    }

    /// The region of its primary key, if it is a multi-Region key.
    #[must_use]
    pub fn primary_region(&self) -> Option<&Region> {
        let own = self.multi_region.then_some(&self.region);
        self.regions.as_ref().map(|regions| &regions.primary).or(own)
    }

    /// Whether it is a replica of a key in another region.
    #[must_use]
    pub fn is_replica(&self) -> bool {
        self.primary_region().is_some_and(|primary| *primary != self.region)
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

/// Holds room for one more key of an account in a region. AWS managed keys do not count.
///
/// # Errors
/// The account has as many keys there as it may.
pub(crate) async fn room_for_new(
    cx: &mut Cx<'_>,
    account: AccountId,
    region: &Region,
    key_id: &str,
) -> Result<()> {
    let Some(most) = cx.quota(&quota::KEYS) else { return Ok(()) };
    let name = key_of_account_name(account, region, key_id);
    let range = keys_of_account(account, region);
    if cx.room_for(&name, &range, most).await?.is_ok() {
        return Ok(());
    }
    // The list holds AWS managed keys too. There are few, so they are looked for only now.
    let managed = managed::count(cx, account, region).await?;
    let room = cx.room_for(&name, &range, most.saturating_add(managed)).await?;
    let customer_managed = |full: Full| Full { quota: most, usage: full.usage.saturating_sub(managed) };
    Ok(room.map_err(|full| error::quota::keys(customer_managed(full)))?)
}

/// The lists of all accounts and regions, in the order of account, region and key id.
#[must_use]
pub(crate) fn all_keys_of_accounts() -> NameRange {
    Name::table(KEYS_OF_ACCOUNT).range()
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
