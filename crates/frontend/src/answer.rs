//! Signature, route, caller, input, operation, answer: in this order, which is AWS's.

use std::sync::Arc;

use alcazar_base::Region;
use alcazar_engine::authenticate::Signed;
use alcazar_engine::{Call, Caller, Cloud, Entry, Signing};
use alcazar_shape::common_error::INTERNAL_FAILURE;
use alcazar_shape::{ApiError, OperationModel, Protocol, ServiceModel, Value};
use alcazar_wire::query::QueryCodec;
use alcazar_wire::sigv4::{self, Claim, SignatureError};
use alcazar_wire::{Codec, EncodedResponse, RequestParts, Route, RouteError};

use http::Method;

use crate::request::Request;

/// What stands for a service or an operation that is not known, in [`Answer`].
const UNKNOWN: &str = "unknown";

/// How much of an unknown operation's name goes into its audit event, in characters.
const EVENT_NAME_CHARACTERS_MAX: usize = 128;

/// What is to be sent back, and what metrics want to know of it. Their labels are of closed sets, whatever a
/// client makes up. It has no `Debug` form, since what is sent may hold a secret.
pub struct Answer {
    /// What is to be sent.
    pub response: EncodedResponse,
    /// The service's name, or `unknown`.
    pub service: &'static str,
    /// The operation's name, or `unknown`.
    pub operation: &'static str,
    /// The error's code, if it is one.
    pub error_code: Option<&'static str>,
}

/// Takes a request through to its answer.
pub async fn answer(cloud: &Cloud, request: &Request<'_>) -> Answer {
    let request_id = new_request_id(cloud);
    if let Some(document) = document(cloud, request, &request_id).await {
        return document;
    }
    let claim = sigv4::parse(&request.to_verify());
    let parts = request.parts();
    let route = match Route::find(cloud.models(), &parts, signing_name(&claim), &|name| cloud.unsigned(name))
    {
        Ok(route) => route,
        Err(error) => return nowhere(&error, &request_id),
    };
    let entry = cloud.service(route.service.name).and_then(|service| service.operation(&route.operation));
    let caller = match entry.map_or(Signing::Required, |entry| entry.signing) {
        Signing::PassedOver => Ok(Arc::new(Caller::anonymous())),
        Signing::Optional if matches!(claim, Err(SignatureError::Missing)) => {
            Ok(Arc::new(Caller::anonymous()))
        }
        Signing::Required | Signing::Optional => authenticate(cloud, request, &route, &claim).await,
    };
    let mut call = new_call(request, &claim, &request_id, caller);
    let Some(entry) = entry else {
        // Query services look at the signature first, the others at the target.
        let error = match std::mem::replace(&mut call.caller, Err(INTERNAL_FAILURE.bare())) {
            Err(error) if route.protocol() == Protocol::AwsQuery => error,
            caller => {
                call.caller = caller;
                route.unknown_operation()
            }
        };
        let error = cloud.refuse(route.service, &event_name(&route), &call, error);
        return failed(&route, None, &error, &request_id);
    };
    if call.caller.is_ok() {
        call.input = read_input(cloud, route.codec, entry, &parts);
    }
    match cloud.invoke(entry, call).await {
        Ok(output) => Answer {
            response: route.codec.encode_output(entry.model, &output, &request_id),
            service: route.service.name,
            operation: entry.model.name,
            error_code: None,
        },
        Err(error) => failed(&route, Some(entry.model), &error, &request_id),
    }
}

/// The document that a service has for everyone at the request's path. Whoever asks for one says nothing but the path.
async fn document(cloud: &Cloud, request: &Request<'_>, request_id: &str) -> Option<Answer> {
    let asks = matches!(*request.method, Method::GET | Method::HEAD) && request.query.is_empty();
    if !asks || request.path == "/" {
        return None;
    }
    match cloud.document(request.path, &request.origin, request_id).await {
        Ok(None) => None,
        Ok(Some((service, found))) => Some(Answer {
            response: EncodedResponse::document(found.content_type, found.bytes, request_id),
            service: service.model.name,
            operation: UNKNOWN,
            error_code: None,
        }),
        Err(error) => Some(Answer {
            response: QueryCodec::XML.encode_error(None, None, &error, request_id),
            service: UNKNOWN,
            operation: UNKNOWN,
            error_code: Some(error.model().name),
        }),
    }
}

