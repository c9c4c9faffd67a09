use super::*;

macro_rules! schema {
    ($name:literal, $kind:expr) => {
        schema!($name, $kind, None, None)
    };
    ($name:literal, $kind:expr, $min:expr, $max:expr) => {
        Schema { name: $name, kind: $kind, sensitive: false, min: $min, max: $max, pattern: None }
    };
}

const fn member(name: &'static str, schema: &'static Schema, required: bool) -> Member {
    Member { name, wire_name: name, schema, required, timestamp_format: None }
}

const TEXT: Kind = Kind::String { values: &[] };

static KEY_ID: Schema = schema!("KeyIdType", TEXT, Some(1), Some(2048));
static PLAINTEXT: Schema =
    Schema { sensitive: true, ..schema!("PlaintextType", Kind::Blob, Some(1), Some(4096)) };
static CIPHERTEXT: Schema = schema!("CiphertextType", Kind::Blob, Some(1), Some(6144));
static ANY_TEXT: Schema = schema!("AnyText", TEXT);
static CONTEXT: Schema = schema!(
    "EncryptionContextType",
    Kind::Map {
        key: &member("key", &ANY_TEXT, true),
        value: &member("value", &ANY_TEXT, true),
        flattened: false
    }
);
static TOKEN: Schema = schema!("GrantTokenType", TEXT, Some(1), Some(8192));
static TOKENS: Schema = schema!(
    "GrantTokenList",
    Kind::List { member: &member("member", &TOKEN, false), flattened: false },
    Some(0),
    Some(10)
);
static ALGORITHM: Schema = schema!(
    "EncryptionAlgorithmSpec",
    Kind::String { values: &["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"] }
);
static NUMBER: Schema = schema!("NumberOfBytesType", Kind::Integer, Some(1), Some(1024));
static RATIO: Schema = schema!("Ratio", Kind::Double, Some(-1), Some(1));
static ALIAS: Schema =
    Schema { pattern: Some("^[a-zA-Z0-9:/_-]+$"), ..schema!("AliasNameType", TEXT, Some(1), Some(256)) };
static TAG_KEY: Schema = schema!("TagKeyType", TEXT, Some(1), Some(128));
static TAG_VALUE: Schema = schema!("TagValueType", TEXT, Some(0), Some(256));
static TAG: Schema = schema!(
    "Tag",
    Kind::Structure {
        members: &[member("TagKey", &TAG_KEY, true), member("TagValue", &TAG_VALUE, true)],
        union: false
    }
);
static TAGS: Schema =
    schema!("TagList", Kind::List { member: &member("member", &TAG, false), flattened: false });
static LABELS: Schema = schema!(
    "Labels",
    Kind::Map {
        key: &member("key", &TAG_KEY, true),
        value: &member("value", &ALIAS, true),
        flattened: false
    }
);
static BY_NAME: Schema = schema!(
    "ByName",
    Kind::Map { key: &member("key", &ANY_TEXT, true), value: &member("value", &TAG, true), flattened: false }
);

static REQUEST: Schema = schema!(
    "Request",
    Kind::Structure {
        members: &[
            member("KeyId", &KEY_ID, true),
            member("Plaintext", &PLAINTEXT, true),
            member("EncryptionContext", &CONTEXT, false),
            member("GrantTokens", &TOKENS, false),
            member("EncryptionAlgorithm", &ALGORITHM, false),
            member("NumberOfBytes", &NUMBER, false),
            member("AliasName", &ALIAS, false),
            member("Tags", &TAGS, false),
            member("Labels", &LABELS, false),
            member("CiphertextBlob", &CIPHERTEXT, false),
            member("ByName", &BY_NAME, false),
            member("Ratio", &RATIO, false),
        ],
        union: false
    }
);

fn text(text: &str) -> Value {
    Value::String(text.into())
}

/// A valid request with some members replaced.
fn request(changes: &[(&str, Option<Value>)]) -> Value {
    let mut slots = vec![None; REQUEST.members().len()];
    slots[0] = Some(text("alias/a"));
    slots[1] = Some(Value::SecretBlob(vec![1, 2, 3].into()));
    for (name, value) in changes {
        slots[REQUEST.slot(name).unwrap()] = value.clone();
    }
    Value::Structure(slots)
}

fn message(changes: &[(&str, Option<Value>)]) -> String {
    let failure = validate(&REQUEST, &request(changes)).unwrap_err();
    let error = ApiError::from(failure);
    assert_eq!(error.model().name, "ValidationException");
    error.message().unwrap().to_owned()
}

fn one(name: &str, value: Value) -> String {
    let message = message(&[(name, Some(value))]);
    message.strip_prefix("1 validation error detected: ").unwrap_or(&message).to_owned()
}

fn tag(key: Option<&str>, value: Option<&str>) -> Value {
    Value::Structure(vec![key.map(text), value.map(text)])
}

#[test]
fn a_valid_input_passes() {
    let context = Value::Map(vec![("a".into(), text("b"))]);
    let tokens = Value::List(vec![text("t")]);
    let tags = Value::List(vec![tag(Some("k"), Some(""))]);
    let changes = [
        ("EncryptionContext", Some(context)),
        ("GrantTokens", Some(tokens)),
        ("EncryptionAlgorithm", Some(text("SYMMETRIC_DEFAULT"))),
        ("NumberOfBytes", Some(Value::Integer(1024))),
        ("Ratio", Some(Value::Double(-1.0))),
        ("Tags", Some(tags)),
    ];
    assert_eq!(validate(&REQUEST, &request(&changes)), Ok(()));
}

