//! Which service and operation a request means, and in which protocol it speaks.

use std::borrow::Cow;

use alcazar_shape::{ApiError, ErrorModel, Protocol, ServiceModel, common_error};
use http::{HeaderMap, Method};

use crate::cbor::{RPC_V2_CBOR, SMITHY_PROTOCOL};
use crate::codec::{Codec, EncodedResponse, RequestParts, codec};
use crate::query::{self, QueryCodec};

/// A Query request that names no action.
///
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html>
static MISSING_ACTION: ErrorModel = ErrorModel {
    name: "MissingAction",
    query_code: "MissingAction",
    status: 400,
    query_status: 400,
    sender_fault: true,
    message_member: "message",
};

/// What AWS says for the version where a Query request names none.
const NO_VERSION: &str = "NO_VERSION_SPECIFIED";

/// How much of an unknown operation's name is repeated in an error, in characters.
const NAME_CHARACTERS_MAX: usize = 128;

/// The service whose operation of a name may go unsigned, if there is one.
pub type Unsigned<'a> = &'a dyn Fn(&str) -> Option<&'static ServiceModel>;

/// Where a request goes.
#[derive(Debug, Clone)]
pub struct Route<'a> {
    /// The service.
    pub service: &'static ServiceModel,
    /// The operation's name as the request has it; the service may not know it.
    pub operation: Cow<'a, str>,
    /// The codec that reads the request and writes the answer.
    pub codec: &'static dyn Codec,
}

/// A request that goes nowhere, and how it is told so.
#[derive(Debug)]
pub struct RouteError {
    /// The error.
    pub error: ApiError,
    codec: &'static dyn Codec,
}

impl RouteError {
    /// The answer, in the protocol that the request seemed to speak.
    #[must_use]
    pub fn response(&self, request_id: &str) -> EncodedResponse {
        self.codec.encode_error(None, None, &self.error, request_id)
    }
}

impl<'a> Route<'a> {
    /// Finds out what `request` means. `signing_name` is the service that its signature names, if it has
    /// one; it tells apart services that speak Query, whose requests do not name theirs. Without it, it is the version,
    /// and without that, `unsigned`: the service whose operation of that name may go unsigned.
    ///
    /// # Errors
    /// `RouteError` with the answer, if none of `services` speaks as the request does.
    pub fn find(
        services: &[&'static ServiceModel],
        request: &RequestParts<'a>,
        signing_name: Option<&str>,
        unsigned: Unsigned<'_>,
    ) -> Result<Self, RouteError> {
        let content_type = request.content_type();
        if request.headers.contains_key(SMITHY_PROTOCOL)
            || content_type.as_deref() == Some("application/cbor")
        {
            return rpc_v2_cbor(services, request);
        }
        match content_type.as_deref() {
            Some("application/x-amz-json-1.0") => json(services, request, Protocol::AwsJson1_0),
            Some("application/x-amz-json-1.1") => json(services, request, Protocol::AwsJson1_1),
            Some("application/x-www-form-urlencoded") => aws_query(services, request, signing_name, unsigned),
            _ if request.header("x-amz-target").is_some() => json(services, request, Protocol::AwsJson1_1),
            _ if names_action(request) => aws_query(services, request, signing_name, unsigned),
            _ => Err(nothing_said(request)),
        }
    }

    /// The protocol.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.codec.protocol()
    }

    /// The error for an operation that the service does not have.
    #[must_use]
    pub fn unknown_operation(&self) -> ApiError {
        match self.protocol() {
            Protocol::AwsQuery => no_such_action(&self.operation, self.service.api_version),
            _ => common_error::UNKNOWN_OPERATION.bare(),
        }
    }
}

/// `X-Amz-Target: TrentService.Encrypt`. Where botocore's prefix is longer than the shape's name, as CloudTrail's is,
/// clients made from the Smithy models send the latter.
fn json<'a>(
    services: &[&'static ServiceModel],
    request: &RequestParts<'a>,
    protocol: Protocol,
) -> Result<Route<'a>, RouteError> {
    let codec = codec(protocol);
    let unknown = || RouteError { error: common_error::UNKNOWN_OPERATION.bare(), codec };
    let (prefix, operation) = request
        .header("x-amz-target")
        .filter(|_| request.method == Method::POST)
        .and_then(|target| target.rsplit_once('.'))
        .ok_or_else(unknown)?;
    let service = services
        .iter()
        .find(|service| [service.target_prefix, service.shape_name].contains(&prefix) && speaks_json(service))
        .ok_or_else(unknown)?;
    Ok(Route { service, operation: operation.into(), codec })
}

