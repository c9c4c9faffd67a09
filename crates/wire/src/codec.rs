//! What every protocol does: read an operation's input, write its output, write an error.

use alcazar_shape::{ApiError, OperationModel, Protocol, ServiceModel, Value};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use crate::cbor::CborCodec;
use crate::decode_error::DecodeError;
use crate::json::JsonCodec;
use crate::query::QueryCodec;

/// The header that carries an error's code in Query, in other protocols.
const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

/// The header that carries the request's id.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// The parts of a request that routing and decoding look at.
#[derive(Debug, Clone, Copy)]
pub struct RequestParts<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path as it was sent, without the query.
    pub path: &'a str,
    /// The query as it was sent, without the question mark; empty if there is none.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The whole body.
    pub body: &'a [u8],
    /// Whether it came over TLS.
    pub secure: bool,
    /// HTTP/2's `:authority`, which stands for `host` where there is no such header.
    pub authority: Option<&'a str>,
}

impl<'a> RequestParts<'a> {
    /// A header's value, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Where the request was sent, without the query; none if it does not say to which host.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        let scheme = if self.secure { "https" } else { "http" };
        Some(format!("{scheme}://{}{}", self.header("host").or(self.authority)?, self.path))
    }

    /// The body's media type in lower case, without parameters.
    #[must_use]
    pub fn content_type(&self) -> Option<String> {
        let value = self.header("content-type")?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }
}

/// A response, ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct EncodedResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers, among them the content type (if there is a body) and the request's id.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// The body may hold a plaintext, so only its length is shown.
impl std::fmt::Debug for EncodedResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EncodedResponse")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

impl EncodedResponse {
    /// A response with a body of a content type. A status that is none becomes 500.
    pub(crate) fn new(status: u16, content_type: &'static str, body: Vec<u8>, request_id: &str) -> Self {
        let mut response = Self::empty(status, request_id);
        response.headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        response.body = body.into();
        response
    }

    /// A document that is no operation's answer.
    #[must_use]
    pub fn document(content_type: &'static str, body: Vec<u8>, request_id: &str) -> Self {
        Self::new(200, content_type, body, request_id)
    }

    /// A response without a body.
    pub(crate) fn empty(status: u16, request_id: &str) -> Self {
        let mut headers = HeaderMap::with_capacity(6);
        if let Ok(value) = HeaderValue::from_str(request_id) {
            headers.insert(REQUEST_ID, value);
        }
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, headers, body: Bytes::new() }
    }
}

/// Tells an error's code in Query, if the service's callers go by that: `AWS.SimpleQueueService.NonExistentQueue;Sender`.
pub(crate) fn tell_query_code(
    service: Option<&ServiceModel>,
    error: &ApiError,
    response: &mut EncodedResponse,
) {
    let code = format!("{};{}", error.model().query_code, fault(error));
    if let Ok(value) = HeaderValue::from_str(&code)
        && service.is_some_and(|service| service.query_compatible)
    {
        response.headers.insert(QUERY_ERROR, value);
    }
}

/// Whose fault an error is, as Query has it.
pub(crate) fn fault(error: &ApiError) -> &'static str {
    if error.model().sender_fault { "Sender" } else { "Receiver" }
}

/// One protocol, in one of its forms.
pub trait Codec: std::fmt::Debug + Send + Sync {
    /// The protocol.
    fn protocol(&self) -> Protocol;

    /// Reads an operation's input. What is read has the input's shape, but is not validated yet.
    ///
    /// # Errors
    /// `DecodeError` if the request cannot be read as such an input.
    fn decode_input(
        &self,
        operation: &OperationModel,
        request: &RequestParts<'_>,
    ) -> Result<Value, DecodeError>;

    /// Writes an operation's output, a value of its output's shape.
    fn encode_output(&self, operation: &OperationModel, output: &Value, request_id: &str) -> EncodedResponse;

    /// Writes an error. The service is missing where the request did not say which one it means.
    fn encode_error(
        &self,
        service: Option<&ServiceModel>,
        operation: Option<&OperationModel>,
        error: &ApiError,
        request_id: &str,
    ) -> EncodedResponse;
}

/// The codec of a protocol in its usual form.
#[must_use]
pub fn codec(protocol: Protocol) -> &'static dyn Codec {
    match protocol {
        Protocol::AwsJson1_0 => &JsonCodec::V1_0,
        Protocol::AwsJson1_1 => &JsonCodec::V1_1,
        Protocol::AwsQuery => &QueryCodec::XML,
        Protocol::RpcV2Cbor => &CborCodec,
    }
}
