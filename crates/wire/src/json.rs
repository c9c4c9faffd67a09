//! AWS JSON 1.0 and 1.1.
//!
//! Source: <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>

mod decode;
mod encode;

use alcazar_shape::{ApiError, ErrorModel, OperationModel, Protocol, ServiceModel, Value};
use http::{HeaderName, HeaderValue};
use serde::Serializer as _;

use crate::codec::{Codec, EncodedResponse, RequestParts, tell_query_code};
use crate::decode_error::DecodeError;

pub use decode::from_json;
pub(crate) use encode::Shaped;
pub use encode::to_json;

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// The codec of AWS JSON in one of its versions, which differ in the content type alone.
#[derive(Debug)]
pub struct JsonCodec {
    protocol: Protocol,
    content_type: &'static str,
}

impl JsonCodec {
    /// AWS JSON 1.0.
    pub const V1_0: Self =
        Self { protocol: Protocol::AwsJson1_0, content_type: "application/x-amz-json-1.0" };
    /// AWS JSON 1.1.
    pub const V1_1: Self =
        Self { protocol: Protocol::AwsJson1_1, content_type: "application/x-amz-json-1.1" };
}

impl Codec for JsonCodec {
    fn protocol(&self) -> Protocol {
        self.protocol
    }

    fn decode_input(
        &self,
        operation: &OperationModel,
        request: &RequestParts<'_>,
    ) -> Result<Value, DecodeError> {
        from_json(operation.input, request.body)
    }

    /// An output without members has an empty body, as KMS answers its operations that return nothing.
    fn encode_output(&self, operation: &OperationModel, output: &Value, request_id: &str) -> EncodedResponse {
        let body =
            if operation.output.members().is_empty() { vec![] } else { to_json(operation.output, output) };
        EncodedResponse::new(200, self.content_type, body, request_id)
    }

    fn encode_error(
        &self,
        service: Option<&ServiceModel>,
        operation: Option<&OperationModel>,
        error: &ApiError,
        request_id: &str,
    ) -> EncodedResponse {
        let model = error.model();
        let error_type = error_type(service, operation, model);
        let message = error.message().map(|message| (model.message_member, message));
        let members = error.members().iter().map(|(name, value)| (*name, value.as_str()));
        let entries = [("__type", error_type.as_str())].into_iter().chain(message).chain(members);
        let mut body = Vec::with_capacity(128);
        // Texts are always written to a Vec.
        if serde_json::Serializer::new(&mut body).collect_map(entries).is_err() {
            body.clear();
        }
        let mut response = EncodedResponse::new(model.status, self.content_type, body, request_id);
        response.headers.insert(ERROR_TYPE, HeaderValue::from_static(model.name));
        tell_query_code(service, error, &mut response);
        response
    }
}

/// An error's type: its bare name, but the whole shape id where the service came from Query, as SQS answers it.
fn error_type(
    service: Option<&ServiceModel>,
    operation: Option<&OperationModel>,
    error: &ErrorModel,
) -> String {
    match service.filter(|service| service.query_compatible) {
        None => error.name.to_owned(),
        Some(service) if operation.is_some_and(|operation| operation.errors.contains(&error)) => {
            format!("com.amazonaws.{}#{}", service.name, error.name)
        }
        Some(_) => format!("com.amazon.coral.service#{}", error.name),
    }
}

#[cfg(test)]
mod tests;