fn speaks_json(service: &ServiceModel) -> bool {
    service.protocols.iter().any(|protocol| matches!(protocol, Protocol::AwsJson1_0 | Protocol::AwsJson1_1))
}

/// `POST {prefix}/service/TrentService/operation/Encrypt`. A request that also has a target is refused:
/// whoever stands in front might have read that one.
fn rpc_v2_cbor<'a>(
    services: &[&'static ServiceModel],
    request: &RequestParts<'a>,
) -> Result<Route<'a>, RouteError> {
    let codec = codec(Protocol::RpcV2Cbor);
    let unknown = || RouteError { error: common_error::UNKNOWN_OPERATION.bare(), codec };
    let well_formed = request.method == Method::POST
        && request.header(SMITHY_PROTOCOL.as_str()) == Some(RPC_V2_CBOR)
        && !request.headers.contains_key("x-amz-target")
        && !request.headers.contains_key("x-amzn-target");
    let mut segments = request.path.rsplit('/');
    let named = match (segments.next(), segments.next(), segments.next(), segments.next()) {
        (Some(operation), Some("operation"), Some(service), Some("service")) => Some((service, operation)),
        _ => None,
    };
    let (name, operation) = named.filter(|_| well_formed).ok_or_else(unknown)?;
    // An absolute shape id stands with a dot in place of the `#`.
    let name = name.rsplit('.').next().unwrap_or(name);
    let service = services
        .iter()
        .find(|service| service.shape_name == name && service.protocols.contains(&Protocol::RpcV2Cbor))
        .ok_or_else(unknown)?;
    Ok(Route { service, operation: operation.into(), codec })
}

fn aws_query<'a>(
    services: &[&'static ServiceModel],
    request: &RequestParts<'a>,
    signing_name: Option<&str>,
    unsigned: Unsigned<'_>,
) -> Result<Route<'a>, RouteError> {
    let codec = query_codec(request.headers);
    let refused = |error| RouteError { error, codec };
    let parameters = query::parameters(request).map_err(|error| refused(error.into()))?;
    let Some(action) = parameters.get("Action").filter(|action| !action.is_empty()) else {
        let message = "The request is missing an action or a required parameter.";
        return Err(refused(MISSING_ACTION.because(message)));
    };
    let version = parameters.get("Version");
    let speaking = || services.iter().filter(|service| service.protocols.contains(&Protocol::AwsQuery));
    let fits = |service: &&&ServiceModel| version.is_none_or(|version| version == service.api_version);
    // A signature for a service that is not meant is told so when it is verified; the version says which one is.
    let named = signing_name.and_then(|name| speaking().find(|service| service.signing_name == name));
    let service = named
        .filter(fits)
        .or_else(|| speaking().find(|service| Some(service.api_version) == version))
        .copied()
        .or_else(|| unsigned(action).filter(|_| signing_name.is_none() && version.is_none()));
    match service {
        Some(service) => Ok(Route { service, operation: action.to_owned().into(), codec }),
        _ => Err(refused(no_such_action(action, version.unwrap_or(NO_VERSION)))),
    }
}

fn no_such_action(action: &str, version: &str) -> ApiError {
    let cut = |text: &str| text.chars().take(NAME_CHARACTERS_MAX).collect::<String>();
    common_error::UNKNOWN_OPERATION.because(format!(
        "Could not find operation {} for version {}",
        cut(action),
        cut(version)
    ))
}

fn query_codec(headers: &HeaderMap) -> &'static dyn Codec {
    let accept = headers.get(http::header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if accept.is_some_and(|accept| accept.trim().eq_ignore_ascii_case("application/json")) {
        &QueryCodec::JSON
    } else {
        &QueryCodec::XML
    }
}

fn names_action(request: &RequestParts<'_>) -> bool {
    form_urlencoded::parse(request.query.as_bytes()).any(|(name, _)| name == "Action")
}

/// A request that speaks no protocol: told in JSON if it seems to be JSON, otherwise in XML.
fn nothing_said(request: &RequestParts<'_>) -> RouteError {
    if request.content_type().is_some_and(|content_type| content_type.contains("json")) {
        let error = common_error::UNKNOWN_OPERATION.bare();
        return RouteError { error, codec: codec(Protocol::AwsJson1_1) };
    }
    let signed = request.headers.contains_key(http::header::AUTHORIZATION)
        || request.query.contains("X-Amz-Signature=");
    let error = if signed {
        MISSING_ACTION.because("The request is missing an action or a required parameter.")
    } else {
        common_error::MISSING_AUTHENTICATION_TOKEN.because("Missing Authentication Token")
    };
    RouteError { error, codec: query_codec(request.headers) }
}

#[cfg(test)]
mod tests;
