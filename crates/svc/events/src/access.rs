//! The questions that EventBridge's operations put to the policies, with its condition keys.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html>

use alcazar_api_events::types;
use alcazar_base::{AccountId, Arn};
use alcazar_engine::{Access, CallInfo, Check, Rule};
use alcazar_policy::Context;

use crate::named::NamedBus;
use crate::tag::Tag;

/// The type of a bus in audit events.
pub(crate) const BUS_TYPE: &str = "AWS::Events::EventBus";
/// The type of a rule in audit events.
pub(crate) const RULE_TYPE: &str = "AWS::Events::Rule";

/// EventBridge, as policies name it.
pub(crate) const PRINCIPAL: &str = "events.amazonaws.com";

/// A question about a resource.
#[must_use]
pub(crate) fn check(
    action: &'static str,
    resource: String,
    owner: AccountId,
    resource_type: &'static str,
    rule: Rule,
) -> Check {
    Check {
        action,
        resource,
        owner,
        resource_type,
        rule,
        context: Context::new(),
        beyond_resource_control: false,
        denial: None,
        charges: Vec::new(),
    }
}

/// A question about no resource in particular.
#[must_use]
pub(crate) fn account_check(call: &CallInfo, action: &'static str) -> Check {
    check(action, "*".to_owned(), call.account(), "", Rule::IdentityOnly)
}

/// Adds the tags of the resource.
pub(crate) fn add_resource_tags(check: &mut Check, tags: &[Tag]) {
    for tag in tags {
        check.context.insert(format!("aws:ResourceTag/{}", tag.key), tag.value.clone());
    }
}

/// A question about the rules of a bus, all of them: AWS asks about no resource in particular, unless the bus is
/// another account's.
#[must_use]
pub(crate) fn list_check(call: &CallInfo, action: &'static str, bus: &NamedBus) -> Check {
    if bus.id.account == call.account() { account_check(call, action) } else { bus.check(action) }
}

/// What must be allowed for something to be made: with tags, tagging it too.
#[must_use]
pub(crate) fn creation(
    mut create: Check,
    tagging: impl FnOnce() -> Check,
    tags: Option<&[types::Tag]>,
) -> Access {
    let Some(tags) = tags.filter(|tags| !tags.is_empty()) else { return Access::one(create) };
    let mut tagging = tagging();
    add_request_tags(&mut create, tags);
    add_request_tags(&mut tagging, tags);
    Access { checks: vec![create, tagging] }
}

/// Adds the tags that the request brings.
pub(crate) fn add_request_tags(check: &mut Check, tags: &[types::Tag]) {
    for types::Tag { key, value } in tags {
        check.context.insert(format!("aws:RequestTag/{key}"), value.clone());
        check.context.insert("aws:TagKeys", key.clone());
    }
}

/// The question whether the caller may have EventBridge use a role.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html>
#[must_use]
pub(crate) fn pass_role(call: &CallInfo, role_arn: &str, rule_arn: &str) -> Check {
    let owner = role_arn.parse::<Arn>().ok().and_then(|arn| arn.account.parse().ok());
    let owner = owner.unwrap_or_else(|| call.account());
    let mut check = check("iam:PassRole", role_arn.to_owned(), owner, "AWS::IAM::Role", Rule::IdentityOnly);
    check.context.insert("iam:PassedToService", PRINCIPAL.to_owned());
    check.context.insert("iam:AssociatedResourceArn", rule_arn.to_owned());
    check
}
