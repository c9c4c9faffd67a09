//! The domain keys: one random key for each kind of data, in versions, sealed together under the root of trust.
//!
//! What a domain key seals is `format (1) ‖ key version (4, big-endian) ‖ salt (16) ‖ nonce (12) ‖ ciphertext ‖
//! tag (16)`. The version is authenticated; the domain is bound in by its own key and its own derivation label.
//!
//! What always holds: versions count from 1 without a gap, the newest seals and every one opens. A new root of trust
//! means sealing the keyring anew, and touches nothing that the domain keys have sealed.

use std::fmt;

use alcazar_base::SecretBytes;
use alcazar_sys::LockedKey;
use aws_lc_rs::hmac;
use minicbor::{Decoder, Encoder};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::aead::{self, DerivingKey, Label};
use crate::entropy::Entropy;
use crate::error::{EntropyError, OpenError, SealError};
use crate::prefix_code::PrefixCode;
use crate::root::RootKey;

/// What a kind of data is sealed or hidden for. The numbers are part of the keyring's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Domain {
    /// Records of the store.
    Store = 0,
    /// User-chosen names within the names of the store's records; hidden by [`Keyring::blind`], never sealed.
    Names = 1,
    /// Keys of audit segments.
    Audit = 2,
    /// Backing keys of KMS keys.
    Kms = 3,
    /// Backups.
    Backup = 4,
    /// Session tokens.
    Token = 5,
}

impl Domain {
    /// Every domain, in the order of the numbers.
    pub const ALL: [Self; 6] = [Self::Store, Self::Names, Self::Audit, Self::Kms, Self::Backup, Self::Token];

    fn label(self) -> Option<Label> {
        match self {
            Self::Store => Some(Label::Store),
            Self::Names => None,
            Self::Audit => Some(Label::Audit),
            Self::Kms => Some(Label::Kms),
            Self::Backup => Some(Label::Backup),
            Self::Token => Some(Label::Token),
        }
    }
}

/// The random id of a store; a keyring opens for its own store alone.
pub type StoreId = [u8; 16];

/// The most versions that a domain's key may have: one a day for more than ten years.
pub const KEY_VERSIONS_MAX: usize = 4096;

/// What [`Keyring::seal`] adds to a plaintext, in bytes.
pub const OVERHEAD_BYTES: usize = HEADER_BYTES + aead::OVERHEAD_BYTES;

const FORMAT: u8 = 1;
const HEADER_BYTES: usize = 5;
const KEYRING_FORMAT: u8 = 1;
const BLIND_LABEL: &[u8] = b"alcazar/names/1\0";
/// What the key of prefix codes is made of. No table has such a name.
const PREFIX_LABEL: &[u8] = b"\0prefixes";

/// A domain's key that could not be rotated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RotateError {
    /// No key could be drawn.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The records' own names depend on the Names key, so it stays as it is.
    #[error("the Names key is never rotated: the names of the store's records depend on it")]
    NamesKeyIsFixed,
    /// The domain has as many versions as are kept.
    #[error("the domain's key has {KEY_VERSIONS_MAX} versions, and no more are kept")]
    TooManyVersions,
}

/// The keys of every domain.
#[derive(Clone)]
pub struct Keyring {
    store: Versions,
    names: DerivingKey,
    audit: Versions,
    kms: Versions,
    backup: Versions,
    token: Versions,
}

/// A key in its versions; the newest is last, and there is always one.
#[derive(Clone)]
struct Versions {
    older: Vec<DerivingKey>,
    newest: DerivingKey,
}

impl Versions {
    fn generate(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        Ok(Self { older: Vec::new(), newest: DerivingKey::generate(entropy)? })
    }

