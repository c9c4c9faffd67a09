//! The operations, one file each.

mod get_caller_identity;

pub use get_caller_identity::GetCallerIdentity;
