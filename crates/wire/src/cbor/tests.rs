use alcazar_base::Timestamp;
use alcazar_shape::common_error;
use proptest::prelude::*;

use super::*;
use crate::testing::{ENABLE_KEY, ENCRYPT, EVERYTHING, KMS, NEST, any_value, text};

fn read(hex_body: &str) -> Result<Value, DecodeError> {
    from_cbor(&EVERYTHING, &hex::decode(hex_body.replace(' ', "")).unwrap())
}

fn member(hex_body: &str, name: &str) -> Option<Value> {
    read(hex_body).unwrap().member(&EVERYTHING, name).cloned()
}

/// `{name: <rest>}` with a definite length.
fn entry(name: &str, rest: &str) -> String {
    format!("a1 {:02x} {} {rest}", 0x60 + name.len(), hex::encode(name))
}

#[test]
fn definite_and_indefinite_lengths_are_read() {
    let strings = Some(Value::List(vec![text("a"), text("b")]));
    assert_eq!(member(&entry("Strings", "82 6161 6162"), "Strings"), strings);
    assert_eq!(member("bf 67 537472696e6773 9f 6161 6162 ff ff", "Strings"), strings);
    assert_eq!(member(&entry("String", "7f 6161 6162 ff"), "String"), Some(text("ab")));
    assert_eq!(member(&entry("Blob", "5f 4101 4102 ff"), "Blob"), Some(Value::Blob(vec![1, 2])));
    assert_eq!(member("a1 7f 66 537472696e67 ff 6161", "String"), Some(text("a")));
    assert_eq!(
        member(&entry("Map", "bf 6161 6162 ff"), "Map"),
        Some(Value::Map(vec![("a".into(), text("b"))]))
    );
}

#[test]
fn numbers_and_times_are_read_in_every_width() {
    for (rest, number) in
        [("07", 7), ("1807", 7), ("1b0000000000000007", 7), ("26", -7), ("fb401c000000000000", 7)]
    {
        assert_eq!(member(&entry("Integer", rest), "Integer"), Some(Value::Integer(number)), "{rest}");
    }
    for rest in ["f93e00", "fa3fc00000", "fb3ff8000000000000"] {
        assert_eq!(member(&entry("Double", rest), "Double"), Some(Value::Double(1.5)), "{rest}");
    }
    assert_eq!(member(&entry("Double", "02"), "Double"), Some(Value::Double(2.0)));
    let time = Some(Value::Timestamp(Timestamp::from_millis(1_440_938_160_250)));
    assert_eq!(member(&entry("Time", "c1 fb41d578be2c100000"), "Time"), time);
    assert_eq!(
        member(&entry("Time", "c1 1a55e2f8b0"), "Time"),
        Some(Value::Timestamp(Timestamp::from_secs(1_440_938_160)))
    );
}

#[test]
fn null_and_undefined_are_absent_and_the_unknown_is_passed_over() {
    assert_eq!(member(&entry("String", "f6"), "String"), None);
    assert_eq!(member(&entry("String", "f7"), "String"), None);
    assert_eq!(
        read(&entry("Nobody", "bf 61 61 82 c1 01 5f 41 01 ff ff")),
        Ok(Value::empty_structure(&EVERYTHING))
    );
    assert_eq!(read(""), Ok(Value::empty_structure(&EVERYTHING)));
    assert_eq!(read("a0"), Ok(Value::empty_structure(&EVERYTHING)));
}

