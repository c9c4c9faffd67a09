//! Accounts, users, roles and policies, as decisions need them.
