//! The questions that CloudTrail's operations put to the policies.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html>

use alcazar_engine::{CallInfo, Check};
use alcazar_identity::tag::Tag;

/// The service as policies name it.
pub(crate) const SERVICE_PRINCIPAL: &str = "cloudtrail.amazonaws.com";

/// The service as `aws:CalledVia` has it.
pub(crate) const VIA: &str = "cloudtrail";

/// The types of what is asked about.
pub(crate) mod kind {
    /// A trail.
    pub(crate) const TRAIL: &str = "AWS::CloudTrail::Trail";
    /// An event data store.
    pub(crate) const EVENT_DATA_STORE: &str = "AWS::CloudTrail::EventDataStore";
    /// Nothing in particular.
    pub(crate) const NONE: &str = "";
}

/// A question about something of the caller's own.
#[must_use]
pub(crate) fn check(
    call: &CallInfo,
    action: &'static str,
    resource: impl Into<String>,
    kind: &'static str,
    tags: &[Tag],
) -> Check {
    let mut check = Check::new(action, resource, kind, call.account());
    check.context.add_resource_tags(tags.iter().map(Tag::pair));
    check
}
