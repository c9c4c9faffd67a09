//! The root of trust: the one key that everything else hangs from, and the file that holds it.
//!
//! The file is a few lines of text, `name value` each, the first of which is the format's name and version:
//!
//! ```text
//! alcazar-root-of-trust 1        alcazar-root-of-trust 1
//! kind plain                     kind argon2id
//! key <64 hex digits>            memory-kib 65536
//! check <32 hex digits>          passes 3
//!                                lanes 1
//!                                salt <32 hex digits>
//!                                sealed <152 hex digits>
//!                                check <32 hex digits>
//! ```
//!
//! `check` is the first half of the SHA-256 of all lines before it: it finds a torn or mistyped file. `sealed` is the root
//! key under the key that Argon2id (RFC 9106) makes from the passphrase, and authenticates all lines before it. What a
//! file may ask of Argon2id is bounded, so that no file can take the machine down. Reading and writing the file is
//! for the caller, who keeps it at mode 0600.

use std::fmt;
use std::str::Lines;

use alcazar_base::{SecretBytes, SecretString};
use alcazar_sys::LockedKey;
use aws_lc_rs::digest;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::aead::{self, DerivingKey, Label};
use crate::entropy::{self, Entropy};
use crate::error::{EntropyError, SealError};
use crate::password;

/// The largest file that is looked at, in bytes.
pub const FILE_BYTES_MAX: usize = 4096;

/// The most memory that a passphrase may cost, in KiB (1 GiB).
pub const MEMORY_KIB_MAX: u32 = 1024 * 1024;

/// The most passes over the memory that a passphrase may cost.
pub const PASSES_MAX: u32 = 16;

/// The most lanes that the memory may be divided into.
pub const LANES_MAX: u32 = 16;

const FORMAT_NAME: &str = "alcazar-root-of-trust";
const FORMAT_VERSION: &str = "1";
const KEY_BYTES: usize = 32;
const SALT_BYTES: usize = 16;
const CHECK_BYTES: usize = 16;
const SEALED_BYTES: usize = KEY_BYTES + aead::OVERHEAD_BYTES;

/// A file that is no root of trust, or one that could not be opened or made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RootFileError {
    /// The file does not begin as a root of trust does.
    #[error("the file is not a root of trust")]
    NotARootFile,
    /// A newer version wrote the file.
    #[error("the root of trust has the unknown version {0:?}")]
    UnknownVersion(String),
    /// The file is torn, or was changed: its lines do not belong together.
    #[error("the root of trust is damaged: restore it from a copy")]
    Damaged,
    /// The file asks Argon2id for more than is allowed, or for less than Argon2id allows.
    #[error("the root of trust asks for a passphrase cost out of bounds")]
    CostOutOfBounds,
    /// The passphrase is not the one that the root was sealed under, or someone forged the file.
    #[error("the passphrase does not open the root of trust")]
    WrongPassphrase,
    /// The memory that the passphrase costs could not be had, or the library refused.
    #[error("the key of the passphrase could not be computed")]
    Refused,
    /// No salt could be drawn.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

/// The root key. It seals the keyring and nothing else.
#[derive(Clone)]
pub struct RootKey(DerivingKey);

