//! Groups of users.

use std::sync::Arc;

use alcazar_base::{AccountId, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Name, Records, Result};
use minicbor::{Decode, Encode};

use crate::document::InlinePolicy;
use crate::entity::{self, EntityKind, PolicyHolder};

const TABLE: &str = "iam.group";
const NAMES: &str = "iam.group_name";
const MEMBERS: &str = "iam.group_member";

/// A group. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Group {
    /// The account.
    #[n(0)]
    pub account: AccountId,
    /// The unique id.
    #[n(1)]
    pub group_id: String,
    /// The path, which begins and ends with a slash.
    #[n(2)]
    pub path: String,
    /// The name.
    #[n(3)]
    pub name: String,
    /// When it was made.
    #[n(4)]
    pub created: Timestamp,
    /// The ARNs of the policies attached to it.
    #[n(5)]
    pub attached: Vec<String>,
    /// The policies in it.
    #[n(6)]
    pub inline: Vec<InlinePolicy>,
}

/// Which group has a name.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct GroupName {
    /// The group's id.
    #[n(0)]
    pub group_id: String,
}

/// That a user is in a group.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct GroupMember {
    /// The user's name.
    #[n(0)]
    pub user_name: String,
}

impl Group {
    /// The group of a name.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find(
        records: &mut Records<'_>,
        account: AccountId,
        name: &str,
    ) -> Result<Option<Arc<Self>>> {
        let record = group_name_name(&records.keyring(), account, name);
        match records.get::<GroupName>(&record).await? {
            Some(named) => records.get(&group_name(account, &named.group_id)).await,
            None => Ok(None),
        }
    }
}

impl PolicyHolder for Group {
    const KIND: EntityKind = EntityKind::Group;

    fn id(&self) -> &str {
        &self.group_id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn path(&self) -> &str {
        &self.path
    }

    fn arn(&self) -> String {
        entity::arn(self.account, "group", &self.path, &self.name)
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

/// The name of a group's record.
#[must_use]
pub fn group_name(account: AccountId, group_id: &str) -> Name {
    entity::of_account(TABLE, account).part(group_id).name()
}

/// All groups of an account.
#[must_use]
pub fn groups(account: AccountId) -> NameRange {
    entity::of_account(TABLE, account).range()
}

/// The name of the record that says which group has a name.
#[must_use]
pub fn group_name_name(keyring: &Keyring, account: AccountId, name: &str) -> Name {
    entity::named(NAMES, keyring, account, name)
}

/// The name of the record that says that a user is in a group.
#[must_use]
pub fn member_name(account: AccountId, group_id: &str, user_id: &str) -> Name {
    entity::of_account(MEMBERS, account).part(group_id).part(user_id).name()
}

/// All users in a group, as [`GroupMember`] records.
#[must_use]
pub fn members(account: AccountId, group_id: &str) -> NameRange {
    entity::of_account(MEMBERS, account).part(group_id).range()
}
