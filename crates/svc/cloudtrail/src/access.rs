//! The questions that CloudTrail's operations put to the policies.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html>

use alcazar_engine::{Access, CallInfo, Check, Rule};
use alcazar_identity::tag::Tag;
use alcazar_policy::Context;

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

/// A question about something that the caller's own policies decide about, which has these tags.
#[must_use]
pub(crate) fn check(
    call: &CallInfo,
    action: &'static str,
    resource: String,
    kind: &'static str,
    tags: &[Tag],
) -> Check {
    let mut context = Context::new();
    for tag in tags {
        context.insert(format!("aws:ResourceTag/{}", tag.key), tag.value.clone());
    }
    Check {
        action,
        resource,
        owner: call.account(),
        resource_type: kind,
        rule: Rule::IdentityOnly,
        context,
        beyond_resource_control: false,
        denial: None,
        charges: Vec::new(),
    }
}

/// A question about nothing in particular.
#[must_use]
pub(crate) fn anything(call: &CallInfo, action: &'static str) -> Access {
    Access::one(check(call, action, "*".to_owned(), kind::NONE, &[]))
}

/// Adds the tags that the request brings.
pub(crate) fn add_request_tags<'a>(check: &mut Check, tags: impl IntoIterator<Item = (&'a str, &'a str)>) {
    for (key, value) in tags {
        check.context.insert(format!("aws:RequestTag/{key}"), value.to_owned());
        check.context.insert("aws:TagKeys", key.to_owned());
    }
}

/// Adds the keys of the tags that the request takes away.
pub(crate) fn add_tag_keys<'a>(check: &mut Check, keys: impl IntoIterator<Item = &'a str>) {
    for key in keys {
        check.context.insert("aws:TagKeys", key.to_owned());
    }
}
