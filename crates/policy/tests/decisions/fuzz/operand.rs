//! Condition keys, the values that requests have for them, and the operands that policies compare them with. Keys and
//! operands come from a small stock, so that they meet often.

use std::net::IpAddr;

use alcazar_base::Timestamp;
use alcazar_policy::{Context, Value};
use serde_json::{Value as Json, json};

use super::choices::Choices;

/// A condition key with the family of operators that goes with it.
#[derive(Debug, Clone, Copy)]
struct Key {
    name: &'static str,
    family: Family,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Text,
    Number,
    Date,
    Bool,
    Address,
    Arn,
    Binary,
}

const KEYS: [Key; 11] = [
    Key { name: "aws:username", family: Family::Text },
    Key { name: "aws:TagKeys", family: Family::Text },
    Key { name: "aws:PrincipalTag/team", family: Family::Text },
    Key { name: "s3:prefix", family: Family::Text },
    Key { name: "s3:max-keys", family: Family::Number },
    Key { name: "aws:CurrentTime", family: Family::Date },
    Key { name: "aws:SecureTransport", family: Family::Bool },
    Key { name: "aws:SourceIp", family: Family::Address },
    Key { name: "aws:SourceArn", family: Family::Arn },
    Key { name: "aws:PrincipalArn", family: Family::Arn },
    Key { name: "example:Digest", family: Family::Binary },
];

const TEXTS: [&str; 9] = ["alice", "Alice", "a", "red", "a*b", "?", "", "ä", "a:b"];
const NUMBERS: [&str; 6] = ["7", "7.0", "-3", "10.5", "0", "100"];
const DATES: [&str; 8] = [
    "2020-04-01T00:00:00Z",
    "2020-04-01T02:00:00+02:00",
    "1585699200",
    "2020-02-29",
    "2020",
    "2020-04",
    "2021-12-31T23:59Z",
    "2020-04-01T00:00:00.5Z",
];
const ADDRESSES: [&str; 6] =
    ["203.0.113.7", "203.0.113.8", "10.1.2.3", "2001:db8::7", "::ffff:10.1.2.3", "::1"];
const RANGES: [&str; 7] =
    ["203.0.113.0/24", "203.0.113.7", "10.0.0.0/8", "2001:DB8::/32", "0.0.0.0/0", "::/0", "203.0.113.7/31"];
const ARNS: [&str; 5] = [
    "arn:aws:sns:eu-west-1:111122223333:orders",
    "arn:aws:sns:eu-west-1:444455556666:orders:sub",
    "arn:aws:iam::111122223333:role/app",
    "arn:aws:s3:::alice",
    "no ARN",
];
const BYTES: [&[u8]; 4] = [b"", b"\0\x01", b"alice", b"\xff"];

const TEXT_OPERATORS: [&str; 6] = [
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
];
const NUMBER_OPERATORS: [&str; 6] = [
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
];
const DATE_OPERATORS: [&str; 6] = [
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
];
const ARN_OPERATORS: [&str; 4] = ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"];

/// The values of one request. A key may have none, one or several.
pub(super) fn context(choices: &mut Choices<'_>) -> Context {
    let mut context = Context::new();
    for key in KEYS {
        let count = [1, 0, 1, 2][choices.below(4)];
        for _ in 0..count {
            // Now and then a value of another kind than the key's operators expect.
            let family = if choices.once_in(8) { KEYS[choices.below(KEYS.len())].family } else { key.family };
            let name = if choices.once_in(4) { key.name.to_ascii_uppercase() } else { key.name.to_owned() };
            context.insert(name, value(family, choices));
        }
    }
    context
}

fn value(family: Family, choices: &mut Choices<'_>) -> Value {
    let as_text = choices.once_in(4);
    let text = |text: &str| Value::from(text.to_owned());
    match family {
        Family::Text => text(choices.pick(&TEXTS)),
        Family::Arn => text(choices.pick(&ARNS)),
        Family::Number if as_text => text(choices.pick(&NUMBERS)),
        Family::Number => Value::Integer([7, -3, 0, 100][choices.below(4)]),
        Family::Date if as_text => text(choices.pick(&DATES)),
        Family::Date => {
            let seconds = [1_585_699_200, 1_577_836_800, 0, 1_640_995_140, -1][choices.below(5)];
            Value::Time(Timestamp::from_millis(seconds * 1000 + [0, 500][choices.below(2)]))
        }
        Family::Bool if as_text => text(choices.pick(&["true", "False", "yes"])),
        Family::Bool => Value::Bool(choices.once_in(2)),
        Family::Address if as_text => text(choices.pick(&ADDRESSES)),
        Family::Address => Value::Address(choices.pick(&ADDRESSES).parse::<IpAddr>().expect("an address")),
        Family::Binary => Value::Binary(choices.pick(&BYTES).to_vec()),
    }
}

