//! How accounts come into organizations and leave them.
//!
//! What always holds: no two accounts have the same e-mail address; an account that no organization made has one that
//! follows from its id.

use alcazar_base::AccountId;
use alcazar_crypto::Keyring;
use alcazar_engine::{Cx, Name, Reads, Result};
use alcazar_identity::account::{Account, AccountMembership, AccountStatus};
use alcazar_identity::organization::Organization;
use alcazar_identity::tag::Tag;
use minicbor::{Decode, Encode};

use crate::{error, handshake, quota, target};

const EMAILS: &str = "organizations.email";

/// The seconds of a day.
const DAY_SECONDS: u64 = 24 * 60 * 60;

/// Whose an e-mail address is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct EmailOwner {
    /// The account.
    #[n(0)]
    pub account: AccountId,
}

/// How an account comes into an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joined {
    /// The organization made it.
    Created,
    /// It was there before.
    Invited,
}

/// An account as it is before an organization knows it.
#[must_use]
pub(crate) fn unknown(account: AccountId) -> Account {
    Account {
        account,
        name: format!("Account {account}"),
        email: email_of(account),
        status: AccountStatus::Active,
        membership: None,
        tags: Vec::new(),
        created: None,
    }
}

/// The address of an account that no organization made.
#[must_use]
pub(crate) fn email_of(account: AccountId) -> String {
    format!("{account}@account.internal")
}

/// The account of an e-mail address.
///
/// # Errors
/// The store failed.
pub(crate) async fn account_of_email(reads: &mut Reads<'_>, email: &str) -> Result<Option<AccountId>> {
    let name = email_name(&reads.keyring(), email);
    if let Some(owner) = reads.get::<EmailOwner>(&name).await? {
        return Ok(Some(owner.account));
    }
    let of_unknown = email.split_once('@').and_then(|(local, _)| local.parse().ok());
    Ok(of_unknown.filter(|account| email_of(*account).eq_ignore_ascii_case(email)))
}

/// Notes whose an e-mail address is.
///
/// # Errors
/// The store failed.
pub(crate) fn put_email(cx: &mut Cx<'_>, email: &str, account: AccountId) -> Result<()> {
    cx.put(email_name(&cx.keyring(), email), EmailOwner { account })
}

/// The account in the organization's root, with what is attached to whatever comes in.
///
/// # Errors
/// The store failed.
pub(crate) async fn join(
    cx: &mut Cx<'_>,
    organization: &Organization,
    mut account: Account,
    tags: Vec<Tag>,
    joined: Joined,
) -> Result<()> {
    account.tags = tags;
    account.membership = Some(AccountMembership {
        organization_id: organization.id.clone(),
        parent_id: organization.root.id.clone(),
        was_created: joined == Joined::Created,
        joined: cx.now(),
        policies: target::first_policies(organization),
    });
    target::put_account(cx, account).await
}

/// The account out of its organization. Its tags there are gone.
///
/// # Errors
/// The account may not leave, or the store failed.
pub(crate) async fn leave(cx: &mut Cx<'_>, organization: &Organization, account: &Account) -> Result<()> {
    if account.account == organization.management_account {
        return Err(error::management_cannot_leave().into());
    }
    let mut administrators = organization.delegated_administrators.iter();
    if administrators.any(|administrator| administrator.account == account.account) {
        return Err(error::constraint::cannot_remove_delegated_administrator().into());
    }
    if let (Some(created), Some(days)) = (account.created, cx.quota(&quota::DAYS_BEFORE_REMOVAL))
        && (cx.now() - created).as_secs() < days.saturating_mul(DAY_SECONDS)
    {
        return Err(error::constraint::wait_period_active().into());
    }
    remove(cx, organization, account)?;
    handshake::member_left(cx, organization, account.account).await
}

/// The account out of its organization, whatever it is there.
///
/// # Errors
/// The store failed.
pub(crate) fn remove(cx: &mut Cx<'_>, organization: &Organization, account: &Account) -> Result<()> {
    let left = Account { membership: None, tags: Vec::new(), ..account.clone() };
    cx.delete(target::member_name(&organization.id, account.account))?;
    cx.put(alcazar_identity::account::account_name(account.account), left)
}

fn email_name(keyring: &Keyring, email: &str) -> Name {
    Name::table(EMAILS).blind(keyring, &email.to_ascii_lowercase()).name()
}
