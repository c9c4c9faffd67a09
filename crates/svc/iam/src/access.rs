//! The questions that IAM operations put to the policies, with IAM's condition keys.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html>

use alcazar_engine::{Access, CallInfo, Check, Rule};
use alcazar_identity::role::Role;
use alcazar_identity::tag::Tag;
use alcazar_policy::Context;

use crate::named::Named;

/// A question about something in the caller's account: `resource` is its ARN, or `*`, and `kind` its type in audit
/// events, e.g. `AWS::IAM::User`.
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

/// A question about no resource in particular.
#[must_use]
pub(crate) fn account_check(call: &CallInfo, action: &'static str) -> Check {
    check(call, action, "*".to_owned(), "")
}

/// Adds the tags of the resource.
pub(crate) fn add_resource_tags(check: &mut Check, tags: &[Tag]) {
    for tag in tags {
        check.context.insert(format!("aws:ResourceTag/{}", tag.key), tag.value.clone());
    }
}

/// Adds the tags of a user or a role, which IAM's own key tells too.
pub(crate) fn add_entity_tags(check: &mut Check, tags: &[Tag]) {
    add_resource_tags(check, tags);
    for tag in tags {
        check.context.insert(format!("iam:ResourceTag/{}", tag.key), tag.value.clone());
    }
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
    mut create: Check,
    tag_action: &'static str,
    tags: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Access {
    let tags: Vec<_> = tags.into_iter().collect();
    if tags.is_empty() {
        return Access::one(create);
    }
    let mut tagging = Check {
        action: tag_action,
        resource: create.resource.clone(),
        context: Context::new(),
        rule: Rule::IdentityOnly,
        charges: Vec::new(),
        denial: None,
        ..create
    };
    add_request_tags(&mut create, tags.iter().copied());
    add_request_tags(&mut tagging, tags);
    Access { checks: vec![create, tagging] }
}

/// Adds the tags that the request brings.
pub(crate) fn add_request_tags<'a>(check: &mut Check, tags: impl IntoIterator<Item = (&'a str, &'a str)>) {
    for (key, value) in tags {
        check.context.insert(format!("aws:RequestTag/{key}"), value.to_owned());
        check.context.insert("aws:TagKeys", key.to_owned());
    }
}

/// Adds the keys of the tags that the request takes away.
pub(crate) fn add_tag_keys(check: &mut Check, keys: &[String]) {
    for key in keys {
        check.context.insert("aws:TagKeys", key.clone());
    }
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