impl RootKey {
    /// A new random root key.
    ///
    /// # Errors
    /// `EntropyError` if the source failed.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        DerivingKey::generate(entropy).map(Self)
    }

    pub(crate) fn key(&self) -> &DerivingKey {
        &self.0
    }

    /// The file that holds this root in the clear.
    #[must_use]
    pub fn to_plain_file(&self) -> SecretBytes {
        let mut digits = Zeroizing::new([0; 2 * KEY_BYTES]);
        // The digits have exactly the room that they take, so this cannot fail.
        let _ = hex::encode_to_slice(self.0.secret().expose(), &mut *digits);
        let mut file = begin_file("plain");
        file.extend_from_slice(b"key ");
        file.extend_from_slice(&*digits);
        file.push(b'\n');
        finish_file(file)
    }

    /// The file that holds this root under a passphrase, which costs `cost` to try.
    ///
    /// # Errors
    /// `RootFileError` if no salt could be drawn or Argon2id could not be computed.
    pub fn to_passphrase_file(
        &self,
        passphrase: &SecretString,
        cost: PassphraseCost,
        entropy: &dyn Entropy,
    ) -> Result<SecretBytes, RootFileError> {
        let salt: [u8; SALT_BYTES] = entropy::random(entropy)?;
        let PassphraseCost { memory_kib, passes, lanes } = cost;
        let mut file = begin_file("argon2id");
        let fields =
            format!("memory-kib {memory_kib}\npasses {passes}\nlanes {lanes}\nsalt {}\n", hex::encode(salt));
        file.extend_from_slice(fields.as_bytes());
        let sealed = passphrase_key(passphrase, cost, &salt)?
            .seal(entropy, Label::RootPassphrase, b"", &file, self.0.secret().expose())
            .map_err(|error| match error {
                SealError::Entropy(error) => RootFileError::Entropy(error),
                SealError::Refused | SealError::NotForSealing => RootFileError::Refused,
            })?;
        file.extend_from_slice(format!("sealed {}\n", hex::encode(sealed)).as_bytes());
        Ok(finish_file(file))
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey(***)")
    }
}

/// What it costs to try one passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassphraseCost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl PassphraseCost {
    /// A cost of so much memory in KiB, so many passes over it, in so many lanes.
    ///
    /// # Errors
    /// `RootFileError::CostOutOfBounds` above this module's bounds or below Argon2id's own (8 KiB for each lane, one pass).
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, RootFileError> {
        let lowest_memory_kib = lanes.saturating_mul(8);
        let within = (1..=LANES_MAX).contains(&lanes)
            && (1..=PASSES_MAX).contains(&passes)
            && (lowest_memory_kib..=MEMORY_KIB_MAX).contains(&memory_kib);
        if within { Ok(Self { memory_kib, passes, lanes }) } else { Err(RootFileError::CostOutOfBounds) }
    }

    /// The memory in KiB, the passes, the lanes.
    pub(crate) const fn parts(self) -> (u32, u32, u32) {
        (self.memory_kib, self.passes, self.lanes)
    }
}

/// 64 MiB, three passes, one lane: RFC 9106's choice for little memory (section 4), with one lane since the lanes
/// are not computed in parallel here.
impl Default for PassphraseCost {
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 }
    }
}

/// What a root-of-trust file holds.
#[derive(Debug, Clone)]
pub enum RootFile {
    /// The root in the clear.
    Plain(RootKey),
    /// The root under a passphrase.
    Passphrase(SealedRoot),
}

/// A root that a passphrase opens.
#[derive(Debug, Clone)]
pub struct SealedRoot {
    cost: PassphraseCost,
    salt: [u8; SALT_BYTES],
    sealed: [u8; SEALED_BYTES],
    /// The lines before `sealed`, which it authenticates.
    authenticated: String,
}

impl RootFile {
    /// Reads a root-of-trust file.
    ///
    /// # Errors
    /// `RootFileError` says what the file is instead.
    pub fn parse(file: &[u8]) -> Result<Self, RootFileError> {
        let text = std::str::from_utf8(file).map_err(|_| RootFileError::NotARootFile)?;
        let version = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix(FORMAT_NAME)?.strip_prefix(' '))
            .ok_or(RootFileError::NotARootFile)?;
        if version != FORMAT_VERSION {
            return Err(RootFileError::UnknownVersion(version.chars().take(16).collect()));
        }
        let content = checked_content(text).ok_or(RootFileError::Damaged)?;
        let mut lines = content.lines();
        lines.next();
        let root = match field(&mut lines, "kind")? {
            "plain" => Self::Plain(parse_plain(&mut lines)?),
            "argon2id" => Self::Passphrase(parse_passphrase(content, &mut lines)?),
            _ => return Err(RootFileError::Damaged),
        };
        if lines.next().is_some() { Err(RootFileError::Damaged) } else { Ok(root) }
    }
}

