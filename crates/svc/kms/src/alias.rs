//! Aliases: names of keys, within an account and region.

use std::sync::Arc;

use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, Reads, Result};
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use crate::error;
use crate::key::Key;

const ALIASES: &str = "kms.alias";
const ALIASES_OF_KEY: &str = "kms.alias_of_key";

/// What every alias name begins with.
pub(crate) const PREFIX: &str = "alias/";

/// What the names of AWS's own aliases begin with.
pub(crate) const AWS_PREFIX: &str = "alias/aws/";

/// An alias. It is stored twice: by its name, and among the aliases of its key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Alias {
    /// Its name, with the prefix.
    #[n(0)]
    pub alias_name: String,
    /// The key that it stands for.
    #[n(1)]
    pub target_key_id: String,
    /// When it was made.
    #[n(2)]
    pub created: Timestamp,
    /// When it was last pointed at a key.
    #[n(3)]
    pub updated: Timestamp,
}

/// The ARN of an alias.
#[must_use]
pub(crate) fn alias_arn(region: &Region, account: AccountId, alias_name: &str) -> String {
    format!("arn:{}:kms:{region}:{account}:{alias_name}", region.partition().as_str())
}

/// The record of an alias.
#[must_use]
pub(crate) fn alias_name(keyring: &Keyring, account: AccountId, region: &Region, alias: &str) -> Name {
    Name::table(ALIASES).part(account.as_str()).part(region.as_str()).blind(keyring, alias).name()
}

/// All aliases of an account in a region.
#[must_use]
pub(crate) fn aliases(account: AccountId, region: &Region) -> NameRange {
    Name::table(ALIASES).part(account.as_str()).part(region.as_str()).range()
}

/// The record of an alias among those of its key.
#[must_use]
pub(crate) fn alias_of_key_name(keyring: &Keyring, region: &Region, key_id: &str, alias: &str) -> Name {
    Name::table(ALIASES_OF_KEY).part(region.as_str()).part(key_id).blind(keyring, alias).name()
}

/// All aliases of a key.
#[must_use]
pub(crate) fn aliases_of_key(region: &Region, key_id: &str) -> NameRange {
    Name::table(ALIASES_OF_KEY).part(region.as_str()).part(key_id).range()
}

/// More aliases than a key may have, so that one read finds them all.
pub(crate) const ALIASES_READ: usize = 1000;

/// The names of a key's aliases.
///
/// # Errors
/// The store failed.
pub(crate) async fn names_of_key(reads: &mut Reads<'_>, key: &Key) -> Result<Vec<String>> {
    let aliases = reads.scan::<Alias>(&aliases_of_key(&key.region, &key.key_id), ALIASES_READ).await?;
    Ok(aliases.into_iter().map(|(_, alias)| alias.alias_name.clone()).collect())
}

/// The caller's own alias of this name.
///
/// # Errors
/// There is none.
pub(crate) async fn find(reads: &mut Reads<'_>, name: &str) -> Result<Arc<Alias>> {
    let (account, region) = (reads.account(), reads.region().clone());
    let record = alias_name(&reads.keyring(), account, &region, name);
    let found = reads.get::<Alias>(&record).await?;
    Ok(found.ok_or_else(|| error::alias_not_found(&alias_arn(&region, account, name)))?)
}

/// Stores an alias under both of its names.
///
/// # Errors
/// The records cannot be sealed.
pub(crate) fn put(cx: &mut Cx<'_>, account: AccountId, region: &Region, alias: &Alias) -> Result<()> {
    let keyring = cx.keyring();
    let by_name = alias_name(&keyring, account, region, &alias.alias_name);
    let by_key = alias_of_key_name(&keyring, region, &alias.target_key_id, &alias.alias_name);
    cx.put(by_name, alias.clone())?;
    cx.put(by_key, alias.clone())
}

/// Deletes an alias under both of its names.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn delete(cx: &mut Cx<'_>, account: AccountId, region: &Region, alias: &Alias) -> Result<()> {
    let keyring = cx.keyring();
    cx.delete(alias_name(&keyring, account, region, &alias.alias_name))?;
    cx.delete(alias_of_key_name(&keyring, region, &alias.target_key_id, &alias.alias_name))
}

/// Checks the name of an alias that a caller wants to make, change or delete.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html>
///
/// # Errors
/// The name lacks its prefix, has other characters, or is AWS's own.
pub(crate) fn check_name(name: &str) -> std::result::Result<(), ApiError> {
    let Some(rest) = name.strip_prefix(PREFIX) else { return Err(error::alias_without_prefix()) };
    let well_formed = !rest.is_empty()
        && rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-'));
    if !well_formed {
        return Err(error::alias_characters(name));
    }
    if name.starts_with(AWS_PREFIX) {
        return Err(error::alias_reserved());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alias_names_are_checked() {
        for good in ["alias/a", "alias/a/b_c-D9", "alias/awsome"] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for (bad, code) in [
            ("a", "ValidationException"),
            ("alias/", "ValidationException"),
            ("alias/a b", "ValidationException"),
            ("alias/a:b", "ValidationException"),
            ("alias/aws/s3", "InvalidAliasNameException"),
        ] {
            assert_eq!(check_name(bad).unwrap_err().model().name, code, "{bad}");
        }
    }
}
