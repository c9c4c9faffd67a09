//! A request as a listener hands it in.

use std::sync::Arc;

use alcazar_base::Timestamp;
use alcazar_engine::Origin;
use alcazar_wire::RequestParts;
use alcazar_wire::sigv4::RequestToVerify;
use http::{HeaderMap, Method};

/// A request that was read whole. Its body is bounded by the listener. It has no `Debug` form, since bodies and
/// headers hold secrets.
#[derive(Clone)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path as it came over the wire, without the query.
    pub path: &'a str,
    /// The query as it came over the wire, without the question mark; empty if there is none.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The whole body.
    pub body: &'a [u8],
    /// HTTP/2's `:authority`, if there is one.
    pub authority: Option<&'a str>,
    /// Where it came from.
    pub origin: Arc<Origin>,
    /// The wall clock's time, which the freshness of a signature is judged by.
    pub wall_time: Timestamp,
}

impl<'a> Request<'a> {
    /// What routing and decoding look at.
    pub(crate) fn parts(&self) -> RequestParts<'a> {
        RequestParts {
            method: self.method,
            path: self.path,
            query: self.query,
            headers: self.headers,
            body: self.body,
            secure: self.origin.tls.is_some(),
            authority: self.authority,
        }
    }

    /// What the signature covers beside the body.
    pub(crate) fn to_verify(&self) -> RequestToVerify<'a> {
        RequestToVerify {
            method: self.method.as_str(),
            path: self.path,
            query: self.query,
            headers: self.headers,
            authority: self.authority,
        }
    }
}
