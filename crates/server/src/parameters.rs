//! Parameter Store as its clients see it: what the commands for people work with.
//!
//! It speaks AWS's API like any other client, so it works against AWS as against this server. Nothing of the server uses
//! it.

pub(crate) mod apply;
pub(crate) mod client;
pub(crate) mod connection;
pub(crate) mod document;
pub(crate) mod dotenv;
mod pace;
pub(crate) mod path;
pub(crate) mod plan;
pub(crate) mod secret_buffer;
pub(crate) mod tree;
mod trust;
pub(crate) mod variable;
