//! Whose events an organization's event data store has: those of the accounts in it, each since it joined.

use std::collections::BTreeMap;

use alcazar_base::{AccountId, Timestamp};
use alcazar_engine::{Reads, Result};
use alcazar_identity::account::{self, Account};

/// How many accounts are read at a time.
const PAGE: usize = 1000;

/// The accounts of an organization, and since when they are in it.
///
/// # Errors
/// The store failed.
pub(crate) async fn of(
    reads: &mut Reads<'_>,
    organization_id: &str,
) -> Result<BTreeMap<AccountId, Timestamp>> {
    let mut members = BTreeMap::new();
    let mut range = account::all();
    loop {
        let found = reads.glance::<Account>(&range, PAGE).await?;
        for (_, account) in &found {
            if let Some(membership) = &account.membership
                && membership.organization_id == organization_id
            {
                members.insert(account.account, membership.joined);
            }
        }
        match found.last() {
            Some((last, _)) if found.len() == PAGE => range = range.after(last.as_bytes()),
            _ => return Ok(members),
        }
    }
}