#[test]
fn what_is_not_of_the_shape_is_refused() {
    for (body, message) in [
        (entry("String", "01"), "NUMBER_VALUE can not be converted to a String"),
        (entry("Integer", "6131"), "STRING_VALUE can not be converted to an Integer"),
        (entry("Integer", "1b0000000080000000"), "NUMBER_VALUE can not be converted to an Integer"),
        (entry("Long", "1bffffffffffffffff"), "NUMBER_VALUE can not be converted to a Long"),
        (entry("Blob", "80"), "Start of list found where not expected"),
        (entry("Time", "01"), "NUMBER_VALUE can not be converted to milliseconds since epoch"),
        (entry("Time", "c2 01"), "NUMBER_VALUE can not be converted to milliseconds since epoch"),
        ("80".to_owned(), "Start of list found where not expected"),
        ("a2 66537472696e67 6161 66537472696e67 6162".to_owned(), "Duplicate field"),
        (entry("Map", "a2 6161 6162 6161 6162"), "Duplicate field"),
    ] {
        assert_eq!(read(&body).unwrap_err().to_string(), message, "{body}");
    }
    for body in [
        "f6",
        "a1",
        "ff",
        "a0 00",
        "a1 66537472696e67 61ff",
        "bf 66537472696e67",
        "9bffffffffffffffff",
        "a1 01 02",
    ] {
        assert!(read(body).is_err(), "{body}");
    }
}

#[test]
fn claimed_lengths_and_depths_are_bounded() {
    assert!(read(&entry("Strings", "9b00ffffffffffffff")).is_err());
    assert!(read(&entry("Blob", "5b00ffffffffffffff")).is_err());
    let nested = |depth: usize| {
        let mut body = b"\xa1\x64Nest".repeat(depth);
        body.push(0xa0);
        from_cbor(&NEST, &body)
    };
    assert!(nested(60).is_ok());
    assert_eq!(nested(64), Err(DecodeError::TooDeep));
    assert_eq!(nested(500_000), Err(DecodeError::TooDeep));
    let mut unknown = b"\xa1\x61x".to_vec();
    unknown.extend(vec![0x81; 1_000_000]);
    assert_eq!(from_cbor(&NEST, &unknown), Err(DecodeError::TooDeep));
    unknown.truncate(3);
    unknown.extend(vec![0xc1; 1_000_000]);
    assert_eq!(from_cbor(&NEST, &unknown), Err(DecodeError::TooDeep));
}

#[test]
fn answers_carry_the_protocols_header() {
    let output = Value::Structure(vec![Some(Value::Blob(vec![1])), None, None]);
    let response = CborCodec.encode_output(&ENCRYPT, &output, "id");
    assert_eq!(response.headers["smithy-protocol"], "rpc-v2-cbor");
    assert_eq!(response.headers["content-type"], "application/cbor");
    assert_eq!(&response.body[..], b"\xa1\x6eCiphertextBlob\x41\x01");
    let response = CborCodec.encode_output(&ENABLE_KEY, &Value::Structure(vec![]), "id");
    assert!(response.body.is_empty() && !response.headers.contains_key("content-type"));
}

#[test]
fn errors_carry_the_absolute_shape_id() {
    let error = common_error::ACCESS_DENIED.because("no");
    let response = CborCodec.encode_error(Some(&KMS), None, &error, "id");
    assert_eq!(response.status, 400);
    assert_eq!(
        &response.body[..],
        b"\xa2\x66__type\x78\x27com.amazonaws.kms#AccessDeniedException\x67Message\x62no"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_value_is_read_back_as_it_was_written(value in any_value(&EVERYTHING, 3, false)) {
        prop_assert_eq!(from_cbor(&EVERYTHING, &to_cbor(&EVERYTHING, &value)), Ok(value));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = from_cbor(&EVERYTHING, &bytes);
    }

    #[test]
    fn a_body_cut_short_or_changed_does_no_harm(value in any_value(&EVERYTHING, 3, false), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut cbor = to_cbor(&EVERYTHING, &value);
        let at = at.index(cbor.len());
        cbor[at] = byte;
        let _ = from_cbor(&EVERYTHING, &cbor);
        if at > 0 {
            prop_assert!(from_cbor(&EVERYTHING, &to_cbor(&EVERYTHING, &value)[..at]).is_err());
        }
    }
}
