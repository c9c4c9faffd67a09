//! Accounts: those that an organization made or took in. An account without a record belongs to no organization.

use std::sync::Arc;

use alcazar_base::{AccountId, Timestamp};
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Name, Records, Result};
use minicbor::{Decode, Encode};

use crate::tag::Tag;

const TABLE: &str = "organizations.account";

/// An account. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Account {
    /// Its id.
    #[n(0)]
    pub account: AccountId,
    /// Its name.
    #[n(1)]
    pub name: String,
    /// Its owner's e-mail address.
    #[n(2)]
    pub email: String,
    /// Whether it can be used.
    #[n(3)]
    pub status: AccountStatus,
    /// Its place in an organization; none if it has left.
    #[n(4)]
    pub membership: Option<AccountMembership>,
    /// Its tags in the organization.
    #[n(5)]
    pub tags: Vec<Tag>,
    /// When it was made here, if an organization made it.
    #[n(6)]
    pub created: Option<Timestamp>,
}

/// Whether an account can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum AccountStatus {
    /// It can.
    #[n(0)]
    Active,
    /// It was closed: its credentials are refused.
    #[n(1)]
    Suspended,
}

/// An account's place in an organization.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AccountMembership {
    /// The organization's id.
    #[n(0)]
    pub organization_id: String,
    /// The id of the root or organizational unit that it is in.
    #[n(1)]
    pub parent_id: String,
    /// Whether the organization made the account, rather than invited it.
    #[n(2)]
    pub was_created: bool,
    /// When it joined.
    #[n(3)]
    pub joined: Timestamp,
    /// The ids of the policies attached to it.
    #[n(4)]
    pub policies: Vec<String>,
}

impl Account {
    /// The record of an account, if it has one.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find(records: &mut Records<'_>, account: AccountId) -> Result<Option<Arc<Self>>> {
        records.get(&account_name(account)).await
    }
}

/// The records of all accounts that have one.
#[must_use]
pub fn all() -> NameRange {
    Name::table(TABLE).range()
}

/// The name of an account's record.
#[must_use]
pub fn account_name(account: AccountId) -> Name {
    Name::table(TABLE).part(account.as_str()).name()
}