/// Refuses a request with an error of the listener's own: its body is too large, or the server is too busy.
/// What `request` has for a body need not be the whole of it; nobody is believed to have sent it.
pub fn refuse(cloud: &Cloud, request: &Request<'_>, error: ApiError) -> Answer {
    let request_id = new_request_id(cloud);
    let claim = sigv4::parse(&request.to_verify());
    let route = match Route::find(cloud.models(), &request.parts(), signing_name(&claim), &|name| {
        cloud.unsigned(name)
    }) {
        Ok(route) => route,
        Err(mut route_error) => {
            route_error.error = error;
            return nowhere(&route_error, &request_id);
        }
    };
    // Only the event looks at the call, and it names no caller.
    let call = new_call(request, &claim, &request_id, Err(INTERNAL_FAILURE.bare()));
    let entry = cloud.service(route.service.name).and_then(|service| service.operation(&route.operation));
    let error = match entry {
        Some(entry) => cloud.refuse(route.service, entry.model.name, &call, error),
        None => cloud.refuse(route.service, &event_name(&route), &call, error),
    };
    failed(&route, entry.map(|entry| entry.model), &error, &request_id)
}

/// An id for the request. Where randomness fails there is none, and no event can be left either: the engine
/// then refuses the call.
fn new_request_id(cloud: &Cloud) -> String {
    cloud.unique_id().unwrap_or_default()
}

fn signing_name(claim: &Result<Claim, SignatureError>) -> Option<&str> {
    claim.as_ref().ok().map(Claim::service)
}

async fn authenticate(
    cloud: &Cloud,
    request: &Request<'_>,
    route: &Route<'_>,
    claim: &Result<Claim, SignatureError>,
) -> Result<Arc<Caller>, ApiError> {
    let claim = claim.as_ref().map_err(SignatureError::to_api_error)?;
    let signed = Signed {
        claim,
        parts: request.to_verify(),
        body: request.body,
        service: route.service.signing_name,
        wall_time: request.wall_time,
    };
    cloud.authenticate(&signed).await
}

/// The call, without its input.
fn new_call(
    request: &Request<'_>,
    claim: &Result<Claim, SignatureError>,
    request_id: &str,
    caller: Result<Arc<Caller>, ApiError>,
) -> Call {
    let claim = claim.as_ref().ok();
    // Only the event of a call that proves no caller tells what was claimed.
    let claimed = claim.filter(|_| caller.is_err());
    Call {
        caller,
        claimed_access_key_id: claimed.map(|claim| claim.access_key_id().to_owned()),
        input: Ok(Value::Structure(Vec::new())),
        region: claim.and_then(|claim| claim.region().parse().ok()).unwrap_or_else(Region::us_east_1),
        origin: request.origin.clone(),
        request_id: request_id.to_owned(),
    }
}

fn read_input(
    cloud: &Cloud,
    codec: &dyn Codec,
    entry: &Entry,
    parts: &RequestParts<'_>,
) -> Result<Value, ApiError> {
    let input = codec.decode_input(entry.model, parts)?;
    if let Some(service) = cloud.service(entry.model.service.name) {
        service.validate(entry.model, &input)?;
    }
    Ok(input)
}

/// The name under which an operation that is not known goes into the audit log.
fn event_name(route: &Route<'_>) -> String {
    route.operation.chars().filter(|c| !c.is_control()).take(EVENT_NAME_CHARACTERS_MAX).collect()
}

fn nowhere(error: &RouteError, request_id: &str) -> Answer {
    Answer {
        response: error.response(request_id),
        service: UNKNOWN,
        operation: UNKNOWN,
        error_code: Some(error.error.model().name),
    }
}

fn failed(
    route: &Route<'_>,
    operation: Option<&'static OperationModel>,
    error: &ApiError,
    request_id: &str,
) -> Answer {
    let service: &'static ServiceModel = route.service;
    Answer {
        response: route.codec.encode_error(Some(service), operation, error, request_id),
        service: service.name,
        operation: operation.map_or(UNKNOWN, |operation| operation.name),
        error_code: Some(error.model().name),
    }
}
