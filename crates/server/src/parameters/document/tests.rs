use serde_json::json;

use super::*;

fn secret(text: &str) -> Value {
    Value(SecretString::new(text.to_owned()))
}

fn full() -> Entry {
    Entry {
        kind: Some(Kind::SecureString),
        value: Some(secret("it's \"so\"\n\ttwo\n")),
        description: Some("why: because # not".to_owned()),
        tier: Some(Tier::IntelligentTiering),
        key_id: Some("alias/aws/ssm".to_owned()),
        data_type: Some("text".to_owned()),
        allowed_pattern: Some("^[\\w\"'-]+$".to_owned()),
        policies: Some(vec![
            json!({"Type": "Expiration", "Version": "1.0", "Attributes": {"Timestamp": "2030-01-01T00:00:00Z"}}),
        ]),
        tags: Some(BTreeMap::from([("a".to_owned(), String::new()), ("yes".to_owned(), "no".to_owned())])),
    }
}

fn document(entries: Vec<(&str, Entry)>) -> Document {
    let entries = entries.into_iter().map(|(name, entry)| (name.to_owned(), entry));
    Document { path: Some("/app/prod".to_owned()), parameters: entries.collect() }
}

fn round(document: &Document, form: Form) -> Document {
    let text = document.write(form).unwrap();
    let text = std::str::from_utf8(text.bytes()).unwrap();
    Document::read(text, form).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

#[test]
fn what_is_written_reads_back_the_same() {
    let bare = Entry { kind: Some(Kind::StringList), ..Entry::default() };
    let document = document(vec![("db/all", full()), ("bare", bare), ("empty", Entry::default())]);
    for form in [Form::Json, Form::Yaml] {
        assert_eq!(round(&document, form), document);
    }
    let none = Document::default();
    for form in [Form::Json, Form::Yaml] {
        assert_eq!(round(&none, form), none);
    }
}

#[test]
fn every_value_reads_back_the_same() {
    for text in [
        "",
        " ",
        "plain",
        "true",
        "yes",
        "null",
        "~",
        "1",
        "1.10",
        "0x1f",
        "1e3",
        "0777",
        "12:30",
        "2026-01-01",
        "a: b",
        "- a",
        "# a",
        "a #b",
        "'",
        "\"",
        "\\",
        "\n",
        "\na",
        "a\n",
        "a\n\n",
        "a\r\nb",
        "\t",
        " a ",
        "%",
        "@a",
        "`a`",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "{}",
        "[]",
        "---",
        "...",
        "a\n---\nb",
        "ünï😀",
        "\u{85}\u{2028}",
        "\u{feff}a",
        "\u{7}",
        "$HOME",
        "=",
        "<<",
        ".inf",
    ] {
        let entry = Entry { value: Some(secret(text)), ..Entry::default() };
        let document = document(vec![("a", entry)]);
        for form in [Form::Json, Form::Yaml] {
            assert_eq!(round(&document, form), document, "{text:?}");
        }
    }
    let long = "word ".repeat(2000);
    let document = document(vec![("a", Entry { value: Some(secret(&long)), ..Entry::default() })]);
    assert_eq!(round(&document, Form::Yaml), document);
}

#[test]
fn values_that_people_write_in_yaml_without_quotes_are_taken_as_they_stand() {
    let text = "Path: /a\nParameters:\n  port: {Type: String, Value: 5432}\n  version: {Type: String, Value: 1.10}\n  on: {Type: String, Value: true}\n";
    let read = Document::read(text, Form::Yaml).unwrap();
    let value = |name: &str| read.parameters[name].value.as_ref().unwrap().0.expose().to_owned();
    assert_eq!([value("port"), value("version"), value("on")], ["5432", "1.10", "true"]);
}

#[test]
fn what_is_no_document_is_refused_without_telling_a_value() {
    for (text, form, told) in [
        (r#"{"Parameters": {"a": {"Type": "Text"}}}"#, Form::Json, "unknown variant"),
        (r#"{"Parameters": {"a": {"value": "hunter2"}}}"#, Form::Json, "unknown field `value`"),
        (r#"{"Parameters": {"a": {}, "a": {}}}"#, Form::Json, "duplicate"),
        (r#"{"Parameters": {"a": "hunter2"}}"#, Form::Json, "line 1, column 30: this is not"),
        (r#"{"Parameters": "hunter2"}"#, Form::Json, "this is not"),
        (r#"{"Parameters": {"a": {"Value": "hunter2"}}"#, Form::Json, "this is not"),
        ("{}", Form::Json, "missing field `Parameters`"),
        ("Parameters:\n  a: {Type: Text}", Form::Yaml, "line 2"),
        ("Parameters:\n  a: {value: hunter2}", Form::Yaml, "unknown field `value`"),
        ("Parameters:\n  a: {}\n  a: {}", Form::Yaml, "line 3"),
        ("Parameters:\n  a: hunter2", Form::Yaml, "line 2"),
        ("Parameters: hunter2", Form::Yaml, "line 1"),
        ("Parameters:\n  a: {Value: \"hunter2", Form::Yaml, "line"),
        ("Parameters:\n  a: {Value: [hunter2]}", Form::Yaml, "line 2"),
    ] {
        let error = Document::read(text, form).unwrap_err().to_string();
        assert!(error.contains(told), "{text}: {error}");
        assert!(!error.contains("hunter2"), "{text}: {error}");
    }
}
