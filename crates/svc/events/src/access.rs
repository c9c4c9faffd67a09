//! The questions that EventBridge's operations put to the policies, with its condition keys.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html>

use alcazar_base::Arn;
use alcazar_engine::{CallInfo, Check};

use crate::named::NamedBus;

/// The type of a bus in audit events.
pub(crate) const BUS_TYPE: &str = "AWS::Events::EventBus";
/// The type of a rule in audit events.
pub(crate) const RULE_TYPE: &str = "AWS::Events::Rule";

/// EventBridge, as policies name it.
pub(crate) const PRINCIPAL: &str = "events.amazonaws.com";

/// A question about the rules of a bus, all of them: AWS asks about no resource in particular, unless the bus is
/// another account's.
#[must_use]
pub(crate) fn list_check(call: &CallInfo, action: &'static str, bus: &NamedBus) -> Check {
    if bus.id.account == call.account() { Check::any(call, action) } else { bus.check(action) }
}

/// The question whether the caller may have EventBridge use a role.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html>
#[must_use]
pub(crate) fn pass_role(call: &CallInfo, role_arn: &str, rule_arn: &str) -> Check {
    let owner = role_arn.parse::<Arn>().ok().and_then(|arn| arn.account.parse().ok());
    let owner = owner.unwrap_or_else(|| call.account());
    let mut check = Check::new("iam:PassRole", role_arn, "AWS::IAM::Role", owner);
    check.context.insert("iam:PassedToService", PRINCIPAL.to_owned());
    check.context.insert("iam:AssociatedResourceArn", rule_arn.to_owned());
    check
}
