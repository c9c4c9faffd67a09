//! Managed policies that customers make; AWS's own stand in [`aws_managed`](crate::aws_managed).

use std::sync::Arc;

use alcazar_base::{AccountId, Arn, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Name, Records, Result};
use alcazar_policy::{CompiledPolicy, PolicyKind};
use minicbor::{Decode, Encode};

use crate::aws_managed;
use crate::document::Document;
use crate::entity;
use crate::tag::Tag;

const TABLE: &str = "iam.policy";

/// The most versions that a policy has at a time.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html>
pub const VERSIONS_MAX: usize = 5;

/// A customer managed policy. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ManagedPolicy {
    /// The account.
    #[n(0)]
    pub account: AccountId,
    /// The unique id.
    #[n(1)]
    pub policy_id: String,
    /// The path, which begins and ends with a slash.
    #[n(2)]
    pub path: String,
    /// The name.
    #[n(3)]
    pub name: String,
    /// When it was made.
    #[n(4)]
    pub created: Timestamp,
    /// When a version was last made or became the default.
    #[n(5)]
    pub updated: Timestamp,
    /// What it is for.
    #[n(6)]
    pub description: Option<String>,
    /// Its tags.
    #[n(7)]
    pub tags: Vec<Tag>,
    /// Its versions, the oldest first.
    #[n(8)]
    pub versions: Vec<PolicyVersion>,
    /// The number of the version that counts.
    #[n(9)]
    pub default_version: u32,
    /// The number that the next version gets.
    #[n(10)]
    pub next_version: u32,
}

/// A version of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PolicyVersion {
    /// Its number: 1 for `v1`.
    #[n(0)]
    pub number: u32,
    /// When it was made.
    #[n(1)]
    pub created: Timestamp,
    /// What it says.
    #[n(2)]
    pub document: Document,
}

impl ManagedPolicy {
    /// The policy of a name.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find(
        records: &mut Records<'_>,
        account: AccountId,
        name: &str,
    ) -> Result<Option<Arc<Self>>> {
        let record = policy_name(&records.keyring(), account, name);
        records.get(&record).await
    }

    /// The policy of an ARN, path and all; none for an ARN of AWS's own.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find_by_arn(records: &mut Records<'_>, arn: &str) -> Result<Option<Arc<Self>>> {
        let Ok(parsed) = arn.parse::<Arn>() else { return Ok(None) };
        let Ok(account) = parsed.account.parse() else { return Ok(None) };
        let found = Self::find(records, account, entity::name_of(&parsed.resource)).await?;
        Ok(found.filter(|policy| policy.arn() == arn))
    }

    /// The ARN.
    #[must_use]
    pub fn arn(&self) -> String {
        entity::arn(self.account, "policy", &self.path, &self.name)
    }

    /// The version of a number.
    #[must_use]
    pub fn version(&self, number: u32) -> Option<&PolicyVersion> {
        self.versions.iter().find(|version| version.number == number)
    }

    /// The version that counts.
    #[must_use]
    pub fn default(&self) -> Option<&PolicyVersion> {
        self.version(self.default_version)
    }
}

/// What a managed policy says, be it a customer's or AWS's own; none if there is none of this ARN.
///
/// # Errors
/// The store failed.
pub async fn compiled(records: &mut Records<'_>, arn: &str) -> Result<Option<Arc<CompiledPolicy>>> {
    if let Some(policy) = aws_managed::find(arn) {
        return policy.compiled().map(Some);
    }
    let policy = ManagedPolicy::find_by_arn(records, arn).await?;
    let default = policy.as_ref().and_then(|policy| policy.default());
    default.map(|version| version.document.compiled(PolicyKind::Identity)).transpose()
}

/// The name of a policy's record.
#[must_use]
pub fn policy_name(keyring: &Keyring, account: AccountId, name: &str) -> Name {
    entity::named(TABLE, keyring, account, name)
}

/// All policies of an account.
#[must_use]
pub fn policies(account: AccountId) -> NameRange {
    entity::of_account(TABLE, account).range()
}
