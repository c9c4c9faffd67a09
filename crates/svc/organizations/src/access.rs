//! The questions that Organizations operations put to the policies, with their condition keys.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html>

use alcazar_engine::{Access, CallInfo, Check};

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
    Check::new(action, resource, kind, call.account())
}

/// Whether the caller may have Organizations make its service-linked role in the caller's account.
#[must_use]
pub(crate) fn service_linked_role(call: &CallInfo, arn: String) -> Check {
    let mut check = check(call, "iam:CreateServiceLinkedRole", arn, "AWS::IAM::Role");
    check.context.insert("iam:AWSServiceName", SERVICE_PRINCIPAL.to_owned());
    check.denial = Some(error::service_linked_role_denied());
    check
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
    Access::creation(check, || new("organizations:TagResource"), tags)
}

/// Adds the type of the policies that the request is about, e.g. `SERVICE_CONTROL_POLICY`.
pub(crate) fn add_policy_type(check: &mut Check, policy_type: &str) {
    check.context.insert("organizations:PolicyType", policy_type.to_owned());
}

/// Adds the service that the request is about, e.g. `cloudtrail.amazonaws.com`.
pub(crate) fn add_service_principal(check: &mut Check, service_principal: &str) {
    check.context.insert("organizations:ServicePrincipal", service_principal.to_owned());
}
