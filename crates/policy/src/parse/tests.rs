use super::*;
use crate::condition::{Comparison, Number, Quantifier, Test, TextComparison};
use crate::document::{Actions, PrincipalId, Principals};
use crate::variable::InvalidVariable;

fn parse_resource(text: &str) -> Result<PolicyDocument, ParseError> {
    PolicyDocument::parse(text, PolicyKind::Resource)
}

/// An identity policy of one statement that has these elements besides an effect.
fn identity(elements: &str) -> Result<PolicyDocument, ParseError> {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", {elements}}}]}}"#);
    PolicyDocument::parse(&text, PolicyKind::Identity)
}

#[track_caller]
fn refused(parsed: Result<PolicyDocument, ParseError>, place: &str, reason: ParseReason) {
    let error = parsed.expect_err("the document is valid");
    assert_eq!((error.place.as_str(), &error.reason), (place, &reason));
}

#[test]
fn the_default_key_policy_is_read() {
    let document = parse_resource(
        r#"{
            "Version": "2012-10-17",
            "Id": "key-default-1",
            "Statement": [{
                "Sid": "Enable IAM User Permissions",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
                "Action": "kms:*",
                "Resource": "*"
            }]
        }"#,
    )
    .unwrap();
    assert_eq!((document.kind(), document.version()), (PolicyKind::Resource, Version::V2012));
    assert_eq!(document.id(), Some("key-default-1"));
    let [statement] = document.statements() else { panic!("one statement") };
    assert_eq!(statement.sid.as_deref(), Some("Enable IAM User Permissions"));
    let account = PrincipalId::Account("111122223333".parse().unwrap());
    assert_eq!(statement.principals, Some(Principals { negated: false, ids: vec![account] }));
    assert_eq!(statement.actions, Actions { negated: false, patterns: vec!["kms:*".into()] });
    assert_eq!(statement.conditions, []);
}

#[test]
fn one_statement_needs_no_array_and_no_version() {
    let text = r#"{"Statement": {"Effect": "Deny", "NotAction": ["s3:*", "sts:Get?"], "NotResource": "arn:aws:s3:::${b"}}"#;
    let document = PolicyDocument::parse(text, PolicyKind::Identity).unwrap();
    assert_eq!(document.version(), Version::V2008);
    let statement = &document.statements()[0];
    assert!(statement.actions.negated && statement.resources.as_ref().unwrap().negated);
    assert_eq!(statement.effect, Effect::Deny);
}

#[test]
fn principals_of_every_type_are_read() {
    let text = r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": {
        "AWS": ["111122223333", "arn:aws-cn:iam::111122223333:user/a/b", "arn:aws:sts::111122223333:assumed-role/r/s",
                "arn:aws:sts::111122223333:federated-user/f", "arn:aws:iam::111122223333:role/r", "*"],
        "Service": "s3.amazonaws.com",
        "Federated": ["accounts.google.com", "arn:aws:iam::111122223333:saml-provider/p"],
        "CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
    }}}"#;
    let document = parse_resource(text).unwrap();
    let ids = &document.statements()[0].principals.as_ref().unwrap().ids;
    assert_eq!(ids.len(), 10);
    assert!(ids.contains(&PrincipalId::Everyone));
    assert!(ids.contains(&PrincipalId::Service("s3.amazonaws.com".into())));
    assert!(ids.contains(&PrincipalId::Identity("arn:aws-cn:iam::111122223333:user/a/b".into())));
}

