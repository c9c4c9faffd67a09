//! The ports: what the engine needs from outside, as traits.
//!
//! Time, randomness, durable records and the audit log come in through these and nowhere else, so that a test
//! can move a year in a second and replay a failure from its seed. Randomness is
//! [`alcazar_crypto::Entropy`], which lives beside its first user.

pub mod audit_log;
pub mod clock;
pub mod outbound;
pub mod store;

use std::future::Future;
use std::pin::Pin;

/// A future behind a trait object.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