impl SealedRoot {
    /// Opens the root with its passphrase. This takes as long and as much memory as the file's cost says.
    ///
    /// # Errors
    /// `RootFileError::WrongPassphrase` if the passphrase is not the right one.
    pub fn open(&self, passphrase: &SecretString) -> Result<RootKey, RootFileError> {
        let root = passphrase_key(passphrase, self.cost, &self.salt)?
            .open(Label::RootPassphrase, 0, self.authenticated.as_bytes(), &self.sealed)
            .map_err(|_| RootFileError::WrongPassphrase)?;
        let root = LockedKey::copy_of_slice(root.expose()).ok_or(RootFileError::Damaged)?;
        Ok(RootKey(DerivingKey::new(root)))
    }
}

fn passphrase_key(
    passphrase: &SecretString,
    cost: PassphraseCost,
    salt: &[u8; SALT_BYTES],
) -> Result<DerivingKey, RootFileError> {
    let mut key = LockedKey::zeroed();
    password::derive(passphrase, cost, salt, key.expose_mut()).map_err(|_| RootFileError::Refused)?;
    Ok(DerivingKey::new(key))
}

/// A buffer that never grows, since growing would leave copies of what it holds.
fn begin_file(kind: &str) -> Zeroizing<Vec<u8>> {
    let mut file = Zeroizing::new(Vec::with_capacity(FILE_BYTES_MAX));
    file.extend_from_slice(format!("{FORMAT_NAME} {FORMAT_VERSION}\nkind {kind}\n").as_bytes());
    file
}

fn finish_file(mut file: Zeroizing<Vec<u8>>) -> SecretBytes {
    let line = format!("check {}\n", hex::encode(check(&file)));
    file.extend_from_slice(line.as_bytes());
    SecretBytes::new(std::mem::take(&mut *file))
}

fn check(content: &[u8]) -> [u8; CHECK_BYTES] {
    let digest = digest::digest(&digest::SHA256, content);
    digest.as_ref().first_chunk().copied().unwrap_or_default()
}

/// Everything before the last line, if that is the check of it.
fn checked_content(text: &str) -> Option<&str> {
    if text.len() > FILE_BYTES_MAX {
        return None;
    }
    let (content_end, digits) = text.strip_suffix('\n')?.rsplit_once('\n')?;
    let content = text.get(..=content_end.len())?;
    let expected = hex::encode(check(content.as_bytes()));
    // The digits are compared as they stand, so that not even capitals pass for them.
    (digits.strip_prefix("check ")? == expected).then_some(content)
}

fn parse_plain(lines: &mut Lines<'_>) -> Result<RootKey, RootFileError> {
    let digits = field(lines, "key")?;
    let mut key = LockedKey::zeroed();
    hex::decode_to_slice(digits, key.expose_mut()).map_err(|_| RootFileError::Damaged)?;
    Ok(RootKey(DerivingKey::new(key)))
}

fn parse_passphrase(content: &str, lines: &mut Lines<'_>) -> Result<SealedRoot, RootFileError> {
    let mut number = |name| field(lines, name)?.parse::<u32>().map_err(|_| RootFileError::Damaged);
    let cost = PassphraseCost::new(number("memory-kib")?, number("passes")?, number("lanes")?)?;
    let salt = parse_hex(field(lines, "salt")?)?;
    let sealed = parse_hex(field(lines, "sealed")?)?;
    let (authenticated, _) = content.rsplit_once("sealed ").ok_or(RootFileError::Damaged)?;
    Ok(SealedRoot { cost, salt, sealed, authenticated: authenticated.to_owned() })
}

/// The value of the next line, which must be of this name.
fn field<'a>(lines: &mut Lines<'a>, name: &str) -> Result<&'a str, RootFileError> {
    lines
        .next()
        .and_then(|line| line.split_once(' '))
        .filter(|(found, _)| *found == name)
        .map(|(_, value)| value)
        .ok_or(RootFileError::Damaged)
}

fn parse_hex<const N: usize>(digits: &str) -> Result<[u8; N], RootFileError> {
    let mut bytes = [0; N];
    hex::decode_to_slice(digits, &mut bytes).map_err(|_| RootFileError::Damaged)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
