//! Requests as a client sends them, and answers as it reads them.

use alcazar_base::Timestamp;
use alcazar_shape::{ErrorModel, OperationModel, Protocol};
use alcazar_wire::EncodedResponse;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use minicbor::Decoder;
use serde_json::Value as Json;

use crate::caller::TestCaller;
use crate::encode::encode_input;
use crate::sign::sign_request;

/// A request as it goes over the wire.
#[derive(Debug, Clone)]
pub struct WireRequest {
    /// The method.
    pub method: Method,
    /// The path.
    pub path: String,
    /// The query, without the question mark.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl WireRequest {
    /// A request, not signed yet, for an operation in a protocol.
    #[must_use]
    pub fn new(protocol: Protocol, model: &OperationModel, input: &Json) -> Self {
        Self::with_body(protocol, model, encode_input(protocol, model, input))
    }

    /// The same with a body of one's own.
    #[must_use]
    pub fn with_body(protocol: Protocol, model: &OperationModel, body: Vec<u8>) -> Self {
        let service = model.service;
        let mut request = Self {
            method: Method::POST,
            path: "/".to_owned(),
            query: String::new(),
            headers: HeaderMap::new(),
            body,
        };
        request.set("host", "localhost:4566");
        let target = format!("{}.{}", service.target_prefix, model.name);
        match protocol {
            Protocol::AwsJson1_0 | Protocol::AwsJson1_1 => {
                let minor = if protocol == Protocol::AwsJson1_0 { 0 } else { 1 };
                request.set("content-type", &format!("application/x-amz-json-1.{minor}"));
                request.set("x-amz-target", &target);
            }
            Protocol::AwsQuery => request.set("content-type", "application/x-www-form-urlencoded"),
            Protocol::RpcV2Cbor => {
                request.path = format!("/service/{}/operation/{}", service.shape_name, model.name);
                request.set("content-type", "application/cbor");
                request.set("accept", "application/cbor");
                request.set("smithy-protocol", "rpc-v2-cbor");
            }
        }
        request
    }

    /// Sets a header. A signature that was made before does not cover it.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }

    /// Signs it as `caller`, for a service.
    #[must_use]
    pub fn signed(mut self, caller: &TestCaller, service: &str, at: Timestamp) -> Self {
        sign_request(&mut self, caller, service, at);
        self
    }
}

/// An answer as a client reads it.
#[derive(Debug)]
pub struct WireResponse {
    /// What came over the wire.
    pub encoded: EncodedResponse,
    /// The protocol it was asked in.
    pub protocol: Protocol,
    /// The error's code, as the listener's metrics are told it.
    pub error_code: Option<&'static str>,
}

impl WireResponse {
    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.encoded.status.as_u16()
    }

    /// The body as text, for protocols that have one.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.encoded.body).unwrap()
    }

    /// The body of an AWS JSON answer.
    #[must_use]
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.encoded.body).unwrap()
    }

    /// The error's code, as a client of the protocol finds it.
    #[must_use]
    pub fn code(&self) -> Option<String> {
        let code = match self.protocol {
            Protocol::AwsJson1_0 | Protocol::AwsJson1_1 => {
                let body = self.json();
                body.get("__type")?.as_str()?.to_owned()
            }
            Protocol::AwsQuery => {
                let (_, rest) = self.text().split_once("<Code>")?;
                rest.split_once("</Code>")?.0.to_owned()
            }
            Protocol::RpcV2Cbor => cbor_type(&self.encoded.body)?,
        };
        Some(code.rsplit('#').next().unwrap_or_default().to_owned())
    }

    /// Whether it is this error, with the code and status that the protocol has for it.
    #[must_use]
    pub fn is_error(&self, model: &ErrorModel) -> bool {
        let (code, status) = match self.protocol {
            Protocol::AwsQuery => (model.query_code, model.query_status),
            _ => (model.name, model.status),
        };
        self.code().as_deref() == Some(code) && self.status() == status && self.error_code == Some(model.name)
    }
}

/// The `__type` of a CBOR map of texts.
fn cbor_type(body: &[u8]) -> Option<String> {
    let mut decoder = Decoder::new(body);
    let entries = decoder.map().ok()?;
    for _ in 0..entries.unwrap_or(u64::MAX) {
        let name = decoder.str().ok()?.to_owned();
        if name == "__type" {
            return decoder.str().ok().map(str::to_owned);
        }
        decoder.skip().ok()?;
    }
    None
}
