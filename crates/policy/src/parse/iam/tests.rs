use serde_json::{Value, json};

use super::*;
use crate::document::PolicyDocument;

fn message(document: &Value, kind: PolicyKind) -> Option<String> {
    PolicyDocument::parse_for_iam(&document.to_string(), kind).err().map(|error| error.iam_message(kind))
}

/// An identity policy of one statement.
fn of(statement: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statement})
}

/// The sentence is IAM's; what follows it is the place, and for vague sentences the reason.
#[track_caller]
fn check(document: &Value, kind: PolicyKind, sentence: &str) {
    let told = message(document, kind).unwrap_or_else(|| panic!("{document} is valid"));
    let rest = told.strip_prefix(sentence);
    assert!(
        rest.is_some_and(|rest| rest.starts_with(" (") && rest.ends_with(')')),
        "{document}: {told:?}, not {sentence:?}"
    );
}

#[track_caller]
fn identity(statement: &Value, sentence: &str) {
    check(&of(statement), PolicyKind::Identity, sentence);
}

const BUCKET: &str = "arn:aws:s3:::bucket";

#[test]
fn syntax_errors_are_told_with_place_and_reason() {
    let error = PolicyDocument::parse_for_iam("This is not JSON", PolicyKind::Identity).unwrap_err();
    assert!(
        error
            .iam_message(PolicyKind::Identity)
            .starts_with("Syntax errors in policy. (document: not valid JSON:")
    );
    let statement = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Extra": 1});
    assert_eq!(
        message(&of(&json!([statement])), PolicyKind::Identity).unwrap(),
        "Syntax errors in policy. (Statement[0].Extra: unknown element)"
    );
    for document in [
        json!({"Version": "2013-10-17", "Statement": {}}),
        json!({"Version": "2012-10-17"}),
        json!({"Version": "2012-10-17", "Statement": []}),
        json!({"Version": "2012-10-17", "Statement": ["x"]}),
        json!({"Version": "2012-10-17", "Id": ["x"], "Statement": {}}),
    ] {
        check(&document, PolicyKind::Identity, SYNTAX);
    }
    for (element, value) in [
        ("Effect", json!("invalid")),
        ("Resource", json!({"a": BUCKET})),
        ("Resource", json!(["adf", {}])),
        ("NotResource", json!([])),
        ("Action", json!([[]])),
        ("NotAction", json!([])),
        ("Sid", json!({})),
        ("Condition", json!([])),
        ("Condition", json!("a")),
        ("Condition", json!({"a": "b"})),
        ("Condition", json!({"DateGreaterThan": []})),
        ("Condition", json!({"DateGreaterThan": {"a": {}}})),
        ("Condition", json!({"x": {"a": "1"}})),
        ("Condition", json!({"ForAnyValue::StringEquals": {"a": "1"}})),
    ] {
        let mut statement = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": BUCKET});
        statement[element] = value;
        identity(&statement, SYNTAX);
    }
    identity(&json!({"Action": "s3:GetObject", "Resource": BUCKET}), SYNTAX);
}

#[test]
fn identity_policies_must_be_of_the_current_version() {
    let statement = json!({"Effect": "denY", "Action": "s3:GetObject", "Resource": BUCKET});
    for document in [
        json!({"Statement": statement}),
        json!({"Version": "2008-10-17", "Statement": statement}),
        json!({"Statement": {"Effect": "Deny"}}),
    ] {
        check(&document, PolicyKind::Identity, "Policy document must be version 2012-10-17 or greater.");
    }
    let valid = json!({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}});
    assert!(PolicyDocument::parse(&valid.to_string(), PolicyKind::Identity).is_ok());
}

#[test]
fn what_fails_legacy_parsing_is_told_before_what_is_missing() {
    for (element, value) in [
        ("Effect", json!("denY")),
        ("Effect", json!("allow")),
        ("Resource", json!("arn:aws:s3::bucket")),
        ("Resource", json!("arn:aws::::bucket")),
        ("Resource", json!("arn:aws::bucket")),
        ("Condition", json!({"DateGreaterThan": {"a": "soon"}})),
        ("Condition", json!({"DateLessThanEquals": {"a": "234-13"}})),
        ("Condition", json!({"DateLessThan": {"a": "9223372036854775808"}})),
    ] {
        let mut statement = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": BUCKET});
        statement[element] = value.clone();
        identity(&statement, LEGACY);
        let mut statement = json!({"Effect": "Allow", "Resource": BUCKET});
        statement[element] = value;
        identity(&statement, LEGACY);
    }
}

