//! One request's way from the wire to the engine and back, whatever carries it.
//!
//! A listener hands in a request that it has read whole, with the wall clock's time, and sends what it gets
//! back. What always holds: every request is answered in the protocol that it speaks, with an error of AWS's
//! where it fails; nothing of the input is decoded before the signature has proved a caller; whoever names a
//! service leaves an audit event there, however the request ends.

mod answer;
mod request;

pub use answer::{Answer, answer, refuse};
pub use request::Request;