    fn newest_version(&self) -> u32 {
        u32::try_from(self.older.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    fn get(&self, version: u32) -> Option<&DerivingKey> {
        if version == self.newest_version() {
            return Some(&self.newest);
        }
        self.older.get(usize::try_from(version.checked_sub(1)?).ok()?)
    }
}

impl Keyring {
    /// New random keys, each in its first version.
    ///
    /// # Errors
    /// `EntropyError` if the source failed.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        Ok(Self {
            store: Versions::generate(entropy)?,
            names: DerivingKey::generate(entropy)?,
            audit: Versions::generate(entropy)?,
            kms: Versions::generate(entropy)?,
            backup: Versions::generate(entropy)?,
            token: Versions::generate(entropy)?,
        })
    }

    /// Adds a new version of a domain's key, which seals from now on; the older ones still open.
    ///
    /// The keyring has to be sealed and stored again before anything sealed under the new version is.
    ///
    /// # Errors
    /// `RotateError` if no key could be drawn or the domain's key may not be rotated.
    pub fn rotate(&mut self, domain: Domain, entropy: &dyn Entropy) -> Result<u32, RotateError> {
        let versions = match domain {
            Domain::Store => &mut self.store,
            Domain::Names => return Err(RotateError::NamesKeyIsFixed),
            Domain::Audit => &mut self.audit,
            Domain::Kms => &mut self.kms,
            Domain::Backup => &mut self.backup,
            Domain::Token => &mut self.token,
        };
        if versions.older.len() + 1 >= KEY_VERSIONS_MAX {
            return Err(RotateError::TooManyVersions);
        }
        let newest = DerivingKey::generate(entropy)?;
        versions.older.push(std::mem::replace(&mut versions.newest, newest));
        Ok(versions.newest_version())
    }

    /// The version of a domain's key that seals now. The Names key is always in its first.
    #[must_use]
    pub fn newest_version(&self, domain: Domain) -> u32 {
        self.versions(domain).map_or(1, Versions::newest_version)
    }

    /// Seals `plaintext` under the domain's newest key, bound to `aad`: the record's own name, for instance.
    ///
    /// # Errors
    /// `SealError` if no salt could be drawn, the plaintext is too long, or the domain is Names.
    pub fn seal(
        &self,
        domain: Domain,
        entropy: &dyn Entropy,
        aad: &[u8],
        plaintext: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let (versions, label) = self.versions(domain).zip(domain.label()).ok_or(SealError::NotForSealing)?;
        let mut header = [FORMAT; HEADER_BYTES];
        if let Some((_, version)) = header.split_first_mut() {
            version.copy_from_slice(&versions.newest_version().to_be_bytes());
        }
        versions.newest.seal(entropy, label, &header, aad, plaintext)
    }

    /// Opens what [`Keyring::seal`] made in the same domain, with the same `aad`, under any version.
    ///
    /// # Errors
    /// `OpenError` if it is not that, or was changed since.
    pub fn open(&self, domain: Domain, aad: &[u8], sealed: &[u8]) -> Result<SecretBytes, OpenError> {
        let (versions, label) = self.versions(domain).zip(domain.label()).ok_or(OpenError::Unauthentic)?;
        let (&format, rest) = sealed.split_first().ok_or(OpenError::Unauthentic)?;
        if format != FORMAT {
            return Err(OpenError::UnknownFormat(format));
        }
        let version = sealed_version(rest)?;
        let key = versions.get(version).ok_or(OpenError::UnknownKeyVersion(version))?;
        key.open(label, HEADER_BYTES, aad, sealed)
    }

    /// The version of the domain's key that `sealed` says it is under, for finding what a rotation left behind. It is
    /// not authenticated before `sealed` is opened.
    ///
    /// # Errors
    /// `OpenError` if `sealed` is of no known format.
    pub fn version_of(sealed: &[u8]) -> Result<u32, OpenError> {
        match sealed.split_first() {
            Some((&FORMAT, rest)) => sealed_version(rest),
            Some((&format, _)) => Err(OpenError::UnknownFormat(format)),
            None => Err(OpenError::Unauthentic),
        }
    }

    /// What stands for a user-chosen `text` in the names of the store's records: always the same, and telling nothing
    /// to whoever lacks the Names key. `table` keeps equal texts of different kinds apart.
    ///
    /// It is the first half of HMAC-SHA-256 over a label, the length of `table`, `table` and `text`. The key is
    /// read from locked memory each time, and never rotated: that would rename every record, and a lookup could
    /// not know under which version its record was named.
    #[must_use]
    pub fn blind(&self, table: &[u8], text: &[u8]) -> [u8; 16] {
        let message = [BLIND_LABEL, &(table.len() as u64).to_be_bytes(), table, text].concat();
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.names.secret().expose());
        let tag = hmac::sign(&key, &message);
        let mut blinded = [0; 16];
        for (byte, from) in blinded.iter_mut().zip(tag.as_ref()) {
            *byte = *from;
        }
        blinded
    }

    /// What stands for the beginnings of user-chosen texts in the names of the store's records. Its key comes from the
    /// Names key.
    #[must_use]
    pub fn prefix_code(&self) -> PrefixCode {
        PrefixCode::new(self.blind(PREFIX_LABEL, b""))
    }

    /// The keyring, sealed under the root of trust for the store `store_id`.
    ///
    /// # Errors
    /// `SealError` if no salt could be drawn.
    pub fn seal_under(
        &self,
        root: &RootKey,
        store_id: &StoreId,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, SealError> {
        let plaintext = self.encode()?;
        root.key().seal(entropy, Label::Keyring, &[KEYRING_FORMAT], store_id, &plaintext)
    }

    /// Opens what [`Keyring::seal_under`] made under the same root and for the same store.
    ///
    /// # Errors
    /// `OpenError` if it is not that, or was changed since.
    pub fn open_under(root: &RootKey, store_id: &StoreId, sealed: &[u8]) -> Result<Self, OpenError> {
        match sealed.first() {
            Some(&KEYRING_FORMAT) => {}
            Some(&format) => return Err(OpenError::UnknownFormat(format)),
            None => return Err(OpenError::Unauthentic),
        }
        let plaintext = root.key().open(Label::Keyring, 1, store_id, sealed)?;
        Self::decode(plaintext.expose()).ok_or(OpenError::Malformed)
    }

    fn versions(&self, domain: Domain) -> Option<&Versions> {
        match domain {
            Domain::Store => Some(&self.store),
            Domain::Names => None,
            Domain::Audit => Some(&self.audit),
            Domain::Kms => Some(&self.kms),
            Domain::Backup => Some(&self.backup),
            Domain::Token => Some(&self.token),
        }
    }

    /// CBOR: a map from the domain's number to the array of its keys, the oldest first.
    fn encode(&self) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let keys = |domain| {
            let versions = self.versions(domain);
            let older = versions.map_or(&[][..], |versions| &versions.older);
            (older, versions.map_or(&self.names, |versions| &versions.newest))
        };
        let count: usize = Domain::ALL.iter().map(|&domain| keys(domain).0.len() + 1).sum();
        // Room for everything from the start: a buffer that grows leaves copies of keys behind.
        let mut plaintext = Zeroizing::new(Vec::with_capacity(count * 34 + Domain::ALL.len() * 8 + 8));
        let mut encoder = Encoder::new(&mut *plaintext);
        let mut write = || -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
            encoder.map(Domain::ALL.len() as u64)?;
            for domain in Domain::ALL {
                let (older, newest) = keys(domain);
                encoder.u8(domain as u8)?.array(older.len() as u64 + 1)?;
                for key in older.iter().chain([newest]) {
                    encoder.bytes(key.secret().expose())?;
                }
            }
            Ok(())
        };
        write().map_err(|_| SealError::Refused)?;
        Ok(plaintext)
    }

    fn decode(plaintext: &[u8]) -> Option<Self> {
        let mut decoder = Decoder::new(plaintext);
        let domains = decoder.map().ok()??;
        if domains != Domain::ALL.len() as u64 {
            return None;
        }
        let keyring = Self {
            store: decode_versions(&mut decoder, Domain::Store)?,
            names: decode_versions(&mut decoder, Domain::Names)
                .filter(|names| names.older.is_empty())?
                .newest,
            audit: decode_versions(&mut decoder, Domain::Audit)?,
            kms: decode_versions(&mut decoder, Domain::Kms)?,
            backup: decode_versions(&mut decoder, Domain::Backup)?,
            token: decode_versions(&mut decoder, Domain::Token)?,
        };
        (decoder.position() == plaintext.len()).then_some(keyring)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring(***)")
    }
}

fn sealed_version(after_format: &[u8]) -> Result<u32, OpenError> {
    after_format.first_chunk().map(|version| u32::from_be_bytes(*version)).ok_or(OpenError::Unauthentic)
}

fn decode_versions(decoder: &mut Decoder<'_>, domain: Domain) -> Option<Versions> {
    if decoder.u8().ok()? != domain as u8 {
        return None;
    }
    let count = usize::try_from(decoder.array().ok()??).ok().filter(|count| *count <= KEY_VERSIONS_MAX)?;
    let mut older = Vec::with_capacity(count);
    for _ in 0..count {
        older.push(DerivingKey::new(LockedKey::copy_of_slice(decoder.bytes().ok()?)?));
    }
    let newest = older.pop()?;
    Some(Versions { older, newest })
}

#[cfg(test)]
mod tests;
