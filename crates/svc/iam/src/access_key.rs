//! The access keys of root users; a user's stand in its own record.

use alcazar_base::AccountId;
use alcazar_engine::{Cx, Name, Reads, Result};
use minicbor::{Decode, Encode};

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

fn name(account: AccountId) -> Name {
    Name::table("iam.root_keys").part(account.as_str()).name()
}
