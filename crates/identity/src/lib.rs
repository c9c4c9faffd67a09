//! Who there is: users, groups, roles, managed policies, accounts, organizations, as decisions need them.
//!
//! The records stand here because several services write and read them: IAM makes users and roles, STS begins their
//! sessions, Organizations says what limits an account. [`Directory`] makes of them what counts for a caller.
//!
//! What always holds: a user, role, group or policy of one account has a name that no other of its kind has in that
//! account, whatever their case and path; a unique id is never used again.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>

pub mod account;
pub mod attachment;
pub mod aws_managed;
mod directory;
pub mod document;
pub mod entity;
pub mod group;
pub mod managed_policy;
pub mod mfa_device;
pub mod oidc_provider;
pub mod organization;
pub mod role;
pub mod standing;
pub mod tag;
pub mod unique_id;
pub mod user;

pub use directory::Directory;
