//! An event as a CloudTrail record, version 1.11.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

use alcazar_base::AccountId;
use serde_json::{Map, Value as Json, json};

use super::{AuditEvent, Identity};

/// The version of the record format.
const EVENT_VERSION: &str = "1.11";

/// The CloudTrail record of an event, as the account `viewer` gets it. Nobody's account is that of all zeros: an event
/// that no account sees is shown to it.
#[must_use]
pub fn to_cloudtrail(event: &AuditEvent, viewer: AccountId) -> Json {
    let mut record = Map::new();
    let mut set = |name: &str, value: Json| record.insert(name.to_owned(), value);
    set("eventVersion", json!(EVENT_VERSION));
    set("userIdentity", identity(event));
    set("eventTime", json!(event.time.to_string()));
    set("eventSource", json!(event.event_source));
    set("eventName", json!(event.event_name));
    set("awsRegion", json!(event.region));
    set("sourceIPAddress", json!(event.source_ip));
    set("userAgent", json!(event.user_agent));
    if let Some(code) = &event.error_code {
        set("errorCode", json!(code));
    }
    if let Some(message) = &event.error_message {
        set("errorMessage", json!(message));
    }
    set("requestParameters", fragment(event.request_parameters.as_deref()));
    set("responseElements", fragment(event.response_elements.as_deref()));
    set("requestID", json!(event.request_id));
    set("eventID", json!(event.id_for(viewer)));
    set("readOnly", json!(event.read_only));
    if !event.resources.is_empty() {
        let resources = event
            .resources
            .iter()
            .map(|resource| json!({"accountId": resource.account.as_str(), "type": resource.kind, "ARN": resource.arn}));
        set("resources", resources.collect());
    }
    if event.service_event_details.is_some() {
        set("serviceEventDetails", fragment(event.service_event_details.as_deref()));
    }
    set("eventType", json!(if event.service_event { "AwsServiceEvent" } else { "AwsApiCall" }));
    set("managementEvent", json!(!event.data_event));
    if viewer != AccountId::ZERO {
        set("recipientAccountId", json!(viewer.as_str()));
    }
    if let Some(shared) = event.shared_id() {
        set("sharedEventID", json!(shared));
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

fn identity(event: &AuditEvent) -> Json {
    let mut identity = match &event.identity {
        Some(Identity { principal_id, arn: provider, user_name: Some(user_name), .. }) => json!({
            "type": "WebIdentityUser", "principalId": principal_id, "userName": user_name,
            "identityProvider": provider}),
        Some(Identity { kind, .. }) if kind == "AWSService" => json!({"type": kind}),
        Some(Identity { kind, principal_id, arn, account, .. }) => {
            json!({"type": kind, "principalId": principal_id, "arn": arn, "accountId": account.as_str()})
        }
        None if event.service_event => json!({"type": "AWSService"}),
        None => json!({"type": "Unknown"}),
    };
    if let Some(fields) = identity.as_object_mut() {
        if let Some(access_key_id) = &event.access_key_id {
            fields.insert("accessKeyId".to_owned(), json!(access_key_id));
        }
        if let Some(identity) = &event.identity {
            if let ("IAMUser", Some((_, name))) = (identity.kind.as_str(), identity.arn.rsplit_once('/')) {
                fields.insert("userName".to_owned(), json!(name));
            }
            if let Some(session) = &identity.session {
                fields.insert("sessionContext".to_owned(), session.render(identity.account));
            }
        }
        if let Some(service) = &event.invoked_by {
            fields.insert("invokedBy".to_owned(), json!(service));
        }
    }
    identity
}

/// The fragments were written by this engine, so they read as JSON; a damaged one would be shown as null.
fn fragment(json: Option<&str>) -> Json {
    json.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Json::Null)
}

#[cfg(test)]
mod tests {
    use alcazar_base::{AccountId, Timestamp};

    use super::*;
    use crate::audit::{Resource, TlsDetails};

    #[test]
    fn an_event_reads_as_a_cloudtrail_record() {
        let event = AuditEvent {
            event_id: "e".into(),
            time: Timestamp::from_secs(1_440_938_160),
            event_source: "kms.amazonaws.com".into(),
            event_name: "Encrypt".into(),
            region: "eu-west-1".into(),
            identity: Some(Identity {
                kind: "Root".into(),
                principal_id: "111122223333".into(),
                arn: "arn:aws:iam::111122223333:root".into(),
                account: AccountId::from_number(111_122_223_333),
                session: None,
                user_name: None,
            }),
            access_key_id: Some("AKIAEXAMPLE".into()),
            source_ip: "127.0.0.1".into(),
            user_agent: "test".into(),
            request_id: "r".into(),
            error_code: None,
            error_message: None,
            request_parameters: Some(r#"{"keyId":"k"}"#.into()),
            response_elements: None,
            resources: vec![Resource {
                arn: "arn:aws:kms:eu-west-1:111122223333:key/k".into(),
                account: AccountId::from_number(111_122_223_333),
                kind: "AWS::KMS::Key".into(),
            }],
            read_only: true,
            tls: Some(TlsDetails { version: "TLSv1.3".into(), cipher_suite: "c".into(), host: "h".into() }),
            invoked_by: None,
            service_event: false,
            uses: None,
            service_event_details: None,
            data_event: false,
        };
        let record = to_cloudtrail(&event, AccountId::from_number(111_122_223_333));
        assert_eq!(record["eventTime"], "2015-08-30T12:36:00Z");
        assert_eq!(record["userIdentity"]["type"], "Root");
        assert_eq!(record["requestParameters"]["keyId"], "k");
        assert_eq!(record["responseElements"], Json::Null);
        assert_eq!(record["resources"][0]["ARN"], "arn:aws:kms:eu-west-1:111122223333:key/k");
        assert_eq!(record["tlsDetails"]["tlsVersion"], "TLSv1.3");
        let bytes = event.to_bytes().unwrap();
        assert_eq!(AuditEvent::from_bytes(&bytes).unwrap(), event);
    }
}