#[test]
fn missing_elements_are_told() {
    let actions = "Policy statement must contain actions.";
    identity(&json!({"Effect": "Allow", "Resource": BUCKET}), actions);
    identity(&json!({"Effect": "Allow", "Action": [], "Resource": BUCKET}), actions);
    identity(&json!([{"Effect": "Deny"}, {"Effect": "Allow", "Action": "*", "Resource": "*"}]), actions);
    let resources = "Policy statement must contain resources.";
    identity(&json!({"Effect": "Allow", "Action": "s3:GetObject"}), resources);
    identity(&json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": []}), resources);
    identity(&json!({"Effect": "Allow", "Action": "invalid"}), resources);
}

#[test]
fn statement_ids_are_told() {
    let statement = |sid: &str| json!({"Sid": sid, "Effect": "Allow", "Action": "s3:*", "Resource": "*"});
    let unique = "Statement IDs (SID) in a single policy must be unique.";
    identity(&json!([statement("a"), statement("a")]), unique);
    identity(&json!([statement("a"), {"Sid": "a", "Effect": "Allow"}]), unique);
    let characters = "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular \
                      expression [0-9A-Za-z]*";
    identity(&statement("a b"), characters);
    assert_eq!(message(&of(&json!([statement(""), statement("")])), PolicyKind::Identity), None);
}

#[test]
fn actions_are_told() {
    for (action, sentence) in [
        ("invalid", "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
        ("", "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
        ("a a:ListBucket", "Vendor a a is not valid"),
        ("k*:Encrypt", "Vendor k* is not valid"),
        ("s3:List:Bucket", "Actions/Condition can contain only one colon."),
    ] {
        identity(&json!({"Effect": "Allow", "Action": action, "Resource": BUCKET}), sentence);
        identity(&json!({"Effect": "Allow", "NotAction": ["s3:*", action], "Resource": BUCKET}), sentence);
    }
}

#[test]
fn resources_are_told() {
    let iam_types = "IAM resource path must either be \"*\", root, or start with user/, federated-user/, role/, group/, \
                     instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, \
                     report/, access-report/.";
    for (resource, sentence) in [
        ("invalid resource", "Resource invalid resource must be in ARN format or \"*\"."),
        ("", "Resource  must be in ARN format or \"*\"."),
        ("a:bsdf", "Partition \"bsdf\" is not valid for resource \"arn:bsdf:*:*:*:*\"."),
        ("a:b:cadf", "Partition \"b\" is not valid for resource \"arn:b:cadf:*:*:*\"."),
        ("a:b:c:d:e:f:g:h", "Partition \"b\" is not valid for resource \"arn:b:c:d:e:f:g:h\"."),
        ("aws:s3:::bucket", "Partition \"s3\" is not valid for resource \"arn:s3:::bucket:*\"."),
        ("arn:error:s3:::b", "Partition \"error\" is not valid for resource \"arn:error:s3:::b\"."),
        ("arn:aws", "Resource vendor must be fully qualified and cannot contain regexes."),
        ("arn:aws:*:*:*:*", "Resource vendor must be fully qualified and cannot contain regexes."),
        (
            "arn:aws:iam:us-east-1::x",
            "IAM resource arn:aws:iam:us-east-1::x cannot contain region information.",
        ),
        ("arn:aws:s3:us-east-1::b", "Resource arn:aws:s3:us-east-1::b can not contain region information."),
        ("arn:aws:iam:::bucket", iam_types),
    ] {
        identity(&json!({"Effect": "Allow", "Action": "s3:a:b", "Resource": ["*", resource]}), sentence);
    }
}

#[test]
fn what_iam_takes_is_taken() {
    for (element, value) in [
        ("Resource", json!("arn:aws:fdsasf")),
        ("Resource", json!("arn:*:ec2:*:*:network-interface/*")),
        ("Resource", json!("arn:aws-cn:iam::111122223333:user/a")),
        (
            "Resource",
            json!(["arn:aws:iam::*:root", "arn:aws:iam::*:*", "arn:aws:iam::*:user/${aws:username}"]),
        ),
        ("Resource", json!("arn:aws:s3:us-west-2:123456789012:accesspoint/a/object/*")),
        ("Action", json!(["s3.s:ListBucket", "s3-s:ListBucket", "iam: asdf safdsf af "])),
        ("Condition", json!({"x": {}, "y": {}})),
        ("Condition", json!({"DateGreaterThan": {"a": []}})),
        ("Condition", json!({"ForAnyValue:StringEqualsIfExists": {"a": "b"}})),
        ("Condition", json!({"DateLessThanEquals": {"a": "2016-12-13T21:20:37.593194+00:00"}})),
    ] {
        let mut statement = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": BUCKET});
        statement[element] = value;
        assert_eq!(message(&of(&statement), PolicyKind::Identity), None, "{statement}");
    }
    let with_id = json!({"Version": "2012-10-17", "Id": "x", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
    assert_eq!(message(&with_id, PolicyKind::Identity), None);
}

#[test]
fn an_identity_policy_with_principals_is_told() {
    let statement = json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"});
    identity(&statement, "Policy document should not specify a principal.");
}

#[test]
fn trust_policies_have_words_of_their_own() {
    let error = PolicyDocument::parse_for_iam("{", PolicyKind::Trust).unwrap_err();
    assert!(error.iam_message(PolicyKind::Trust).starts_with("This policy contains invalid Json ("));
    let valid = json!({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"});
    let others = json!({"Effect": "Deny", "Principal": {"Service": ["ec2.amazonaws.com"], "Federated": "accounts.google.com"},
                        "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:*"]});
    assert_eq!(message(&json!({"Statement": [valid, others]}), PolicyKind::Trust), None);
    check(
        &json!({"Version": "1", "Statement": valid}),
        PolicyKind::Trust,
        "The policy must contain a valid version string",
    );
    check(&json!({"Statement": []}), PolicyKind::Trust, "Could not parse the policy: Statement is empty!");
    for (element, value, sentence) in [
        ("Effect", Value::Null, "Missing required field Effect"),
        ("Principal", Value::Null, "Missing required field Principal"),
        ("Action", Value::Null, "Missing required field Action"),
        ("Effect", json!("allowed"), "Invalid effect: allowed"),
        ("Principal", json!({}), "Missing required field Principal cannot be empty!"),
        ("Principal", json!("*"), "AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\"."),
        ("Principal", json!({"AWS": "alice"}), "Invalid principal in policy: \"AWS\":\"alice\""),
        ("Principal", json!({"Service": ["s3"]}), "Invalid principal in policy: \"SERVICE\":\"s3\""),
        ("Principal", json!({"CanonicalUser": "x"}), SYNTAX),
        ("Action", json!("*"), "AssumeRole policy may only specify STS AssumeRole actions."),
        (
            "Action",
            json!(["sts:AssumeRole", "sts:GetCallerIdentity"]),
            "AssumeRole policy may only specify STS AssumeRole actions.",
        ),
        ("Action", json!("s3:GetObject"), "AssumeRole policy may only specify STS AssumeRole actions."),
        ("Resource", json!("*"), "Has prohibited field Resource"),
        ("NotResource", json!("*"), "AssumeRole policy must not contain resources."),
    ] {
        let mut statement = valid.clone();
        statement[element] = value.clone();
        if value.is_null() {
            statement.as_object_mut().unwrap().remove(element);
        }
        check(&json!({"Statement": [statement]}), PolicyKind::Trust, sentence);
    }
    for (effect, sentence) in [
        ("Allow", "Allow with NotPrincipal is not allowed."),
        ("Deny", "AssumeRole policy must not contain NotPrincipal field."),
    ] {
        let statement =
            json!({"Effect": effect, "NotPrincipal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"});
        check(&json!({"Statement": statement}), PolicyKind::Trust, sentence);
    }
    let twice = json!({"Sid": "a", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"});
    check(
        &json!({"Statement": [twice, twice]}),
        PolicyKind::Trust,
        "The Statement Ids in the policy are not unique",
    );
}
