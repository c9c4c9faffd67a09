//! The outbound port: requests to what accounts name outside of this cloud, such as the proxy of an external key store
//! or an identity provider.
//!
//! Whoever names the host is a caller, not the operator. An implementation therefore promises: HTTPS with the server's
//! certificate verified, unless the request says that it is to go without; an address that the operator did not allow
//! is not connected to, whatever a name resolves to; no redirect is followed; and time and size of an answer are
//! bounded.

use std::time::Duration;

use alcazar_base::{Region, SecretString};
use bytes::Bytes;
use thiserror::Error;

pub use alcazar_wire::http_url::HttpUrl;

use super::BoxFuture;

/// A request over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundRequest {
    /// The host: a name, or an address for [`OutboundMethod::Send`].
    pub host: String,
    /// The path, with a query if it has one. It needs no escaping.
    pub path: String,
    /// What is asked there.
    pub method: OutboundMethod,
    /// How long the other side may take to answer, once it is connected.
    pub answer_time_max: Duration,
    /// How long an answer may be, in bytes.
    pub answer_size_max: usize,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboundMethod {
    /// For a document, without saying who asks.
    Get,
    /// For an answer to a document.
    Post {
        /// The document, in JSON.
        body: Vec<u8>,
        /// What it is signed with, by AWS Signature Version 4.
        signature: OutboundSignature,
    },
    /// For whatever an endpoint of the caller's answers.
    Send(OutboundSend),
}

/// A request to an endpoint that a caller named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundSend {
    /// Whether it goes by TLS.
    pub tls: bool,
    /// The port.
    pub port: u16,
    /// `POST`, `PUT` and so on.
    pub method: &'static str,
    /// Its headers. `Host` and `Content-Length` are added; a header that is no header has the request refused.
    pub headers: Vec<(String, SecretString)>,
    /// Its body.
    pub body: Vec<u8>,
}

/// What a request is signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundSignature {
    /// The access key's id.
    pub access_key_id: SecretString,
    /// The access key itself.
    pub secret_access_key: SecretString,
    /// The region in the signature's scope.
    pub region: Region,
    /// The service in the signature's scope.
    pub service: &'static str,
}

/// An answer, whatever it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundAnswer {
    /// The HTTP status.
    pub status: u16,
    /// When the other side wants to be asked again, as its header `Retry-After` says it.
    pub retry_after: Option<String>,
    /// The body.
    pub body: Bytes,
}

/// Why there is no answer. The causes are for the log alone.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OutboundError {
    /// There is no way to it: its name does not resolve, its address is not allowed, or nothing takes the connection.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// It is reached, and TLS cannot be agreed on, or its certificate is not to be trusted.
    #[error("TLS: {0}")]
    Tls(String),
    /// It took the request and did not answer in time.
    #[error("no answer in time")]
    TimedOut,
    /// What it answered is no HTTP, or too long.
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
}

/// Sends requests to the outside.
pub trait Outbound: Send + Sync + 'static {
    /// Sends a request, once.
    fn send<'a>(
        &'a self,
        request: &'a OutboundRequest,
    ) -> BoxFuture<'a, Result<OutboundAnswer, OutboundError>>;
}

/// Nothing is outside: for a cloud that is opened to look after its records alone.
#[derive(Debug, Clone, Copy)]
pub struct NoOutbound;

impl Outbound for NoOutbound {
    fn send<'a>(&'a self, _: &'a OutboundRequest) -> BoxFuture<'a, Result<OutboundAnswer, OutboundError>> {
        Box::pin(std::future::ready(Err(OutboundError::Unreachable("there is no way out".to_owned()))))
    }
}
