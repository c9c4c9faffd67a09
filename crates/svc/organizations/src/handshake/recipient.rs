//! Whom a handshake is for: an account, or whoever has an e-mail address.

use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_crypto::Keyring;
use alcazar_engine::{Name, NameBuilder, Reads, Result};
use alcazar_identity::account::Account;
use minicbor::{Decode, Encode};

use super::record::{self, Handshake, Pointer};
use crate::{membership, page};

const OF_ACCOUNT: &str = "organizations.handshake_of_account";
const OF_EMAIL: &str = "organizations.handshake_of_email";

/// Whom a handshake is for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Recipient {
    /// An account.
    #[n(0)]
    Account(#[n(0)] AccountId),
    /// The account of an e-mail address, in small letters.
    #[n(1)]
    Email(#[n(0)] String),
}

impl Recipient {
    fn names(&self, keyring: &Keyring) -> NameBuilder {
        match self {
            Self::Account(account) => Name::table(OF_ACCOUNT).part(account.as_str()),
            Self::Email(email) => Name::table(OF_EMAIL).blind(keyring, email),
        }
    }

    /// The name of the record that a handshake is for it.
    pub(super) fn pointer_name(&self, keyring: &Keyring, handshake_id: &str) -> Name {
        self.names(keyring).part(handshake_id).name()
    }
}

/// Who the caller's account is, as handshakes may name it.
async fn of_caller(reads: &mut Reads<'_>) -> Result<[Recipient; 2]> {
    let account = reads.account();
    let record = Account::find(&mut reads.records(), account).await?;
    let email = record.map_or_else(|| membership::email_of(account), |record| record.email.clone());
    Ok([Recipient::Account(account), Recipient::Email(email.to_ascii_lowercase())])
}

/// Whether a handshake is for the caller's account.
///
/// # Errors
/// The store failed.
pub(crate) async fn is_for(reads: &mut Reads<'_>, handshake: &Handshake) -> Result<bool> {
    Ok(of_caller(reads).await?.contains(&handshake.recipient))
}

/// The handshakes that are for the caller's account.
///
/// # Errors
/// The store failed.
pub(crate) async fn of_recipient(reads: &mut Reads<'_>) -> Result<Vec<Arc<Handshake>>> {
    let mut found = Vec::new();
    for recipient in of_caller(reads).await? {
        let range = recipient.names(&reads.keyring()).range();
        for pointer in page::all::<Pointer>(reads, &range).await? {
            found.extend(record::find(reads, &pointer.handshake_id).await?);
        }
    }
    Ok(found)
}
