//! AWS Signature Version 4: whether a request was signed by the holder of a secret key, and in [`sign`] the other
//! side, for requests that go out.
//!
//! It happens in two phases, because the secret is looked up in between: [`parse`] finds out which access key
//! a request claims to be signed with, [`Claim::verify`] checks that claim against the access key's
//! [`SigningKey`]. [`Claim::check`] is the part of it that needs no key; calling it before the look-up tells a
//! caller of a stale signature before an unknown access key, in AWS's order.
//!
//! What always holds: nothing here does I/O or reads a clock; no secret, token or signature is shown by a
//! `Debug` form or an error; signatures are compared in constant time; every input is bounded by a [`limit`]
//! and none makes this panic. Two requests that a codec would read differently have different canonical forms.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

mod authorization;
mod canonical;
mod claim;
mod error;
mod key;
pub mod limit;
mod presigned;
mod sign;
mod verify;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod tests;

use http::HeaderMap;

pub use claim::{Claim, parse};
pub use error::{MissingParts, ScopeFaults, SignatureError};
pub use key::SigningKey;
pub use sign::{CannotSign, Signer};

/// What a signature covers, but for the body.
#[derive(Clone, Copy)]
pub struct RequestToVerify<'a> {
    /// The method, e.g. `POST`.
    pub method: &'a str,
    /// The path as it came over the wire, percent-encoded, without the query. But for object storage, a
    /// signature holds for every path with the same segments once empty and dot segments are resolved; whoever
    /// routes by the path must resolve them too.
    pub path: &'a str,
    /// The query as it came over the wire, without the question mark; empty if there is none.
    pub query: &'a str,
    /// All the headers.
    pub headers: &'a HeaderMap,
    /// HTTP/2's `:authority`, which stands for `host` where there is no such header.
    pub authority: Option<&'a str>,
}

/// What the place a request was sent to demands of signatures.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint<'a> {
    /// The service's signing name, e.g. `kms`: the credential scope must name it.
    pub service: &'a str,
    /// Whether `UNSIGNED-PAYLOAD` may stand for the hash of the body, as for object storage over TLS.
    pub unsigned_payload_allowed: bool,
}

/// The body of a request, or what is known of it.
#[derive(Clone, Copy)]
pub enum Payload<'a> {
    /// The whole body.
    Body(&'a [u8]),
    /// The SHA-256 of the body.
    Sha256([u8; 32]),
}
