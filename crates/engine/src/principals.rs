//! Which accounts and principals exist, for documents that may name none other.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>

use std::sync::Arc;

use alcazar_base::{AccountId, Arn};
use alcazar_crypto::Keyring;
use minicbor::{Decode, Encode};

use crate::cloud::Cloud;
use crate::context::Reads;
use crate::credentials::{AccessKey, Owner};
use crate::error::Result;
use crate::name::Name;
use crate::transaction::Pending;

const TABLE: &str = "iam.principal";

/// A user or role that exists.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct KnownPrincipal {
    /// The path and name as its ARN has them, e.g. `/ci/deployer`.
    #[n(0)]
    path_and_name: String,
}

/// The record of a user or role: no two of one account share a name, whatever their paths are.
fn principal_name(keyring: &Keyring, account: AccountId, kind: &str, name: &str) -> Name {
    Name::table(TABLE).part(account.as_str()).part(kind).blind(keyring, name).name()
}

/// Notes that the user whom an access key speaks for exists.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn note_owner(cloud: &Cloud, pending: &mut Pending, key: &AccessKey) -> Result<()> {
    let Owner::User { path_and_name, .. } = &key.owner else { return Ok(()) };
    let record = principal_name(&cloud.keyring(), key.account, "user", last_part(path_and_name));
    pending.put(cloud, record, Arc::new(KnownPrincipal { path_and_name: path_and_name.clone() }))
}

fn last_part(path_and_name: &str) -> &str {
    path_and_name.rsplit('/').next().unwrap_or(path_and_name)
}

impl Reads<'_> {
    /// Whether there is such an account: each one in development mode, else the administrator's.
    ///
    /// # Errors
    /// The store failed.
    pub async fn account_exists(&self, account: AccountId) -> Result<bool> {
        if self.cloud.has_built_in_credentials() || account == self.account() {
            return Ok(true);
        }
        Ok(self.cloud.administrator().await?.is_some_and(|administrator| administrator.account == account))
    }

    /// Whether the user, role, role session or federated user of an ARN exists. A session exists as long as its role
    /// does, a federated user as long as its account does.
    ///
    /// # Errors
    /// The store failed.
    pub async fn principal_exists(&mut self, arn: &str) -> Result<bool> {
        let Ok(arn) = arn.parse::<Arn>() else { return Ok(false) };
        let Ok(account) = arn.account.parse() else { return Ok(false) };
        if !self.account_exists(account).await? {
            return Ok(false);
        }
        let Some((kind, path_and_name)) = arn.resource.split_once('/') else {
            return Ok(arn.resource == "root");
        };
        let (kind, name, is_session) = match (arn.service.as_str(), kind) {
            ("iam", "user" | "role") => (kind, last_part(path_and_name), false),
            ("sts", "assumed-role") => ("role", path_and_name.split('/').next().unwrap_or_default(), true),
            ("sts", "federated-user") => return Ok(true),
            _ => return Ok(false),
        };
        let record = principal_name(&self.keyring(), account, kind, name);
        let known = self.get::<KnownPrincipal>(&record).await?;
        Ok(known.is_some_and(|known| {
            is_session || Some(known.path_and_name.as_str()) == arn.resource.get(kind.len()..)
        }))
    }
}
