//! Tests of advanced selectors.

use super::*;

fn selector(fields: &[(&str, &str, &[&str])]) -> types::AdvancedEventSelector {
    let fields: Vec<types::AdvancedFieldSelector> = fields
        .iter()
        .map(|(field, operator, values)| {
            let values = || Some(values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>().into());
            let mut given = types::AdvancedFieldSelector {
                field: (*field).to_owned(),
                ..types::AdvancedFieldSelector::default()
            };
            match *operator {
                "=" => given.equals = values(),
                "^" => given.starts_with = values(),
                "$" => given.ends_with = values(),
                "!=" => given.not_equals = values(),
                "!^" => given.not_starts_with = values(),
                "!$" => given.not_ends_with = values(),
                "" => {}
                other => panic!("{other}"),
            }
            given
        })
        .collect();
    types::AdvancedEventSelector { name: None, field_selectors: fields.into() }
}

const MANAGEMENT: (&str, &str, &[&str]) = ("eventCategory", "=", &["Management"]);
const DATA: (&str, &str, &[&str]) = ("eventCategory", "=", &["Data"]);
const QUEUE: (&str, &str, &[&str]) = ("resources.type", "=", &["AWS::SQS::Queue"]);

#[test]
fn selectors_that_aws_documents_are_taken_by_whom_it_says() {
    for (fields, of_trails, of_stores) in [
        (vec![MANAGEMENT], true, true),
        (vec![MANAGEMENT, ("readOnly", "=", &["true"])], true, true),
        (vec![MANAGEMENT, ("eventSource", "!=", &["kms.amazonaws.com"])], true, true),
        (vec![MANAGEMENT, ("eventSource", "!=", &["iam.amazonaws.com"])], false, true),
        (vec![MANAGEMENT, ("eventSource", "=", &["kms.amazonaws.com"])], false, true),
        (vec![MANAGEMENT, ("eventName", "=", &["Encrypt"])], false, true),
        (vec![MANAGEMENT, ("resources.type", "=", &["AWS::SQS::Queue"])], false, false),
        (vec![DATA, QUEUE], true, true),
        (
            vec![DATA, QUEUE, ("resources.ARN", "^", &["arn:aws:sqs"]), ("eventName", "!$", &["Batch"])],
            true,
            true,
        ),
        (vec![DATA], false, false),
        (vec![DATA, ("resources.type", "^", &["AWS::SQS::"])], false, false),
        (vec![DATA, ("resources.type", "=", &["queue"])], false, false),
        (vec![DATA, QUEUE, ("readOnly", "!=", &["true"])], false, false),
        (vec![DATA, QUEUE, ("readOnly", "=", &["yes"])], false, false),
        (vec![DATA, QUEUE, ("color", "=", &["red"])], false, false),
        (vec![DATA, QUEUE, ("eventName", "", &[])], false, false),
        (vec![DATA, QUEUE, ("eventName", "=", &["a", "a"])], false, false),
        (vec![DATA, QUEUE, QUEUE], false, false),
        (vec![("eventCategory", "=", &["Insight"])], false, true),
        (vec![("eventCategory", "=", &["Management", "Data"])], false, false),
        (
            vec![("eventCategory", "=", &["NetworkActivity"]), ("eventSource", "=", &["kms.amazonaws.com"])],
            true,
            true,
        ),
        (vec![("eventCategory", "=", &["NetworkActivity"])], false, false),
        (vec![("eventName", "=", &["Encrypt"])], false, false),
    ] {
        let given = [selector(&fields)];
        assert_eq!(read(&given, Holder::Trail).is_ok(), of_trails, "{fields:?}");
        assert_eq!(read(&given, Holder::EventDataStore).is_ok(), of_stores, "{fields:?}");
    }
}

#[test]
fn selectors_are_counted_and_so_are_their_values() {
    let one = || selector(&[MANAGEMENT]);
    assert!(read(&[], Holder::Trail).is_err());
    assert!(read(&std::array::from_fn::<_, 5, _>(|_| one()), Holder::Trail).is_ok());
    assert!(read(&std::array::from_fn::<_, 6, _>(|_| one()), Holder::Trail).is_err());
    let names: Vec<String> = (0..498).map(|n| format!("Name{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert!(read(&[selector(&[DATA, QUEUE, ("eventName", "=", &names)])], Holder::Trail).is_ok());
    let more: Vec<&str> = names.iter().copied().chain(["Last"]).collect();
    assert!(read(&[selector(&[DATA, QUEUE, ("eventName", "=", &more)])], Holder::Trail).is_err());
}

#[test]
fn a_condition_holds_for_what_it_wants_and_not_for_what_it_refuses() {
    let field = |operator: &str, values: &[&str]| {
        FieldSelector::read(&selector(&[("eventName", operator, values)]).field_selectors[0])
    };
    assert!(field("=", &["Encrypt", "Decrypt"]).holds(&["Decrypt"]));
    assert!(!field("=", &["Encrypt"]).holds(&["encrypt"]));
    assert!(field("^", &["Put"]).holds(&["PutObject"]) && !field("^", &["Put"]).holds(&["GetObject"]));
    assert!(field("$", &["Object"]).holds(&["PutObject"]) && !field("$", &["Object"]).holds(&["Objects"]));
    assert!(!field("!=", &["Encrypt"]).holds(&["Encrypt"]) && field("!=", &["Encrypt"]).holds(&["Decrypt"]));
    assert!(!field("!^", &["Put"]).holds(&["PutObject"]) && !field("!$", &["Object"]).holds(&["PutObject"]));
    assert!(field("!=", &["x"]).holds(&[]) && !field("=", &["x"]).holds(&[]));
    let both = FieldSelector { not_equals: vec!["PutA".into()], ..field("^", &["Put"]) };
    assert!(both.holds(&["PutB"]) && !both.holds(&["PutA"]));
}
