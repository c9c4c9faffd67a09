//! What of an event advanced selectors look at.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html>

use alcazar_engine::audit::AuditEvent;

/// The values that an event has for a field; none if it has not got it.
#[must_use]
pub(crate) fn values<'a>(event: &'a AuditEvent, field: &str) -> Vec<&'a str> {
    let one = |value| vec![value];
    match field {
        "eventCategory" => one(if event.data_event { "Data" } else { "Management" }),
        "eventName" => one(&event.event_name),
        "eventSource" => one(&event.event_source),
        "eventType" => one(if event.service_event { "AwsServiceEvent" } else { "AwsApiCall" }),
        "readOnly" => one(if event.read_only { "true" } else { "false" }),
        "errorCode" => event.error_code.as_deref().into_iter().collect(),
        "resources.type" => event.resources.iter().map(|resource| resource.kind.as_str()).collect(),
        "resources.ARN" => event.resources.iter().map(|resource| resource.arn.as_str()).collect(),
        // No session of the console's is known here.
        "sessionCredentialFromConsole" => one("false"),
        "userIdentity.arn" => event.identity.iter().map(|identity| identity.arn.as_str()).collect(),
        _ => Vec::new(),
    }
}
