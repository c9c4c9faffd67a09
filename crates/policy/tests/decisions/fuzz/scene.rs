//! Questions: a request, and the policies around it.

use alcazar_policy::{PolicyKind, Principal, PrincipalKind, ResourceRule};

use super::choices::Choices;
use super::operand;
use super::policy::policy;
use crate::question::Question;

/// What AWS attaches everywhere once an organization has resource control policies.
const RCP_FULL_ACCESS: &str = r#"{"Version": "2012-10-17", "Statement":
    {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}"#;

/// What AWS attaches everywhere once an organization has service control policies.
const FULL_ACCESS: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;

/// A question.
pub(super) fn question(choices: &mut Choices<'_>) -> Question {
    let principal = principal(choices);
    let of_kind = |kind| move |choices: &mut Choices<'_>| policy(kind, choices).to_string();
    let is_root = principal.kind == PrincipalKind::AccountRoot;
    let may_have_own = principal.home_account().is_some() && !is_root;
    // The root user has a session where `AssumeRoot` made one.
    let is_session = is_root
        || matches!(principal.kind, PrincipalKind::AssumedRole { .. } | PrincipalKind::FederatedUser { .. });
    let identity =
        if may_have_own { choices.several(0, 3, of_kind(PolicyKind::Identity)) } else { Vec::new() };
    let boundary = (may_have_own && choices.once_in(3)).then(|| of_kind(PolicyKind::Identity)(choices));
    let session =
        (is_session && choices.once_in(2)).then(|| choices.several(0, 2, of_kind(PolicyKind::Identity)));
    let service_control = if principal.home_account().is_some() && choices.once_in(4) {
        levels(PolicyKind::ServiceControl, FULL_ACCESS, choices)
    } else {
        Vec::new()
    };
    let resource_control = if choices.once_in(4) {
        levels(PolicyKind::ResourceControl, RCP_FULL_ACCESS, choices)
    } else {
        Vec::new()
    };
    let kind = if choices.once_in(4) { PolicyKind::Trust } else { PolicyKind::Resource };
    let resource_policy = choices.once_in(2).then(|| (kind, of_kind(kind)(choices)));
    let actions: &[&str] = match kind {
        PolicyKind::Trust => &["sts:AssumeRole", "sts:TagSession", "kms:Encrypt"],
        _ => &["kms:Encrypt", "s3:GetObject", "kms:Decrypt", "s3:PutObject"],
    };
    let account = if choices.once_in(4) { "444455556666" } else { "111122223333" };
    Question {
        principal,
        action: choices.pick(actions).to_owned(),
        resource: resource(choices).to_owned(),
        context: operand::context(choices),
        identity,
        boundary,
        session,
        service_control,
        resource_control,
        resource_policy,
        resource_account: account.parse().expect("an account"),
        rule: if choices.once_in(3) { ResourceRule::MustAllow } else { ResourceRule::Ordinary },
    }
}

fn resource(choices: &mut Choices<'_>) -> &'static str {
    choices.pick(&[
        "arn:aws:s3:::shop/alice",
        "arn:aws:kms:eu-west-1:111122223333:key/alice",
        "*",
        "arn:aws:s3:::shop/a*b",
        "arn:aws:s3:::shop/x:y",
        "arn:aws:s3:::shop/",
        "no ARN",
    ])
}

fn levels(kind: PolicyKind, full_access: &str, choices: &mut Choices<'_>) -> Vec<Vec<String>> {
    choices.several(1, 3, |choices| {
        let mut policies = choices.several(0, 1, |choices| policy(kind, choices).to_string());
        if !choices.once_in(4) {
            policies.push(full_access.to_owned());
        }
        policies
    })
}

fn principal(choices: &mut Choices<'_>) -> Principal {
    let account = if choices.once_in(5) { "444455556666" } else { "111122223333" };
    let iam = |resource: &str| format!("arn:aws:iam::{account}:{resource}");
    let sts = |resource: &str| format!("arn:aws:sts::{account}:{resource}");
    let role_session = |path: &str, session: &str| {
        (
            sts(&format!("assumed-role/app/{session}")),
            PrincipalKind::AssumedRole { role_arn: iam(&format!("role/{path}app")) },
        )
    };
    let federated =
        |of: &str| (sts("federated-user/alice"), PrincipalKind::FederatedUser { user_arn: iam(of) });
    let (arn, kind) = match choices.below(13) {
        0 | 1 => (iam("user/alice"), PrincipalKind::User),
        2 => (iam("user/bob"), PrincipalKind::User),
        3 | 4 => role_session("", "s1"),
        5 => role_session("", "s2"),
        6 => role_session("ops/", "s1"),
        7 => role_session("aws-service-role/s3.amazonaws.com/", "s1"),
        8 => (iam("root"), PrincipalKind::AccountRoot),
        9 => federated("user/alice"),
        10 => federated("root"),
        11 => ("s3.amazonaws.com".to_owned(), PrincipalKind::Service("s3.amazonaws.com".to_owned())),
        _ if choices.once_in(2) => {
            ("accounts.example.com".to_owned(), PrincipalKind::Federated("accounts.example.com".to_owned()))
        }
        _ => ("anonymous".to_owned(), PrincipalKind::Anonymous),
    };
    Principal { account: account.parse().expect("an account"), arn, unique_id: None, kind }
}
