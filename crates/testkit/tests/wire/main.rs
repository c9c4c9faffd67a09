//! What goes over the wire where services have ways of their own: SQS and SNS in AWS Query, by the names that their
//! clients use; links that nobody signs; documents for everyone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod double;
mod sns;
mod sqs;
mod way_in;
