//! Roles.

use std::sync::Arc;

use alcazar_base::{AccountId, Arn, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Name, Records, Result};
use minicbor::{Decode, Encode};

use crate::document::{Document, InlinePolicy};
use crate::entity::{self, EntityKind, PolicyHolder};
use crate::tag::Tag;

/// The prefix of the paths of service-linked roles.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html>
pub const SERVICE_LINKED_PATH: &str = "/aws-service-role/";

/// How long a session may be unless a role says otherwise, in seconds.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
pub const SESSION_SECONDS_DEFAULT: u32 = 3600;

const TABLE: &str = "iam.role";

/// A role. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Role {
    /// The account.
    #[n(0)]
    pub account: AccountId,
    /// The unique id.
    #[n(1)]
    pub role_id: String,
    /// The path, which begins and ends with a slash.
    #[n(2)]
    pub path: String,
    /// The name.
    #[n(3)]
    pub name: String,
    /// When it was made.
    #[n(4)]
    pub created: Timestamp,
    /// What it is for.
    #[n(5)]
    pub description: Option<String>,
    /// How long a session may be, in seconds.
    #[n(6)]
    pub max_session_seconds: u32,
    /// The trust policy: who may assume it.
    #[n(7)]
    pub trust: Document,
    /// Its tags.
    #[n(8)]
    pub tags: Vec<Tag>,
    /// The ARN of its permissions boundary.
    #[n(9)]
    pub boundary: Option<String>,
    /// The ARNs of the policies attached to it.
    #[n(10)]
    pub attached: Vec<String>,
    /// The policies in it.
    #[n(11)]
    pub inline: Vec<InlinePolicy>,
    /// The service that it is linked to, e.g. `organizations.amazonaws.com`.
    #[n(12)]
    pub linked_service: Option<String>,
}

impl Role {
    /// A role without any permission, whose sessions last an hour. `trust` is a policy of the kind
    /// [`Trust`](alcazar_policy::PolicyKind::Trust).
    #[must_use]
    pub fn new(
        account: AccountId,
        role_id: String,
        path: String,
        name: String,
        created: Timestamp,
        trust: Document,
    ) -> Self {
        Self {
            account,
            role_id,
            path,
            name,
            created,
            description: None,
            max_session_seconds: SESSION_SECONDS_DEFAULT,
            trust,
            tags: Vec::new(),
            boundary: None,
            attached: Vec::new(),
            inline: Vec::new(),
            linked_service: None,
        }
    }

    /// The role of a name.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find(
        records: &mut Records<'_>,
        account: AccountId,
        name: &str,
    ) -> Result<Option<Arc<Self>>> {
        let record = role_name(&records.keyring(), account, name);
        records.get(&record).await
    }

    /// The role of an ARN, path and all.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find_by_arn(records: &mut Records<'_>, arn: &str) -> Result<Option<Arc<Self>>> {
        let Ok(parsed) = arn.parse::<Arn>() else { return Ok(None) };
        let Ok(account) = parsed.account.parse() else { return Ok(None) };
        let found = Self::find(records, account, entity::name_of(&parsed.resource)).await?;
        Ok(found.filter(|role| role.arn() == arn))
    }

    /// The path and name as its ARN has them.
    #[must_use]
    pub fn path_and_name(&self) -> String {
        format!("{}{}", self.path, self.name)
    }
}

impl PolicyHolder for Role {
    const KIND: EntityKind = EntityKind::Role;

    fn id(&self) -> &str {
        &self.role_id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn path(&self) -> &str {
        &self.path
    }

    fn arn(&self) -> String {
        entity::arn(self.account, "role", &self.path, &self.name)
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

/// The name of a role's record.
#[must_use]
pub fn role_name(keyring: &Keyring, account: AccountId, name: &str) -> Name {
    entity::named(TABLE, keyring, account, name)
}

/// All roles of an account.
#[must_use]
pub fn roles(account: AccountId) -> NameRange {
    entity::of_account(TABLE, account).range()
}
