//! Users.

use std::sync::Arc;

use alcazar_base::{AccountId, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::credentials::Owner;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Name, Records, Result};
use minicbor::{Decode, Encode};

use crate::document::InlinePolicy;
use crate::entity::{self, EntityKind, PolicyHolder};
use crate::tag::Tag;

const TABLE: &str = "iam.user";

/// A user. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct User {
    /// The account.
    #[n(0)]
    pub account: AccountId,
    /// The unique id.
    #[n(1)]
    pub user_id: String,
    /// The path, which begins and ends with a slash.
    #[n(2)]
    pub path: String,
    /// The name.
    #[n(3)]
    pub name: String,
    /// When it was made.
    #[n(4)]
    pub created: Timestamp,
    /// Its tags.
    #[n(5)]
    pub tags: Vec<Tag>,
    /// The ARN of its permissions boundary.
    #[n(6)]
    pub boundary: Option<String>,
    /// The ARNs of the policies attached to it.
    #[n(7)]
    pub attached: Vec<String>,
    /// The policies in it.
    #[n(8)]
    pub inline: Vec<InlinePolicy>,
    /// The ids of the groups that it is in.
    #[n(9)]
    pub groups: Vec<String>,
    /// The ids of its access keys, at most two.
    #[n(10)]
    pub access_keys: Vec<String>,
    /// The serial numbers of the MFA devices that are enabled for it.
    #[n(11)]
    #[cbor(default)]
    pub mfa_devices: Vec<String>,
}

impl User {
    /// The user of a name.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find(
        records: &mut Records<'_>,
        account: AccountId,
        name: &str,
    ) -> Result<Option<Arc<Self>>> {
        let record = user_name(&records.keyring(), account, name);
        records.get(&record).await
    }

    /// Whom an access key of the user speaks for.
    #[must_use]
    pub fn owner(&self) -> Owner {
        Owner::User { path_and_name: self.path_and_name(), user_id: self.user_id.clone() }
    }

    /// The path and name as its ARN has them.
    #[must_use]
    pub fn path_and_name(&self) -> String {
        format!("{}{}", self.path, self.name)
    }
}

impl PolicyHolder for User {
    const KIND: EntityKind = EntityKind::User;

    fn id(&self) -> &str {
        &self.user_id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn path(&self) -> &str {
        &self.path
    }

    fn arn(&self) -> String {
        entity::arn(self.account, "user", &self.path, &self.name)
    }

    fn inline(&self) -> &[InlinePolicy] {
        &self.inline
    }

    fn inline_mut(&mut self) -> &mut Vec<InlinePolicy> {
        &mut self.inline
    }

    fn attached(&self) -> &[String] {
        &self.attached
    }

    fn attached_mut(&mut self) -> &mut Vec<String> {
        &mut self.attached
    }
}

/// The name of a user's record.
#[must_use]
pub fn user_name(keyring: &Keyring, account: AccountId, name: &str) -> Name {
    entity::named(TABLE, keyring, account, name)
}

/// All users of an account.
#[must_use]
pub fn users(account: AccountId) -> NameRange {
    entity::of_account(TABLE, account).range()
}
