//! The account's alias: one for each account, and no two accounts have the same.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/console_account-alias.html>

use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_engine::{Cx, Name, Reads, Result};
use minicbor::{Decode, Encode};

use crate::error;

/// The alias of an account.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct AccountAlias {
    /// The alias.
    #[n(0)]
    pub(crate) alias: String,
}

/// Whose an alias is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct AliasOwner {
    #[n(0)]
    account: AccountId,
}

impl AccountAlias {
    /// That of the caller's account.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>) -> Result<Option<Arc<Self>>> {
        reads.get(&of_account(reads.account())).await
    }
}

/// Gives the caller's account an alias, in the place of the one that it has.
///
/// # Errors
/// An account has it already.
pub(crate) async fn put(cx: &mut Cx<'_>, alias: &str) -> Result<()> {
    let owner = owner_of(cx, alias);
    if cx.get::<AliasOwner>(&owner).await?.is_some() {
        return Err(error::account_alias_exists(alias).into());
    }
    if let Some(older) = AccountAlias::find(cx).await? {
        cx.delete(owner_of(cx, &older.alias))?;
    }
    let account = cx.account();
    cx.put(owner, AliasOwner { account })?;
    cx.put(of_account(account), AccountAlias { alias: alias.to_owned() })
}

/// Takes the alias from the caller's account.
///
/// # Errors
/// It is not the account's.
pub(crate) async fn delete(cx: &mut Cx<'_>, alias: &str) -> Result<()> {
    let found = AccountAlias::find(cx).await?;
    if found.is_none_or(|found| found.alias != alias) {
        return Err(error::no_such_account_alias(alias).into());
    }
    cx.delete(owner_of(cx, alias))?;
    cx.delete(of_account(cx.account()))
}

fn of_account(account: AccountId) -> Name {
    Name::table("iam.account_alias").part(account.as_str()).name()
}

fn owner_of(reads: &Reads<'_>, alias: &str) -> Name {
    Name::table("iam.account_alias_owner").blind(&reads.keyring(), alias).name()
}