/// An operator with a key and its operands, as a member of `Condition`. Where a policy is too old for `variables`, they
/// are plain text, which some operators do not take.
pub(super) fn condition(variables: bool, choices: &mut Choices<'_>) -> (String, String, Json) {
    let key = KEYS[choices.below(KEYS.len())];
    let name = if choices.once_in(4) { key.name.to_ascii_lowercase() } else { key.name.to_owned() };
    if choices.once_in(8) {
        let operands = choices.several(1, 2, |choices| Json::from(choices.pick(&["true", "false"])));
        return ("Null".to_owned(), name, one_or_several(operands, choices));
    }
    // Any operator may be asked of any key; most often it is one that fits.
    let family = if choices.once_in(8) { KEYS[choices.below(KEYS.len())].family } else { key.family };
    let family = if choices.once_in(4) { Family::Text } else { family };
    let operator = match family {
        Family::Text => choices.pick(&TEXT_OPERATORS),
        Family::Number => choices.pick(&NUMBER_OPERATORS),
        Family::Date => choices.pick(&DATE_OPERATORS),
        Family::Bool => "Bool",
        Family::Address => choices.pick(&["IpAddress", "NotIpAddress"]),
        Family::Arn => choices.pick(&ARN_OPERATORS),
        Family::Binary => "BinaryEquals",
    };
    let quantifier = choices.pick(&["", "", "ForAllValues:", "ForAnyValue:"]);
    let suffix = choices.pick(&["", "", "IfExists"]);
    let operator = format!("{quantifier}{operator}{suffix}");
    let operator = if choices.once_in(8) { operator.to_lowercase() } else { operator };
    let operands = choices.several(1, 3, |choices| operand(family, variables, choices));
    (operator, name, one_or_several(operands, choices))
}

fn operand(family: Family, variables: bool, choices: &mut Choices<'_>) -> Json {
    match family {
        Family::Text => Json::from(text_operand(choices)),
        Family::Number if choices.once_in(3) => json!(7),
        Family::Number => Json::from(choices.pick(&NUMBERS)),
        Family::Date if choices.once_in(4) => json!(1_585_699_200),
        Family::Date => Json::from(choices.pick(&DATES)),
        Family::Bool if choices.once_in(3) => json!(choices.once_in(2)),
        Family::Bool if variables && choices.once_in(3) => json!("${aws:SecureTransport, 'true'}"),
        Family::Bool => Json::from(choices.pick(&["true", "false"])),
        Family::Address => Json::from(choices.pick(&RANGES)),
        Family::Arn => Json::from(choices.pick(&[
            "arn:aws:sns:*:111122223333:orders",
            "arn:aws:sns:*:*:*",
            "arn:aws:iam::111122223333:role/*",
            "arn:*:*:*:*:a?ice",
            "arn:aws:s3:::${aws:username}",
            "arn:aws:s3:::${aws:username, 'alice'}",
            "*",
            "arn:aws:sns:eu-west-?:444455556666:*:sub",
        ])),
        Family::Binary => Json::from(choices.pick(&["", "AAE=", "YWxpY2U=", "/w=="])),
    }
}

/// A text with or without wildcards and variables.
fn text_operand(choices: &mut Choices<'_>) -> &'static str {
    choices.pick(&[
        "alice",
        "a*",
        "*",
        "?",
        "ALICE",
        "${aws:username}",
        "${aws:PrincipalTag/team}",
        "${AWS:UserName, 'alice'}",
        "${aws:TagKeys}",
        "a${*}b",
        "${?}",
        "*e",
        "",
        "*a*b*",
        "${aws:PrincipalTag/team, ''}*",
        "7",
    ])
}

/// A lone operand stands without brackets, sometimes.
pub(super) fn one_or_several(mut items: Vec<Json>, choices: &mut Choices<'_>) -> Json {
    if items.len() == 1 && !choices.once_in(3) { items.remove(0) } else { Json::Array(items) }
}
