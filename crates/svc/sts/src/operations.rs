//! The list of operations.

use alcazar_engine::Entry;

use crate::operation;

/// To add an operation: name it in `models/operations.toml`, generate, write its file, and list it here.
pub(crate) static OPERATIONS: &[Entry] = &[
    Entry::of::<operation::AssumeRole>(),
    Entry::of::<operation::AssumeRoleWithWebIdentity>(),
    Entry::of::<operation::AssumeRoot>(),
    Entry::of::<operation::DecodeAuthorizationMessage>(),
    Entry::of::<operation::GetAccessKeyInfo>(),
    Entry::of::<operation::GetCallerIdentity>(),
    Entry::of::<operation::GetFederationToken>(),
    Entry::of::<operation::GetSessionToken>(),
];
