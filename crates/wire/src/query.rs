//! AWS Query: form-encoded input, XML output.
//!
//! Source: <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>

mod decode;
mod parameters;
mod xml;

use alcazar_shape::{ApiError, OperationModel, Protocol, ServiceModel, Value};
use http::Method;
use serde::Serialize as _;

use crate::codec::{Codec, EncodedResponse, RequestParts, fault};
use crate::decode_error::DecodeError;
use crate::json::Shaped;

pub use decode::from_parameters;
pub use parameters::{PARAMETERS_MAX, Parameters};

/// The XML name space of errors where no service is known.
const FAULT_NAMESPACE: &str = "http://webservices.amazon.com/AWSFault/2005-15-09";

/// The codec of AWS Query, with answers in XML, or in JSON for clients that accept nothing else.
#[derive(Debug)]
pub struct QueryCodec {
    json: bool,
}

impl QueryCodec {
    /// Answers in XML.
    pub const XML: Self = Self { json: false };
    /// Answers in JSON: AWS does so for `Accept: application/json`, which the token check of EKS asks for.
    pub const JSON: Self = Self { json: true };
}

/// The parameters of a request: of its query, and of its body unless it is a GET.
///
/// # Errors
/// `DecodeError` if there are too many, one stands twice, or one is not UTF-8.
pub fn parameters(request: &RequestParts<'_>) -> Result<Parameters, DecodeError> {
    let body = if request.method == Method::GET { &[] } else { request.body };
    Parameters::read(&[request.query.as_bytes(), body])
}

impl Codec for QueryCodec {
    fn protocol(&self) -> Protocol {
        Protocol::AwsQuery
    }

    fn decode_input(
        &self,
        operation: &OperationModel,
        request: &RequestParts<'_>,
    ) -> Result<Value, DecodeError> {
        let mut input = from_parameters(operation.input, &parameters(request)?)?;
        name_by_url(operation, request, &mut input);
        Ok(input)
    }

    fn encode_output(&self, operation: &OperationModel, output: &Value, request_id: &str) -> EncodedResponse {
        if self.json {
            let body = json_output(operation, output, request_id).unwrap_or_default();
            return EncodedResponse::new(200, "application/json", body, request_id);
        }
        EncodedResponse::new(200, "text/xml", xml::output(operation, output, request_id), request_id)
    }

    fn encode_error(
        &self,
        service: Option<&ServiceModel>,
        _: Option<&OperationModel>,
        error: &ApiError,
        request_id: &str,
    ) -> EncodedResponse {
        let status = error.model().query_status;
        if self.json {
            return EncodedResponse::new(
                status,
                "application/json",
                json_error(error, request_id),
                request_id,
            );
        }
        let namespace = service
            .map(|service| service.xml_namespace)
            .filter(|namespace| !namespace.is_empty())
            .unwrap_or(FAULT_NAMESPACE);
        let with_detail = service.is_some_and(|service| service.query_compatible);
        let body = xml::error(namespace, error, with_detail, request_id);
        EncodedResponse::new(status, "text/xml", body, request_id)
    }
}

/// A request that was sent to a thing's own URL need not name the thing.
fn name_by_url(operation: &OperationModel, request: &RequestParts<'_>, input: &mut Value) {
    let Some(name) = operation.service.url_member.filter(|_| request.path.len() > 1) else { return };
    let Value::Structure(slots) = input else { return };
    let members = operation.input.members().iter();
    let left_out = members.zip(slots).find(|(member, slot)| member.name == name && slot.is_none());
    if let (Some((member, slot)), Some(url)) = (left_out, request.url()) {
        *slot = Some(Value::string(member.schema, url));
    }
}

fn json_output(
    operation: &OperationModel,
    output: &Value,
    request_id: &str,
) -> Result<Vec<u8>, serde_json::Error> {
    let result = Shaped { schema: operation.output, value: output, format: None };
    let result = result.serialize(serde_json::value::Serializer)?;
    let mut content = serde_json::Map::new();
    content.insert(operation.result_wrapper.to_owned(), result);
    content.insert("ResponseMetadata".to_owned(), serde_json::json!({ "RequestId": request_id }));
    let mut document = serde_json::Map::new();
    document.insert(format!("{}Response", operation.name), content.into());
    serde_json::to_vec(&document)
}

fn json_error(error: &ApiError, request_id: &str) -> Vec<u8> {
    serde_json::json!({
        "Error": { "Type": fault(error), "Code": error.model().query_code, "Message": error.query_message() },
        "RequestId": request_id,
    })
    .to_string()
    .into_bytes()
}

#[cfg(test)]
mod tests;
