//! The parser: it takes any text, what it takes compiles and can be evaluated, and what a document means does not hang on
//! how its JSON is written.

use alcazar_policy::{
    CompiledPolicy, Context, PolicyDocument, PolicyKind, Principal, PrincipalKind, Request,
};
use serde_json::{Value as Json, json};

use super::choices::Choices;
use super::policy::policy;

const KINDS: [PolicyKind; 5] = [
    PolicyKind::Identity,
    PolicyKind::Resource,
    PolicyKind::Trust,
    PolicyKind::ServiceControl,
    PolicyKind::ResourceControl,
];

/// Parses the bytes as they are, and a policy that they spoil here and there. Says how many texts were valid.
pub(crate) fn run(bytes: &[u8]) -> usize {
    let raw = String::from_utf8_lossy(bytes).into_owned();
    let mut choices = Choices::new(bytes);
    let kind = KINDS[choices.below(KINDS.len())];
    let mut spoilt = policy(kind, &mut choices);
    for _ in 0..choices.below(4) {
        spoil(&mut spoilt, &mut choices);
    }
    let texts = [raw, spoilt.to_string()];
    texts.iter().flat_map(|text| KINDS.map(|kind| parse(text, kind))).filter(|valid| *valid).count()
}

/// Whether `text` is a valid policy of this kind.
fn parse(text: &str, kind: PolicyKind) -> bool {
    let parsed = PolicyDocument::parse(text, kind);
    match PolicyDocument::parse_for_iam(text, kind) {
        // IAM takes less than the language has, and nothing else.
        Ok(document) => assert_eq!(parsed.as_ref(), Ok(&document), "{text}"),
        Err(error) => assert!(!error.iam_message(kind).is_empty()),
    }
    let Ok(document) = parsed else { return false };
    let spans = PolicyDocument::statement_spans(text);
    assert_eq!(spans.len(), document.statements().len(), "{text}");
    let json: Json = serde_json::from_str(text).expect("what is a policy is JSON");
    let rewritten = [json.to_string(), format!("{json:#}"), listed(json).to_string()];
    for other in rewritten {
        assert_eq!(
            PolicyDocument::parse(&other, kind).as_ref(),
            Ok(&document),
            "{text}\nwritten as\n{other}"
        );
    }
    evaluate(&document);
    true
}

/// The same policy with everything in an array that may stand in one.
fn listed(mut policy: Json) -> Json {
    list(&mut policy["Statement"]);
    for statement in policy["Statement"].as_array_mut().into_iter().flatten() {
        for name in ["Action", "NotAction", "Resource", "NotResource"] {
            statement.get_mut(name).into_iter().for_each(list);
        }
        for name in ["Principal", "NotPrincipal"] {
            members(statement.get_mut(name)).for_each(list);
        }
        members(statement.get_mut("Condition")).flat_map(|keys| members(Some(keys))).for_each(list);
    }
    policy
}

fn members(json: Option<&mut Json>) -> impl Iterator<Item = &mut Json> {
    json.and_then(Json::as_object_mut).into_iter().flat_map(|object| object.values_mut())
}

fn list(json: &mut Json) {
    if !json.is_array() {
        *json = Json::Array(vec![json.take()]);
    }
}

/// Any answer will do, but there must be one.
fn evaluate(document: &PolicyDocument) {
    let principal = Principal {
        account: "111122223333".parse().expect("an account"),
        arn: "arn:aws:iam::111122223333:user/alice".to_owned(),
        unique_id: None,
        kind: PrincipalKind::User,
    };
    let mut context = Context::new();
    context.insert("aws:username", "alice");
    for resource in ["*", "arn:aws:s3:::shop/alice", ""] {
        let request = Request { principal: &principal, action: "s3:GetObject", resource, context: &context };
        let _ = CompiledPolicy::compile(document).evaluate(&request);
    }
}

/// Replaces something in the document by something odd.
fn spoil(json: &mut Json, choices: &mut Choices<'_>) {
    let stop = choices.once_in(4);
    match json {
        Json::Object(object) if !stop && !object.is_empty() => {
            let name = object.keys().nth(choices.below(object.len())).expect("a member").clone();
            if choices.once_in(4) {
                let value = object.remove(&name).expect("a member");
                object.insert(odd(choices).as_str().unwrap_or("NotAction").to_owned(), value);
            } else {
                spoil(&mut object[&name], choices);
            }
        }
        Json::Array(items) if !stop && !items.is_empty() => {
            let index = choices.below(items.len());
            spoil(&mut items[index], choices);
        }
        other => *other = odd(choices),
    }
}

fn odd(choices: &mut Choices<'_>) -> Json {
    const TEXTS: [&str; 17] = [
        "*",
        "",
        "${",
        "${aws:username",
        "${aws:username, 'x'}",
        "${a:b,}",
        "arn:",
        "arn:aws:s3:::${aws:username}",
        "arn:aws:s3:::x",
        "Allow",
        "s3:*",
        ":",
        "NotPrincipal",
        "ForAnyValue:StringLike",
        "aws:username",
        "203.0.113.0/33",
        "2020-02-30T25:61Z",
    ];
    match choices.below(8) {
        0 => json!(null),
        1 => json!([]),
        2 => json!({}),
        3 => json!([[null], {"a": 1.5}]),
        4 => json!(-0.5e300),
        5 => json!(true),
        _ => json!(choices.pick(&TEXTS)),
    }
}
