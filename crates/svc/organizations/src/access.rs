//! The questions that Organizations operations put to the policies, with their condition keys.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html>

use alcazar_engine::{Access, CallInfo, Check, Rule};
use alcazar_identity::tag::Tag;
use alcazar_policy::Context;

use crate::error;

/// The service that a service-linked role is made for.
pub(crate) const SERVICE_PRINCIPAL: &str = "organizations.amazonaws.com";

/// The types of what is asked about, as audit events have them.
pub(crate) mod kind {
    /// An account.
    pub(crate) const ACCOUNT: &str = "AWS::Organizations::Account";
    /// An organizational unit.
    pub(crate) const UNIT: &str = "AWS::Organizations::OrganizationalUnit";
    /// A root.
    pub(crate) const ROOT: &str = "AWS::Organizations::Root";
    /// A root or organizational unit.
    pub(crate) const PARENT: &str = UNIT;
    /// A policy.
    pub(crate) const POLICY: &str = "AWS::Organizations::Policy";
    /// The organization's resource policy.
    pub(crate) const RESOURCE_POLICY: &str = "AWS::Organizations::ResourcePolicy";
    /// A handshake.
    pub(crate) const HANDSHAKE: &str = "AWS::Organizations::Handshake";
}

/// A question about something that the caller's own policies decide about. An operation asks it through
/// [`Place::check`](crate::place::Place::check).
#[must_use]
pub(crate) fn check(call: &CallInfo, action: &'static str, resource: String, kind: &'static str) -> Check {
    Check {
        action,
        resource,
        owner: call.account(),
        resource_type: kind,
        rule: Rule::IdentityOnly,
        context: Context::new(),
        beyond_resource_control: false,
        denial: None,
        charges: Vec::new(),
    }
}

/// Whether the caller may have Organizations make its service-linked role in the caller's account.
#[must_use]
pub(crate) fn service_linked_role(call: &CallInfo, arn: String) -> Check {
    let mut check = check(call, "iam:CreateServiceLinkedRole", arn, "AWS::IAM::Role");
    check.context.insert("iam:AWSServiceName", SERVICE_PRINCIPAL.to_owned());
    check.denial = Some(error::service_linked_role_denied());
    check
}

/// Adds the tags of the resource.
pub(crate) fn add_resource_tags(check: &mut Check, tags: &[Tag]) {
    for tag in tags {
        check.context.insert(format!("aws:ResourceTag/{}", tag.key), tag.value.clone());
    }
}

/// Adds the tags that the request brings.
pub(crate) fn add_request_tags<'a>(check: &mut Check, tags: impl IntoIterator<Item = (&'a str, &'a str)>) {
    for (key, value) in tags {
        check.context.insert(format!("aws:RequestTag/{key}"), value.to_owned());
        check.context.insert("aws:TagKeys", key.to_owned());
    }
}

/// What must be allowed for something to be made: `check`, and if the request brings tags, to tag it too. `new` asks
/// about what is to be made.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging_abac.html>
#[must_use]
pub(crate) fn creation<'a>(
    check: Check,
    new: impl FnOnce(&'static str) -> Check,
    tags: impl Iterator<Item = (&'a str, &'a str)>,
) -> Access {
    let mut tags = tags.peekable();
    if tags.peek().is_none() {
        return Access::one(check);
    }
    let mut tagging = new("organizations:TagResource");
    add_request_tags(&mut tagging, tags);
    Access { checks: vec![check, tagging] }
}

/// Adds the keys of the tags that the request takes away.
pub(crate) fn add_tag_keys(check: &mut Check, keys: &[String]) {
    for key in keys {
        check.context.insert("aws:TagKeys", key.clone());
    }
}

/// Adds the type of the policies that the request is about, e.g. `SERVICE_CONTROL_POLICY`.
pub(crate) fn add_policy_type(check: &mut Check, policy_type: &str) {
    check.context.insert("organizations:PolicyType", policy_type.to_owned());
}

/// Adds the service that the request is about, e.g. `cloudtrail.amazonaws.com`.
pub(crate) fn add_service_principal(check: &mut Check, service_principal: &str) {
    check.context.insert("organizations:ServicePrincipal", service_principal.to_owned());
}
