//! An event as a CloudTrail record, version 1.11.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

use std::borrow::Cow;

use alcazar_base::AccountId;
use serde_json::{Map, Value as Json, json};

use super::{ACCESS_DENIED, AuditEvent, Identity, Resource};

/// The version of the record format.
const EVENT_VERSION: &str = "1.11";

/// Who does what a service does by itself, and from where.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/non-api-aws-service-events.html>
const AWS_INTERNAL: &str = "AWS Internal";

/// The services whose records say the version of their API.
const WITH_API_VERSION: &[(&str, &str)] = &[("events.amazonaws.com", "2015-10-07")];

/// The CloudTrail record of an event, as the account `viewer` gets it. Nobody's account is that of all zeros: an event
/// that no account sees is shown to it.
#[must_use]
pub fn to_cloudtrail(event: &AuditEvent, viewer: AccountId) -> Json {
    let mut record = Map::new();
    let mut set = |name: &str, value: Json| record.insert(name.to_owned(), value);
    set("eventVersion", json!(EVENT_VERSION));
    set("userIdentity", identity(event, viewer));
    set("eventTime", json!(event.time.to_string()));
    set("eventSource", json!(event.event_source));
    set("eventName", json!(event.event_name));
    set("awsRegion", json!(event.region));
    set("sourceIPAddress", json!(origin(event, &event.source_ip)));
    set("userAgent", json!(origin(event, &event.user_agent)));
    if let Some(code) = &event.error_code {
        set("errorCode", json!(code));
    }
    if let Some(message) = &event.error_message {
        set("errorMessage", json!(message));
    }
    set("requestParameters", fragment(event.request_parameters.as_deref()));
    set("responseElements", fragment(event.response_elements.as_deref()));
    if event.additional_data.is_some() {
        set("additionalEventData", fragment(event.additional_data.as_deref()));
    }
    if !event.service_event {
        set("requestID", json!(event.request_id));
    }
    set("eventID", json!(event.id_for(viewer)));
    set("readOnly", json!(event.read_only));
    let mut resources = event.resources.iter().filter(|resource| !resource.kind.is_empty()).peekable();
    let is_denied = event.error_code.as_deref() == Some(ACCESS_DENIED);
    if resources.peek().is_some() && !event.hides_resources && !is_denied {
        set("resources", resources.map(resource).collect());
    }
    set("eventType", json!(if event.service_event { "AwsServiceEvent" } else { "AwsApiCall" }));
    if let Some((_, version)) = WITH_API_VERSION.iter().find(|(source, _)| *source == event.event_source) {
        set("apiVersion", json!(version));
    }
    set("managementEvent", json!(!event.data_event));
    if viewer != AccountId::ZERO {
        set("recipientAccountId", json!(viewer.as_str()));
    }
    if let Some(shared) = event.shared_id() {
        set("sharedEventID", json!(shared));
    }
    if event.service_event_details.is_some() {
        set("serviceEventDetails", fragment(event.service_event_details.as_deref()));
    }
    set("eventCategory", json!(if event.data_event { "Data" } else { "Management" }));
    if let Some(tls) = &event.tls {
        set(
            "tlsDetails",
            json!({"tlsVersion": tls.version, "cipherSuite": tls.cipher_suite, "clientProvidedHostHeader": tls.host}),
        );
    }
    Json::Object(record)
}

fn resource(resource: &Resource) -> Json {
    json!({"accountId": resource.account.as_str(), "type": resource.kind, "ARN": resource.arn})
}

/// Where a call came from, or what the client said it is: of a call by a service, the service.
fn origin<'a>(event: &'a AuditEvent, told: &'a str) -> Cow<'a, str> {
    match &event.invoked_by {
        _ if event.service_event => Cow::Borrowed(AWS_INTERNAL),
        Some(service) if service == told => service_name(service),
        _ => Cow::Borrowed(told),
    }
}

/// The service's name, without the region that `kms:ViaService` has in it.
fn service_name(via: &str) -> Cow<'_, str> {
    let mut parts = via.split('.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(service), Some(region), Some("amazonaws")) if region != "amazonaws" => {
            Cow::Owned(format!("{service}.amazonaws.com"))
        }
        _ => Cow::Borrowed(via),
    }
}

/// Who called.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>
fn identity(event: &AuditEvent, viewer: AccountId) -> Json {
    let mut fields = match &event.identity {
        _ if event.service_event => return by_itself(viewer),
        None => unproven(event),
        Some(identity) if identity.user_name.is_some() => federated(identity),
        Some(identity) if identity.kind == "AWSService" => fields(json!({"type": identity.kind})),
        // The owner of a resource is told which account it was, and whom that account knows by this id.
        Some(identity) if identity.account != viewer && viewer != AccountId::ZERO => fields(json!({
            "type": "AWSAccount", "principalId": identity.principal_id, "accountId": identity.account.as_str()})),
        Some(identity) => own(identity, event.access_key_id.as_deref()),
    };
    if let Some(service) = &event.invoked_by {
        fields.insert("invokedBy".to_owned(), json!(service_name(service)));
    }
    Json::Object(fields)
}

/// Of what a service did by itself.
fn by_itself(viewer: AccountId) -> Json {
    if viewer == AccountId::ZERO {
        return json!({"invokedBy": AWS_INTERNAL});
    }
    json!({"accountId": viewer.as_str(), "invokedBy": AWS_INTERNAL})
}

/// Of somebody who did not sign, or whose signature proved nothing.
fn unproven(event: &AuditEvent) -> Map<String, Json> {
    match &event.access_key_id {
        // Whoever does not sign and reaches a resource is allowed to be anybody.
        None if !event.resources.is_empty() => {
            fields(json!({"type": "AWSAccount", "principalId": "", "accountId": "ANONYMOUS_PRINCIPAL"}))
        }
        None => fields(json!({"type": "Unknown"})),
        Some(access_key_id) => fields(json!({"type": "Unknown", "accessKeyId": access_key_id})),
    }
}

/// Of somebody whom an identity provider vouches for.
fn federated(identity: &Identity) -> Map<String, Json> {
    fields(json!({
        "type": identity.kind, "principalId": identity.principal_id, "userName": identity.user_name,
        "identityProvider": identity.arn}))
}

/// Of somebody of the account itself.
fn own(identity: &Identity, access_key_id: Option<&str>) -> Map<String, Json> {
    let Identity { kind, principal_id, arn, account, .. } = identity;
    let mut own = fields(json!({
        "type": kind, "principalId": principal_id, "arn": arn, "accountId": account.as_str()}));
    if let Some(access_key_id) = access_key_id {
        own.insert("accessKeyId".to_owned(), json!(access_key_id));
    }
    if let ("IAMUser", Some((_, name))) = (kind.as_str(), arn.rsplit_once('/')) {
        own.insert("userName".to_owned(), json!(name));
    }
    if let Some(session) = &identity.session {
        own.insert("sessionContext".to_owned(), session.render(*account));
    }
    own
}

fn fields(object: Json) -> Map<String, Json> {
    match object {
        Json::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// The fragments were written by this engine, so they read as JSON; a damaged one would be shown as null.
fn fragment(json: Option<&str>) -> Json {
    json.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Json::Null)
}

#[cfg(test)]
mod tests;
