//! Smithy RPC v2 CBOR.
//!
//! Source: <https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html>

mod decode;
mod encode;

use alcazar_shape::{ApiError, OperationModel, Protocol, ServiceModel, Value};
use http::{HeaderName, HeaderValue};

use crate::codec::{Codec, EncodedResponse, RequestParts, tell_query_code};
use crate::decode_error::DecodeError;

pub use decode::from_cbor;
pub use encode::to_cbor;

const CONTENT_TYPE: &str = "application/cbor";

/// The header by which requests and responses name the protocol, and its value.
pub(crate) const SMITHY_PROTOCOL: HeaderName = HeaderName::from_static("smithy-protocol");
pub(crate) const RPC_V2_CBOR: &str = "rpc-v2-cbor";

/// The codec of Smithy RPC v2 CBOR.
#[derive(Debug)]
pub struct CborCodec;

impl Codec for CborCodec {
    fn protocol(&self) -> Protocol {
        Protocol::RpcV2Cbor
    }

    fn decode_input(
        &self,
        operation: &OperationModel,
        request: &RequestParts<'_>,
    ) -> Result<Value, DecodeError> {
        from_cbor(operation.input, request.body)
    }

    /// An output without members has no body and no content type.
    fn encode_output(&self, operation: &OperationModel, output: &Value, request_id: &str) -> EncodedResponse {
        if operation.output.members().is_empty() {
            return named(EncodedResponse::empty(200, request_id));
        }
        let body = to_cbor(operation.output, output);
        named(EncodedResponse::new(200, CONTENT_TYPE, body, request_id))
    }

    /// The specification asks for the error's absolute shape id; clients go by what stands behind the `#`.
    fn encode_error(
        &self,
        service: Option<&ServiceModel>,
        _: Option<&OperationModel>,
        error: &ApiError,
        request_id: &str,
    ) -> EncodedResponse {
        let name = error.model().name;
        let shape_id = match service {
            Some(service) => format!("com.amazonaws.{}#{name}", service.name),
            None => name.to_owned(),
        };
        let body = encode::error(&shape_id, error);
        let mut response = EncodedResponse::new(error.model().status, CONTENT_TYPE, body, request_id);
        tell_query_code(service, error, &mut response);
        named(response)
    }
}

fn named(mut response: EncodedResponse) -> EncodedResponse {
    response.headers.insert(SMITHY_PROTOCOL, HeaderValue::from_static(RPC_V2_CBOR));
    response
}

#[cfg(test)]
mod tests;
