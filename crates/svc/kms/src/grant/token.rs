//! Grant tokens: a grant's key and id, authenticated, for one region.
//!
//! A grant can be used as soon as it is made, so a token brings no permission: it only names a grant. It is refused if
//! it was not made here; of a grant that is gone it says nothing.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/using-grant-token.html>

use alcazar_base::Region;
use alcazar_engine::{Reads, Result};
use alcazar_shape::ApiError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Grant, check_grant_id};
use crate::error::grant as error;

/// The version of the format, the first byte.
const FORMAT: u8 = 1;
/// The length of what makes each token another one, in bytes.
const SALT_BYTES: usize = 12;
/// The length of the keyed hash, in bytes.
const HASH_BYTES: usize = 16;

/// The grant that a token names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GrantRef {
    /// Its key.
    pub key_id: String,
    /// Its id.
    pub grant_id: String,
}

/// A new token for a grant; each is another one.
///
/// # Errors
/// Randomness failed.
pub(crate) fn new_token(reads: &Reads<'_>, grant: &Grant) -> Result<String> {
    let mut salt = [0; SALT_BYTES];
    reads.entropy().fill_public(&mut salt)?;
    let named = [&[FORMAT][..], &salt, grant.grant_id.as_bytes(), b"/", grant.key_id.as_bytes()].concat();
    let hash = reads.keyring().blind(&label(&grant.region), &named);
    Ok(STANDARD.encode([&hash[..], &named].concat()))
}

/// The grant that a token names.
///
/// # Errors
/// It was not made here, or for another region.
pub(crate) fn read_token(reads: &Reads<'_>, token: &str) -> std::result::Result<GrantRef, ApiError> {
    let bytes = STANDARD.decode(token).map_err(|_| error::invalid_grant_token())?;
    open(reads, &bytes).ok_or_else(error::invalid_grant_token)
}

/// Passes if all tokens of a request were made here.
///
/// # Errors
/// One was not.
pub(crate) fn check_tokens(
    reads: &Reads<'_>,
    tokens: Option<&[String]>,
) -> std::result::Result<(), ApiError> {
    tokens.unwrap_or_default().iter().try_for_each(|token| read_token(reads, token).map(drop))
}

fn open(reads: &Reads<'_>, bytes: &[u8]) -> Option<GrantRef> {
    let (hash, named) = bytes.split_at_checked(HASH_BYTES)?;
    if reads.keyring().blind(&label(reads.region()), named) != *hash {
        return None;
    }
    let (_, ids) = named.split_at_checked(1 + SALT_BYTES).filter(|_| named.first() == Some(&FORMAT))?;
    let (grant_id, key_id) = std::str::from_utf8(ids).ok()?.split_once('/')?;
    check_grant_id(grant_id).ok()?;
    Some(GrantRef { key_id: key_id.to_owned(), grant_id: grant_id.to_owned() })
}

/// What the keyed hash is of, so that a token of one region is none in another.
fn label(region: &Region) -> Vec<u8> {
    [b"kms.grant_token\0", region.as_str().as_bytes()].concat()
}
