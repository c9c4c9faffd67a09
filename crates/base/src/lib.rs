//! What every other crate speaks in: identifiers, ARNs, timestamps, secrets, and named limits.
//!
//! Nothing here does I/O, reads a clock or draws randomness. Every identifier is parsed once, at the
//! edge; whoever holds one may rely on its form.

pub mod arn;
pub mod id;
pub mod limit;
pub mod month;
pub mod secret;
pub mod timestamp;

pub use arn::Arn;
pub use id::{AccountId, Partition, Region};
pub use month::Month;
pub use secret::{SecretBytes, SecretString};
pub use timestamp::Timestamp;