#[test]
fn several_failures_stand_in_one_message() {
    assert_eq!(
        message(&[("KeyId", Some(text(""))), ("Plaintext", None)]),
        "2 validation errors detected: Value '' at 'keyId' failed to satisfy constraint: Member must have \
         length greater than or equal to 1; Value null at 'plaintext' failed to satisfy constraint: Member \
         must not be null"
    );
}

#[test]
fn a_text_that_breaks_two_constraints_is_told_both() {
    let long = "!".repeat(257);
    let told = one("AliasName", text(&long));
    assert_eq!(
        told,
        format!(
            "2 validation errors detected: Value '{long}' at 'aliasName' failed to satisfy constraint: Member \
             must have length less than or equal to 256; Value '{long}' at 'aliasName' failed to satisfy \
             constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$"
        )
    );
}

#[test]
fn sensitive_values_are_not_quoted() {
    assert_eq!(
        one("Plaintext", Value::SecretBlob(vec![0; 4097].into())),
        "Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096"
    );
}

#[test]
fn blobs_are_shown_as_aws_shows_them() {
    assert_eq!(
        one("CiphertextBlob", Value::Blob(vec![])),
        "Value 'java.nio.HeapByteBuffer[pos=0 lim=0 cap=0]' at 'ciphertextBlob' failed to satisfy constraint: \
         Member must have length greater than or equal to 1"
    );
}

#[test]
fn a_value_outside_its_set_is_told_the_set() {
    assert_eq!(
        one("EncryptionAlgorithm", text("ROT13")),
        "Value 'ROT13' at 'encryptionAlgorithm' failed to satisfy constraint: Member must satisfy enum value \
         set: [SYMMETRIC_DEFAULT, RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256]"
    );
}

#[test]
fn numbers_are_measured_by_value() {
    assert_eq!(
        one("NumberOfBytes", Value::Integer(1025)),
        "Value '1025' at 'numberOfBytes' failed to satisfy constraint: Member must have value less than or \
         equal to 1024"
    );
    assert_eq!(
        one("NumberOfBytes", Value::Integer(0)),
        "Value '0' at 'numberOfBytes' failed to satisfy constraint: Member must have value greater than or \
         equal to 1"
    );
    assert!(one("Ratio", Value::Double(1.5)).starts_with("Value '1.5' at 'ratio'"));
    assert!(one("Ratio", Value::Double(f64::NAN)).starts_with("Value 'NaN' at 'ratio'"));
}

#[test]
fn lists_tell_their_members_constraints_once() {
    assert_eq!(
        one("GrantTokens", Value::List(vec![text(""), text("a"), text("")])),
        "Value '[, a, ]' at 'grantTokens' failed to satisfy constraint: Member must satisfy constraint: \
         [Member must have length less than or equal to 8192, Member must have length greater than or equal \
         to 1]"
    );
    let eleven = one("GrantTokens", Value::List(vec![text("t"); 11]));
    assert!(
        eleven.ends_with("failed to satisfy constraint: Member must have length less than or equal to 10")
    );
}

#[test]
fn members_of_structures_in_lists_and_maps_have_paths() {
    let tags = Value::List(vec![tag(Some("k"), Some("v")), tag(Some(""), None)]);
    assert_eq!(
        one("Tags", tags),
        "2 validation errors detected: Value '' at 'tags.2.member.tagKey' failed to satisfy constraint: \
         Member must have length greater than or equal to 1; Value null at 'tags.2.member.tagValue' failed to \
         satisfy constraint: Member must not be null"
    );
    let by_name = Value::Map(vec![("x".into(), tag(None, Some("v")))]);
    assert_eq!(
        one("ByName", by_name),
        "Value null at 'byName.x.member.tagKey' failed to satisfy constraint: Member must not be null"
    );
}

#[test]
fn maps_tell_what_their_keys_and_values_must_keep() {
    let labels = Value::Map(vec![(String::new(), text("a b"))]);
    assert_eq!(
        one("Labels", labels),
        "2 validation errors detected: Value '{=a b}' at 'labels' failed to satisfy constraint: Map keys must \
         satisfy constraint: [Member must have length less than or equal to 128, Member must have length \
         greater than or equal to 1]; Value '{=a b}' at 'labels' failed to satisfy constraint: Map value must \
         satisfy constraint: [Member must have length less than or equal to 256, Member must have length \
         greater than or equal to 1, Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$]"
    );
}

#[test]
fn texts_are_counted_in_utf16_units() {
    let schema = schema!("Short", TEXT, Some(2), Some(2));
    assert!(validate(&schema, &text("😀")).is_ok());
    assert!(validate(&schema, &text("üü")).is_ok());
    assert!(validate(&schema, &text("ü")).is_err());
    assert!(validate(&schema, &text("😀a")).is_err());
}

#[test]
fn a_message_is_bounded_whatever_the_input() {
    let many = Value::List(vec![tag(None, None); 10_000]);
    assert!(one("Tags", many).starts_with("32 validation errors detected: "));
    let long = one("KeyId", text(&"ü".repeat(1_000_000)));
    assert!(long.len() < 2000, "{}", long.len());
    assert!(long.contains("üü...' at 'keyId'"));
    let tokens = one("GrantTokens", Value::List(vec![text(&"x".repeat(1000)); 10_000]));
    assert!(tokens.len() < 2000);
}
