//! Whose an access key is: a user's record names its keys, and one of the account those of the root user.

use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_engine::credentials::{AccessKey, access_key_name};
use alcazar_engine::{Cx, Name, Reads, Result};
use minicbor::{Decode, Encode};

use crate::error;
use crate::whom::Whom;

/// The ids of the access keys that a root user made; the administrator's first key is none of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct RootKeys {
    /// The ids, at most two.
    #[n(0)]
    pub(crate) access_key_ids: Vec<String>,
}

impl RootKeys {
    /// Those of an account.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn of(reads: &mut Reads<'_>, account: AccountId) -> Result<Self> {
        let found = reads.get::<Self>(&name(account)).await?;
        Ok(found.map(|keys| keys.as_ref().clone()).unwrap_or_default())
    }

    /// Writes them back.
    ///
    /// # Errors
    /// The record cannot be sealed.
    pub(crate) fn put(self, cx: &mut Cx<'_>, account: AccountId) -> Result<()> {
        cx.put(name(account), self)
    }
}

/// The ids of the access keys of whom a request is about.
///
/// # Errors
/// There is no such user, or the store failed.
pub(crate) async fn ids(reads: &mut Reads<'_>, whom: &Whom) -> Result<Vec<String>> {
    match whom.user() {
        Some(named) => Ok(named.existing()?.access_keys.clone()),
        None => {
            let account = reads.account();
            Ok(RootKeys::of(reads, account).await?.access_key_ids)
        }
    }
}

/// The access key of an id, which must belong to whom a request is about.
///
/// # Errors
/// It does not.
pub(crate) async fn find(reads: &mut Reads<'_>, whom: &Whom, id: &str) -> Result<Arc<AccessKey>> {
    let is_own = ids(reads, whom).await?.iter().any(|own| own == id);
    let found = if is_own { reads.get(&access_key_name(id)).await? } else { None };
    Ok(found.ok_or_else(|| error::no_such_access_key(id))?)
}

fn name(account: AccountId) -> Name {
    Name::table("iam.root_keys").part(account.as_str()).name()
}
