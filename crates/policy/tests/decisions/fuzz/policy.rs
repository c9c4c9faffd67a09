//! Policies of every kind, valid by construction.

use alcazar_policy::PolicyKind;
use serde_json::{Map, Value as Json, json};

use super::choices::Choices;
use super::operand::{condition, one_or_several};

const ACTIONS: [&str; 10] = [
    "*",
    "kms:*",
    "s3:*",
    "kms:Encrypt",
    "KMS:encrypt",
    "s3:Get*",
    "s3:?etObject",
    "s3:*Object",
    "kms:*crypt",
    "*:*",
];

/// What a trust policy may speak of.
const STS_ACTIONS: [&str; 5] = ["sts:AssumeRole", "sts:*", "STS:assumerole", "sts:TagSession", "sts:Assume*"];

const RESOURCES: [&str; 13] = [
    "*",
    "*",
    "arn:aws:s3:::shop/*",
    "arn:aws:kms:*:111122223333:key/*",
    "**",
    "arn:aws:kms:eu-west-1:*:key/alice",
    "arn:aws:s3:::shop/${aws:username}",
    "arn:aws:s3:::shop/${aws:PrincipalTag/team, 'alice'}*",
    "arn:aws:s3:::shop/a${*}?",
    "arn:aws:s3:::*/a*e",
    "arn:aws:s3",
    "arn:*:*:*:*:*/*",
    "arn:aws:?3:::shop/*:*",
];

/// A policy of this kind.
pub(super) fn policy(kind: PolicyKind, choices: &mut Choices<'_>) -> Json {
    let mut policy = Map::new();
    let of_organization = matches!(kind, PolicyKind::ServiceControl | PolicyKind::ResourceControl);
    let version = if of_organization { 0 } else { choices.below(6) };
    match version {
        4 => drop(policy.insert("Version".to_owned(), json!("2008-10-17"))),
        5 => {}
        _ => drop(policy.insert("Version".to_owned(), json!("2012-10-17"))),
    }
    let variables = version < 4;
    let statements = choices.several(1, 3, |choices| statement(kind, variables, choices));
    policy.insert("Statement".to_owned(), one_or_several(statements, choices));
    Json::Object(policy)
}

fn statement(kind: PolicyKind, variables: bool, choices: &mut Choices<'_>) -> Json {
    let mut statement = Map::new();
    let mut put = |name: &str, value| drop(statement.insert(name.to_owned(), value));
    let denies = kind == PolicyKind::ResourceControl || choices.once_in(4);
    put("Effect", json!(if denies { "Deny" } else { "Allow" }));
    let texts = |from: &[&str], choices: &mut Choices<'_>| {
        let texts = choices.several(1, 2, |choices| Json::from(choices.pick(from)));
        one_or_several(texts, choices)
    };
    let actions: &[&str] = match kind {
        PolicyKind::Trust => &STS_ACTIONS,
        // These may not deny everything at once, nor everything but something.
        PolicyKind::ResourceControl => &ACTIONS[1..],
        _ => &ACTIONS,
    };
    let negated = kind != PolicyKind::ResourceControl && choices.once_in(6);
    put(if negated { "NotAction" } else { "Action" }, texts(actions, choices));
    if kind != PolicyKind::Trust {
        put(if choices.once_in(6) { "NotResource" } else { "Resource" }, texts(&RESOURCES, choices));
    }
    match kind {
        PolicyKind::ResourceControl => put("Principal", json!("*")),
        PolicyKind::Trust => put("Principal", principals(choices)),
        PolicyKind::Resource if choices.once_in(4) => put("Principal", json!("*")),
        PolicyKind::Resource => {
            let negated = denies && choices.once_in(3);
            put(if negated { "NotPrincipal" } else { "Principal" }, principals(choices));
        }
        PolicyKind::Identity | PolicyKind::ServiceControl => {}
    }
    let mut conditions: Map<String, Json> = Map::new();
    let count = [0, 0, 1, 1, 2][choices.below(5)];
    for _ in 0..count {
        let (operator, key, operands) = condition(variables, choices);
        let of_operator = conditions.entry(operator).or_insert_with(|| json!({}));
        if let Json::Object(keys) = of_operator {
            keys.insert(key, operands);
        }
    }
    if count > 0 || choices.once_in(4) {
        put("Condition", Json::Object(conditions));
    }
    Json::Object(statement)
}

fn principals(choices: &mut Choices<'_>) -> Json {
    let mut principals = Map::new();
    let aws = choices.several(1, 3, |choices| {
        Json::from(choices.pick(&[
            "111122223333",
            "arn:aws:iam::111122223333:root",
            "arn:aws:iam::111122223333:user/alice",
            "arn:aws:iam::111122223333:role/app",
            "arn:aws:sts::111122223333:assumed-role/app/s1",
            "arn:aws:sts::111122223333:federated-user/alice",
            "*",
            "444455556666",
            "arn:aws:iam::444455556666:user/alice",
            "arn:aws:iam::111122223333:role/ops/app",
        ]))
    });
    principals.insert("AWS".to_owned(), one_or_several(aws, choices));
    if choices.once_in(3) {
        principals.insert("Service".to_owned(), json!(["s3.amazonaws.com"]));
    }
    if choices.once_in(6) {
        principals.insert("Federated".to_owned(), json!("accounts.example.com"));
    }
    Json::Object(principals)
}