#[test]
fn what_is_no_principal_is_refused() {
    for (entry, text) in [
        (r#"{"AWS": "arn:aws:iam::111122223333:user/*"}"#, "arn:aws:iam::111122223333:user/*"),
        (r#"{"AWS": "arn:aws:iam::111122223333:group/g"}"#, "arn:aws:iam::111122223333:group/g"),
        (r#"{"AWS": "arn:aws:iam::*:root"}"#, "arn:aws:iam::*:root"),
        (r#"{"AWS": "arn:aws:iam::111122223333:user/"}"#, "arn:aws:iam::111122223333:user/"),
        (
            r#"{"AWS": "arn:aws:sts::111122223333:assumed-role/r"}"#,
            "arn:aws:sts::111122223333:assumed-role/r",
        ),
        (r#"{"AWS": "arn:aws:s3:::bucket"}"#, "arn:aws:s3:::bucket"),
        (r#"{"AWS": "alice"}"#, "alice"),
        (r#"{"AWS": ""}"#, ""),
        (r#"{"Service": "*"}"#, "*"),
        (r#"{"Service": "s3"}"#, "s3"),
        (r#"{"Federated": ""}"#, ""),
    ] {
        let text_of = format!(
            r#"{{"Statement": [{{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": {entry}}}]}}"#
        );
        let error = parse_resource(&text_of).unwrap_err();
        assert_eq!(error.reason, ParseReason::Principal(text.into()), "{entry}");
        assert!(error.place.starts_with("Statement[0].Principal."), "{}", error.place);
    }
    let text =
        r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "111122223333"}}"#;
    refused(parse_resource(text), "Statement.Principal", ParseReason::Principal("111122223333".into()));
    let text =
        r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": {"Aws": "*"}}}"#;
    refused(parse_resource(text), "Statement.Principal.Aws", ParseReason::Unknown);
}

#[test]
fn the_kind_of_policy_settles_who_may_be_named() {
    refused(
        identity(r#""Action": "*", "Resource": "*", "Principal": "*""#),
        "Statement[0].Principal",
        ParseReason::Prohibited(PolicyKind::Identity, "Principal"),
    );
    refused(
        identity(r#""Action": "*", "Resource": "*", "NotPrincipal": "*""#),
        "Statement[0].NotPrincipal",
        ParseReason::Prohibited(PolicyKind::Identity, "NotPrincipal"),
    );
    let text = r#"{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;
    refused(parse_resource(text), "Statement[0]", ParseReason::Missing("Principal"));
    let text = r#"{"Statement": {"Effect": "Allow", "NotPrincipal": "*", "Action": "*", "Resource": "*"}}"#;
    refused(parse_resource(text), "Statement.NotPrincipal", ParseReason::NotPrincipalWithAllow);
}

#[test]
fn what_is_missing_unknown_repeated_or_contradictory_is_refused() {
    let parse = |text: &str| PolicyDocument::parse(text, PolicyKind::Identity);
    refused(parse("{}"), "document", ParseReason::Missing("Statement"));
    refused(parse(r#"{"Statement": []}"#), "Statement", ParseReason::Missing("Statement"));
    refused(parse("[]"), "document", ParseReason::Expected("an object"));
    refused(parse(r#"{"Statement": [1]}"#), "Statement[0]", ParseReason::Expected("an object"));
    refused(parse(r#"{"statement": []}"#), "statement", ParseReason::Unknown);
    refused(parse(r#"{"Statement": {}, "Statement": {}}"#), "Statement", ParseReason::Repeated);
    refused(parse(r#"{"Version": "2012-10-18"}"#), "Version", ParseReason::Version("2012-10-18".into()));
    refused(parse(r#"{"Version": 2012}"#), "Version", ParseReason::Expected("a string"));
    refused(parse(r#"{"Statement": {"Action": "*"}}"#), "Statement", ParseReason::Missing("Effect"));
    refused(
        parse(r#"{"Statement": {"Effect": "allowed"}}"#),
        "Statement.Effect",
        ParseReason::Effect("allowed".into()),
    );
    refused(identity(r#""Resource": "*""#), "Statement[0]", ParseReason::Missing("Action"));
    refused(identity(r#""Action": "*""#), "Statement[0]", ParseReason::Missing("Resource"));
    refused(
        identity(r#""Action": "*", "NotAction": "*", "Resource": "*""#),
        "Statement[0]",
        ParseReason::Both("Action", "NotAction"),
    );
    refused(identity(r#""Action": "*", "Action": "*""#), "Statement[0].Action", ParseReason::Repeated);
    refused(identity(r#""Actions": "*""#), "Statement[0].Actions", ParseReason::Unknown);
    refused(
        identity(r#""Action": 1, "Resource": "*""#),
        "Statement[0].Action",
        ParseReason::Expected("a string or an array of strings"),
    );
    refused(
        identity(r#""Action": ["*", null], "Resource": "*""#),
        "Statement[0].Action[1]",
        ParseReason::Expected("a string"),
    );
}

#[test]
fn a_repeated_member_is_refused_wherever_it_stands() {
    let condition = |text: &str| identity(&format!(r#""Action": "*", "Resource": "*", "Condition": {text}"#));
    refused(
        condition(r#"{"StringEquals": {"aws:x": "1"}, "StringEquals": {"aws:y": "1"}}"#),
        "Statement[0].Condition.StringEquals",
        ParseReason::Repeated,
    );
    refused(
        condition(r#"{"StringEquals": {"aws:x": "1", "aws:x": "2"}}"#),
        "Statement[0].Condition.StringEquals.aws:x",
        ParseReason::Repeated,
    );
}

#[test]
fn statement_ids_are_checked_in_identity_policies() {
    let statement =
        |sid: &str| format!(r#"{{"Sid": "{sid}", "Effect": "Allow", "Action": "*", "Resource": "*"}}"#);
    let parse = |first: &str, second: &str| {
        let text = format!(r#"{{"Statement": [{}, {}]}}"#, statement(first), statement(second));
        PolicyDocument::parse(&text, PolicyKind::Identity)
    };
    assert!(parse("A1", "A2").is_ok());
    assert!(parse("", "").is_ok());
    refused(parse("A", "A"), "Statement[1].Sid", ParseReason::RepeatedSid("A".into()));
    refused(parse("A", "a b"), "Statement[1].Sid", ParseReason::Sid("a b".into()));
}

#[test]
fn actions_have_a_service_and_a_name() {
    for good in [
        "*",
        "kms:*",
        "kms:Encrypt",
        "s3:Get?bject*",
        "aws-portal:ViewBilling",
        "*:*",
        "kms.x:Y",
        "kms:Enc rypt",
    ] {
        assert!(identity(&format!(r#""Action": "{good}", "Resource": "*""#)).is_ok(), "{good}");
    }
    for bad in ["", "kms", "kms:", ":Encrypt", "k*:Encrypt", "kms:Encrypt:x", "**"] {
        refused(
            identity(&format!(r#""Action": ["*", "{bad}"], "Resource": "*""#)),
            "Statement[0].Action[1]",
            ParseReason::Action(bad.into()),
        );
    }
}

#[test]
fn resources_are_arns() {
    for bad in ["", "bucket", "arn:aws:s3:${aws:username}::x"] {
        refused(
            identity(&format!(r#""Action": "*", "Resource": "{bad}""#)),
            "Statement[0].Resource",
            ParseReason::Resource(bad.into(), ResourceFault::NotArn),
        );
    }
    refused(
        identity(r#""Action": "*", "Resource": "arn:aws:s3:::${aws""#),
        "Statement[0].Resource",
        ParseReason::Variable(InvalidVariable::NotClosed),
    );
}

#[test]
fn conditions_hold_operands_of_their_own_type() {
    let document = identity(
        r#""Action": "*", "Resource": "*", "Condition": {
            "ForAnyValue:StringNotLikeIfExists": {"aws:TagKeys": ["a*", "b"]},
            "NumericLessThan": {"s3:max-keys": [10, "20.5"]},
            "Bool": {"aws:SecureTransport": true}
        }"#,
    )
    .unwrap();
    let [boolean, text, number] = document.statements()[0].conditions.as_slice() else {
        panic!("three conditions")
    };
    assert!(matches!(&boolean.test, Test::Bool(operands) if operands.len() == 1));
    assert_eq!((text.quantifier, text.negated, text.if_exists), (Quantifier::ForAnyValue, true, true));
    assert!(matches!(&text.test, Test::Text(TextComparison::Like, operands) if operands.len() == 2));
    let operands = vec![Number::from(10), Number::parse("20.5").unwrap()];
    assert_eq!(number.test, Test::Numeric(Comparison::LessThan, operands));
}

#[test]
fn conditions_that_make_no_sense_are_refused() {
    for (condition, place, reason) in [
        (r#"[]"#, "", ParseReason::Expected("an object")),
        (r#"{"StringEqual": {"aws:x": "1"}}"#, ".StringEqual", ParseReason::Operator("StringEqual".into())),
        (r#"{"Bool": "x"}"#, ".Bool", ParseReason::Expected("an object")),
        (r#"{"Bool": {"aws:x": "yes"}}"#, ".Bool.aws:x", ParseReason::Operand("yes".into(), "true or false")),
        (
            r#"{"Null": {"aws:x": "${aws:y}"}}"#,
            ".Null.aws:x",
            ParseReason::Operand("${aws:y}".into(), "true or false"),
        ),
        (
            r#"{"NumericEquals": {"aws:x": ["1", "one"]}}"#,
            ".NumericEquals.aws:x",
            ParseReason::Operand("one".into(), "a number"),
        ),
        (
            r#"{"DateEquals": {"aws:x": "soon"}}"#,
            ".DateEquals.aws:x",
            ParseReason::Operand("soon".into(), "a date"),
        ),
        (
            r#"{"BinaryEquals": {"aws:x": "?"}}"#,
            ".BinaryEquals.aws:x",
            ParseReason::Operand("?".into(), "base64"),
        ),
        (
            r#"{"IpAddress": {"aws:x": "10.0.0.0/99"}}"#,
            ".IpAddress.aws:x",
            ParseReason::Operand("10.0.0.0/99".into(), "an IP address or a range of them"),
        ),
        (
            r#"{"ArnLike": {"aws:x": "arn:aws:s3"}}"#,
            ".ArnLike.aws:x",
            ParseReason::Operand("arn:aws:s3".into(), "an ARN"),
        ),
        (
            r#"{"StringLike": {"aws:x": "${y}"}}"#,
            ".StringLike.aws:x",
            ParseReason::Variable(InvalidVariable::NoKey),
        ),
        (
            r#"{"StringLike": {"aws:x": null}}"#,
            ".StringLike.aws:x",
            ParseReason::Expected("a string, number or boolean"),
        ),
        (
            r#"{"StringLike": {"aws:x": ["a", {}]}}"#,
            ".StringLike.aws:x[1]",
            ParseReason::Expected("a string, number or boolean"),
        ),
    ] {
        let parsed = identity(&format!(r#""Action": "*", "Resource": "*", "Condition": {condition}"#));
        refused(parsed, &format!("Statement[0].Condition{place}"), reason);
    }
}

#[test]
fn size_and_depth_are_bounded() {
    let parse = |text: &str| PolicyDocument::parse(text, PolicyKind::Identity);
    refused(parse(&" ".repeat(POLICY_BYTES_MAX + 1)), "document", ParseReason::TooLong);
    let deep = format!(r#"{{"Statement": {}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    assert!(matches!(parse(&deep).unwrap_err().reason, ParseReason::NotJson(_)));
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    for bad in ["", "{", "{} x", r#"{"a": tru}"#, "\u{feff}{}", r#"{"Version": "\ud800"}"#] {
        let error = PolicyDocument::parse(bad, PolicyKind::Identity).unwrap_err();
        assert!(error.to_string().starts_with("document: not valid JSON: "), "{error}");
    }
}

#[test]
fn an_error_does_not_repeat_a_whole_document() {
    let error = identity(&format!(r#""Action": "{}", "Resource": "*""#, "x".repeat(100_000))).unwrap_err();
    assert!(error.to_string().len() < 400);
}

/// Reads a policy of this kind, of one statement that has these elements.
fn of_kind(kind: PolicyKind, elements: &str) -> Result<PolicyDocument, ParseError> {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": {{{elements}}}}}"#);
    PolicyDocument::parse(&text, kind)
}

/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html>
#[test]
fn service_control_policies_have_the_whole_language_but_principals() {
    let kind = PolicyKind::ServiceControl;
    let parse = |elements| of_kind(kind, elements);
    let conditional = r#""Sid": "A1", "Effect": "Allow", "NotAction": ["iam:*", "s3:*Object"],
        "NotResource": "arn:aws:s3:::b", "Condition": {"Bool": {"aws:SecureTransport": "true"}}"#;
    assert!(parse(conditional).is_ok());
    let everyone = r#""Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*""#;
    refused(parse(everyone), "Statement.Principal", ParseReason::Prohibited(kind, "Principal"));
    let sid = r#""Sid": "a b", "Effect": "Deny", "Action": "s3:*", "Resource": "*""#;
    refused(parse(sid), "Statement.Sid", ParseReason::Sid("a b".into()));
    let statement = r#"{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}"#;
    for version in ["", r#""Version": "2008-10-17", "#] {
        let text = format!(r#"{{{version}"Statement": {statement}}}"#);
        refused(PolicyDocument::parse(&text, kind), "Version", ParseReason::OldVersion);
    }
    let text = format!(r#"{{"Version": "2012-10-17", "Id": "x", "Statement": {statement}}}"#);
    refused(PolicyDocument::parse(&text, kind), "Id", ParseReason::Prohibited(kind, "Id"));
}

/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>
#[test]
fn resource_control_policies_deny_everyone_the_actions_of_named_services() {
    let kind = PolicyKind::ResourceControl;
    let parse = |elements| of_kind(kind, elements);
    for principal in [r#""*""#, r#"{"AWS": "*"}"#] {
        let elements = format!(
            r#""Effect": "Deny", "Principal": {principal}, "Action": ["s3:*", "sts:AssumeRole"], "NotResource": "*""#
        );
        assert!(of_kind(kind, &elements).is_ok());
    }
    for (elements, place, reason) in [
        (
            r#""Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*""#,
            "Statement.Effect",
            ParseReason::AllowInResourceControl,
        ),
        (
            r#""Effect": "Deny", "Principal": {"AWS": "111122223333"}, "Action": "s3:*", "Resource": "*""#,
            "Statement.Principal",
            ParseReason::NotEveryone,
        ),
        (
            r#""Effect": "Deny", "NotPrincipal": "*", "Action": "s3:*", "Resource": "*""#,
            "Statement.NotPrincipal",
            ParseReason::Prohibited(kind, "NotPrincipal"),
        ),
        (
            r#""Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*""#,
            "Statement.Action",
            ParseReason::EveryAction(kind),
        ),
        (
            r#""Effect": "Deny", "Principal": "*", "NotAction": "s3:*", "Resource": "*""#,
            "Statement.NotAction",
            ParseReason::Prohibited(kind, "NotAction"),
        ),
        (
            r#""Effect": "Deny", "Action": "s3:*", "Resource": "*""#,
            "Statement",
            ParseReason::Missing("Principal"),
        ),
    ] {
        refused(parse(elements), place, reason);
    }
    let full_access = r#""Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*""#;
    assert!(of_kind(PolicyKind::Resource, full_access).is_ok());
}
