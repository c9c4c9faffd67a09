//! The questions that IAM operations put to the policies, with IAM's condition keys.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html>

use alcazar_engine::{Access, CallInfo, Check};
use alcazar_identity::role::Role;
use alcazar_identity::tag::Tag;

use crate::named::Named;

/// A question about something in the caller's account: `resource` is its ARN, or `*`, and `kind` its type in audit
/// events, e.g. `AWS::IAM::User`.
#[must_use]
pub(crate) fn check(call: &CallInfo, action: &'static str, resource: String, kind: &'static str) -> Check {
    Check::new(action, resource, kind, call.account())
}

/// Adds the tags of a user or a role, which IAM's own key tells too.
pub(crate) fn add_entity_tags(check: &mut Check, tags: &[Tag]) {
    check.context.add_resource_tags(tags.iter().map(Tag::pair));
    check.context.add_tags("iam:ResourceTag/", tags.iter().map(Tag::pair));
}

/// The question whether the caller may pass a role to EC2, for the instances that will have it.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html>
#[must_use]
pub(crate) fn pass_role(call: &CallInfo, role: &Named<Role>) -> Check {
    let mut check = role.check(call, "iam:PassRole");
    check.context.insert("iam:PassedToService", "ec2.amazonaws.com".to_owned());
    let instances = format!("arn:aws:ec2:*:{}:instance/*", call.account());
    check.context.insert("iam:AssociatedResourceArn", instances);
    check
}

/// What must be allowed for something to be made: with tags, tagging it too.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html>
#[must_use]
pub(crate) fn creation<'a>(
    create: Check,
    tag_action: &'static str,
    tags: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Access {
    let tagging = Check::new(tag_action, &create.resource, create.resource_type, create.owner);
    Access::creation(create, || tagging, tags)
}

/// Adds the permissions boundary that the user or role has or is to have.
pub(crate) fn add_boundary(check: &mut Check, boundary: Option<&str>) {
    if let Some(arn) = boundary {
        check.context.insert("iam:PermissionsBoundary", arn.to_owned());
    }
}

/// Adds the managed policy that the request is about.
pub(crate) fn add_policy_arn(check: &mut Check, policy_arn: &str) {
    check.context.insert("iam:PolicyARN", policy_arn.to_owned());
}
