//! What users, groups and roles have in common: policies in them and attached to them.

use alcazar_base::AccountId;
use alcazar_crypto::Keyring;
use alcazar_engine::{Name, NameBuilder};

use crate::document::InlinePolicy;

/// A user, group or role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKind {
    /// A user.
    User,
    /// A group.
    Group,
    /// A role.
    Role,
}

impl EntityKind {
    /// As names of records have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Role => "role",
        }
    }
}

/// What operations on policies of users, groups and roles alike work with.
pub trait PolicyHolder {
    /// Which of them it is.
    const KIND: EntityKind;

    /// The unique id.
    fn id(&self) -> &str;
    /// The name.
    fn name(&self) -> &str;
    /// The path, which begins and ends with a slash.
    fn path(&self) -> &str;
    /// The ARN.
    fn arn(&self) -> String;
    /// The policies in it.
    fn inline(&self) -> &[InlinePolicy];
    /// The policies in it, to be changed.
    fn inline_mut(&mut self) -> &mut Vec<InlinePolicy>;
    /// The ARNs of the policies attached to it, in the order in which they were attached.
    fn attached(&self) -> &[String];
    /// The same, to be changed.
    fn attached_mut(&mut self) -> &mut Vec<String>;
}

/// The name of a record that a user named, within an account: no two names differ in case alone.
#[must_use]
pub(crate) fn named(table: &'static str, keyring: &Keyring, account: AccountId, name: &str) -> Name {
    of_account(table, account).blind(keyring, &name.to_ascii_lowercase()).name()
}

/// The names of an account's records in a table.
#[must_use]
pub(crate) fn of_account(table: &'static str, account: AccountId) -> NameBuilder {
    Name::table(table).part(account.as_str())
}

/// The ARN of something in IAM: `kind` is `user`, `role`, `group`, `policy`, …; `path` begins and ends with a slash.
#[must_use]
pub fn arn(account: AccountId, kind: &str, path: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:{kind}{path}{name}")
}

/// The last part of a path and name, or of an ARN's resource.
#[must_use]
pub fn name_of(path_and_name: &str) -> &str {
    path_and_name.rsplit('/').next().unwrap_or(path_and_name)
}
