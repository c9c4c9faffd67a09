//! Login profiles: the passwords that users have.
//!
//! What always holds: the newest hash stands first, and there are at most as many as a password policy may ask for.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_admin-change-user.html>

use std::sync::Arc;

use alcazar_api_iam::types;
use alcazar_base::{AccountId, SecretString, Timestamp};
use alcazar_crypto::PasswordHash;
use alcazar_engine::{Cx, Name, Reads, Result};
use minicbor::{Decode, Encode};

use crate::password_policy::{self, REUSE_PREVENTION_MAX};
use crate::{error, password};

/// A user's password. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct LoginProfile {
    /// When the user first got a password.
    #[n(0)]
    pub(crate) created: Timestamp,
    /// When it last got another one.
    #[n(1)]
    pub(crate) changed: Timestamp,
    /// Whether the user must choose another one at the next sign-in.
    #[n(2)]
    pub(crate) reset_required: bool,
    /// The password, and those before it; none of a root user who is yet to choose one.
    #[n(3)]
    hashes: Vec<PasswordHash>,
}

impl LoginProfile {
    /// That of a user, by the unique id; a root user's is the account's.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(
        reads: &mut Reads<'_>,
        account: AccountId,
        user_id: &str,
    ) -> Result<Option<Arc<Self>>> {
        reads.get(&name(account, user_id)).await
    }

    /// One without a password.
    #[must_use]
    pub(crate) fn empty(now: Timestamp, reset_required: bool) -> Self {
        Self { created: now, changed: now, reset_required, hashes: Vec::new() }
    }

    /// Whether `password` is the one.
    ///
    /// # Errors
    /// It cannot be computed.
    pub(crate) async fn is_password(&self, reads: &Reads<'_>, password: &SecretString) -> Result<bool> {
        password::is_one_of(reads, password, self.hashes.get(..1).unwrap_or_default()).await
    }

    /// Sets the password, which must conform to the account's policy.
    ///
    /// # Errors
    /// It does not.
    pub(crate) async fn set(&mut self, cx: &mut Cx<'_>, password: &SecretString) -> Result<()> {
        let policy = password_policy::check(cx, password).await?;
        let remembered = policy.map_or(0, |policy| policy.remembered());
        let older = self.hashes.get(..remembered.min(self.hashes.len())).unwrap_or_default();
        if !older.is_empty() && password::is_one_of(cx, password, older).await? {
            return Err(error::password_reused().into());
        }
        self.hashes.insert(0, password::hash(cx, password).await?);
        self.hashes.truncate(REUSE_PREVENTION_MAX);
        self.changed = cx.now();
        Ok(())
    }

    /// Writes it.
    ///
    /// # Errors
    /// The record cannot be sealed.
    pub(crate) fn put(self, cx: &mut Cx<'_>, user_id: &str) -> Result<()> {
        cx.put(name(cx.account(), user_id), self)
    }

    /// As answers show it.
    #[must_use]
    pub(crate) fn shown(&self, user_name: String) -> types::LoginProfile {
        types::LoginProfile {
            user_name,
            create_date: self.created,
            password_reset_required: Some(self.reset_required),
        }
    }
}

/// The name of a login profile's record.
#[must_use]
pub(crate) fn name(account: AccountId, user_id: &str) -> Name {
    Name::table("iam.login_profile").part(account.as_str()).part(user_id).name()
}
