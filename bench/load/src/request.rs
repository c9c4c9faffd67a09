//! Requests as they go over the wire, made and signed before they are sent, so that signing costs the measured
//! time nothing.
//!
//! The headers are those that boto3 sends, in its order.

use alcazar_base::Timestamp;
use serde_json::Value;

use crate::error::BenchError;
use crate::fixture::Fixture;
use crate::operation::Operation;
use crate::sigv4::{Credentials, Signer};

/// The least number of different requests that a run cycles through.
const POOL_MIN: usize = 4096;
/// The greatest: about 100 MB of them.
pub(crate) const POOL_MAX: usize = 1 << 17;

/// A request, and what a right answer to it contains.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Head and body.
    pub(crate) bytes: Vec<u8>,
    /// Text that the body of a right answer contains.
    pub(crate) expected: String,
}

impl Request {
    /// A signed request of this operation. `sequence` makes its invocation id.
    pub(crate) fn signed(signer: &Signer, operation: Operation, body: &Value, sequence: usize) -> Self {
        Self::of(signer, operation.name(), body, operation.expected(), sequence)
    }

    /// The same of any operation of the signer's service.
    pub(crate) fn of(
        signer: &Signer,
        operation: &str,
        body: &Value,
        expected: String,
        sequence: usize,
    ) -> Self {
        let body = body.to_string();
        let content_type = signer.service().content_type;
        let target = format!("{}.{operation}", signer.service().target);
        let authorization = signer.authorization(&target, body.as_bytes());
        let bytes = format!(
            "POST / HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: identity\r\nX-Amz-Target: {target}\r\n\
             Content-Type: {content_type}\r\nUser-Agent: alcazar-bench md/rust\r\nX-Amz-Date: {date}\r\n\
             {token}Authorization: {authorization}\r\namz-sdk-invocation-id: 00000000-0000-4000-8000-{sequence:012x}\r\n\
             amz-sdk-request: attempt=1\r\nContent-Length: {length}\r\n\r\n{body}",
            host = signer.host(),
            date = signer.amz_date(),
            token = signer.token_header(),
            length = body.len(),
        );
        Self { bytes: bytes.into_bytes(), expected }
    }
}

/// The requests that a run cycles through: at least some thousands, and at least one for each key.
pub(crate) fn pool(
    credentials: &Credentials,
    host: &str,
    time: Timestamp,
    operation: Operation,
    fixture: &Fixture,
) -> Result<Vec<Request>, BenchError> {
    let signer = Signer::of(operation.service(), credentials, host, time);
    (0..fixture.different(operation).clamp(POOL_MIN, POOL_MAX))
        .map(|index| Ok(Request::signed(&signer, operation, &operation.body(fixture, index)?, index)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_has_a_request_for_every_key_and_its_lengths_are_right() {
        let credentials = Credentials {
            access_key_id: "AKID".to_owned(),
            secret_access_key: "secret".to_owned(),
            session_token: None,
            region: "us-east-1".to_owned(),
        };
        let fixture =
            Fixture { keys: (0..5000).map(|key| format!("<{key}>")).collect(), ..Fixture::default() };
        let pool =
            pool(&credentials, "localhost:1", Timestamp::default(), Operation::Encrypt, &fixture).unwrap();
        assert_eq!(pool.len(), 5000);
        let text = String::from_utf8(pool[4999].bytes.clone()).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("Content-Length: {}", body.len())), "{head}");
        assert!(body.contains("<4999>"), "{body}");
    }
}
