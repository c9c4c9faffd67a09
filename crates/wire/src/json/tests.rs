use alcazar_base::Timestamp;
use alcazar_shape::{ErrorModel, Schema, common_error, validate};
use proptest::prelude::*;

use super::*;
use crate::testing::{
    ENABLE_KEY, ENCRYPT, ENCRYPT_REQUEST, EVERYTHING, KMS, NEST, NO_QUEUE, QUEUES, RECEIVE, Request,
    any_value, text,
};

static NOT_FOUND: ErrorModel = ErrorModel {
    name: "NotFoundException",
    query_code: "NotFound",
    status: 400,
    query_status: 404,
    sender_fault: true,
    message_member: "message",
};

fn read(schema: &'static Schema, body: &str) -> Result<Value, DecodeError> {
    from_json(schema, body.as_bytes())
}

fn member(body: &str, name: &str) -> Option<Value> {
    read(&EVERYTHING, body).unwrap().member(&EVERYTHING, name).cloned()
}

fn refusal(body: &str) -> String {
    read(&EVERYTHING, body).unwrap_err().to_string()
}

const ENCRYPT_BODY: &str = r#"{"KeyId": "alias/ExampleAlias", "Plaintext": "aGVsbG8=", "EncryptionContext": {"Purpose": "test", "Ort": "Köln"}, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}"#;

#[test]
fn a_real_encrypt_call_is_read_and_answered() {
    let request = Request::post(&[], ENCRYPT_BODY);
    let input = JsonCodec::V1_1.decode_input(&ENCRYPT, &request.parts()).unwrap();
    assert_eq!(validate(&ENCRYPT_REQUEST, &input), Ok(()));
    let Value::Structure(slots) = &input else { panic!("not a structure") };
    assert_eq!(slots[0], Some(text("alias/ExampleAlias")));
    assert_eq!(slots[1], Some(Value::SecretBlob(b"hello".to_vec().into())));
    let context = vec![("Purpose".into(), text("test")), ("Ort".into(), text("Köln"))];
    assert_eq!(slots[2], Some(Value::Map(context)));
    assert_eq!(slots[3], None);

    let arn = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let output = Value::Structure(vec![
        Some(Value::Blob(vec![1, 2, 3])),
        Some(text(arn)),
        Some(text("SYMMETRIC_DEFAULT")),
    ]);
    let response = JsonCodec::V1_1.encode_output(&ENCRYPT, &output, "7a1b");
    assert_eq!(response.status, 200);
    assert_eq!(response.headers["content-type"], "application/x-amz-json-1.1");
    assert_eq!(response.headers["x-amzn-requestid"], "7a1b");
    assert_eq!(
        response.body,
        format!(r#"{{"CiphertextBlob":"AQID","KeyId":"{arn}","EncryptionAlgorithm":"SYMMETRIC_DEFAULT"}}"#)
    );
}

#[test]
fn an_operation_without_output_answers_an_empty_body() {
    let response = JsonCodec::V1_0.encode_output(&ENABLE_KEY, &Value::Structure(vec![]), "id");
    assert!(response.body.is_empty());
    assert_eq!(response.headers["content-type"], "application/x-amz-json-1.0");
}

#[test]
fn errors_of_a_service_that_came_from_query_tell_their_code_in_query_too() {
    let told = |error: ApiError| {
        let response = JsonCodec::V1_0.encode_error(Some(&QUEUES), Some(&RECEIVE), &error, "id");
        let code = response.headers["x-amzn-query-error"].to_str().unwrap().to_owned();
        (code, String::from_utf8(response.body.to_vec()).unwrap())
    };
    let (code, body) = told(NO_QUEUE.because("x").worded_in_query("y"));
    assert_eq!(code, "AWS.SimpleQueueService.NonExistentQueue;Sender");
    assert_eq!(body, r#"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"x"}"#);
    let (code, body) = told(common_error::INTERNAL_FAILURE.bare());
    assert_eq!(code, "InternalFailure;Receiver");
    assert_eq!(body, r#"{"__type":"com.amazon.coral.service#InternalFailure"}"#);
    let response = JsonCodec::V1_1.encode_error(Some(&KMS), None, &NOT_FOUND.bare(), "id");
    assert!(!response.headers.contains_key("x-amzn-query-error"));
}

#[test]
fn errors_are_written_as_kms_writes_them() {
    let error = NOT_FOUND.because("Alias \"x\" is not found.");
    let response = JsonCodec::V1_1.encode_error(Some(&KMS), Some(&ENCRYPT), &error, "id");
    assert_eq!(response.status, 400);
    assert_eq!(response.body, r#"{"__type":"NotFoundException","message":"Alias \"x\" is not found."}"#);
    assert_eq!(response.headers["x-amzn-errortype"], "NotFoundException");
    let denied = common_error::ACCESS_DENIED.because("No.");
    let denied = JsonCodec::V1_1.encode_error(Some(&KMS), Some(&ENCRYPT), &denied, "id");
    assert_eq!(denied.body, r#"{"__type":"AccessDeniedException","Message":"No."}"#);
    let bare = JsonCodec::V1_1.encode_error(None, None, &common_error::INTERNAL_FAILURE.bare(), "id");
    assert_eq!((bare.status.as_u16(), &bare.body[..]), (500, &br#"{"__type":"InternalFailure"}"#[..]));
}

#[test]
fn nothing_and_an_empty_object_are_inputs_without_members() {
    let empty = Ok(Value::empty_structure(&EVERYTHING));
    assert_eq!(read(&EVERYTHING, ""), empty);
    assert_eq!(read(&EVERYTHING, " {} "), empty);
    assert_eq!(read(&EVERYTHING, r#"{"String":null,"Unknown":{"a":[1,{"b":null}],"c":1.5}}"#), empty);
}

#[test]
fn nulls_in_lists_and_maps_are_absent() {
    assert_eq!(member(r#"{"Strings":["a",null]}"#, "Strings"), Some(Value::List(vec![text("a")])));
    assert_eq!(member(r#"{"Map":{"a":null}}"#, "Map"), Some(Value::Map(vec![])));
}

#[test]
fn wrong_types_are_told_in_awss_words() {
    for (body, message) in [
        (r#"{"String":1}"#, "NUMBER_VALUE can not be converted to a String"),
        (r#"{"String":1.5}"#, "NUMBER_VALUE can not be converted to a String"),
        (r#"{"Secret":true}"#, "TRUE_VALUE can not be converted to a String"),
        (r#"{"Strings":[false]}"#, "FALSE_VALUE can not be converted to a String"),
        (r#"{"Integer":"1"}"#, "STRING_VALUE can not be converted to an Integer"),
        (r#"{"Integer":2147483648}"#, "NUMBER_VALUE can not be converted to an Integer"),
        (r#"{"Long":9223372036854775808}"#, "NUMBER_VALUE can not be converted to a Long"),
        (r#"{"Boolean":"true"}"#, "STRING_VALUE can not be converted to a Boolean"),
        (
            r#"{"Time":"2015-08-30T12:36:00Z"}"#,
            "STRING_VALUE can not be converted to milliseconds since epoch",
        ),
        (r#"{"Time":1e300}"#, "NUMBER_VALUE can not be converted to milliseconds since epoch"),
        (r#"{"String":["a"]}"#, "Start of list found where not expected"),
        (r#"{"Map":[]}"#, "Start of list found where not expected"),
        ("[]", "Start of list found where not expected"),
        (r#"{"String":{}}"#, "Start of structure or map found where not expected."),
        (r#"{"Strings":{}}"#, "Start of structure or map found where not expected."),
        (r#"{"Strings":"a"}"#, "Expected list or null"),
        (r#"{"Map":"a"}"#, "Expected map or null"),
        (r#"{"Tags":["a"]}"#, "Expected null"),
        (r#"{"Blob":1}"#, "NUMBER_VALUE can not be converted to a Blob"),
        (r#"{"Blob":"abc"}"#, "Base64 encoded length is expected a multiple of 4 bytes but found: 3"),
        (r#"{"Blob":"=+/="}"#, "Invalid Base64 character"),
        (r#"{"String":"a","String":"b"}"#, "Duplicate field"),
        (r#"{"String":null,"String":"b"}"#, "Duplicate field"),
        (r#"{"Map":{"a":"b","a":"b"}}"#, "Duplicate field"),
        (r#"{"Choice":{"Left":"a","Right":1}}"#, "Union must not have more than one member set"),
    ] {
        assert_eq!(refusal(body), message, "{body}");
    }
}

#[test]
fn what_is_no_json_is_refused_without_a_message() {
    for body in [
        "{",
        "null",
        "nul",
        "1",
        "true",
        "\"x\"",
        "{} {}",
        "{}x",
        r#"{"String":"a",}"#,
        r#"{"String":"\ud800"}"#,
        "{'a':1}",
    ] {
        let error = ApiError::from(read(&EVERYTHING, body).unwrap_err());
        assert_eq!((error.model().name, error.message()), ("SerializationException", None), "{body}");
        assert!(error.cause().is_some());
    }
    assert_eq!(from_json(&EVERYTHING, b"{\"String\":\"\xff\"}"), Err(DecodeError::Utf8));
}

#[test]
fn times_have_fractions_and_formats() {
    let time = Some(Value::Timestamp(Timestamp::from_millis(1_440_938_160_250)));
    assert_eq!(member(r#"{"Time":1440938160.25}"#, "Time"), time);
    assert_eq!(member(r#"{"Time":1.44093816025E9}"#, "Time"), time);
    assert_eq!(member(r#"{"DateTime":"2015-08-30T12:36:00.25Z"}"#, "DateTime"), time);
    let mut slots = vec![None; EVERYTHING.members().len()];
    slots[EVERYTHING.slot("Time").unwrap()] = time;
    let json = to_json(&EVERYTHING, &Value::Structure(slots));
    assert_eq!(String::from_utf8(json).unwrap(), r#"{"Time":1440938160.25}"#);
}

#[test]
fn fractions_are_cut_off_where_a_whole_number_is_expected() {
    assert_eq!(member(r#"{"Integer":1.9}"#, "Integer"), Some(Value::Integer(1)));
}

#[test]
fn nesting_is_bounded_in_what_is_known_and_what_is_not() {
    let nested = |depth: usize| format!("{}{{}}{}", r#"{"Nest":"#.repeat(depth), "}".repeat(depth));
    assert!(read(&NEST, &nested(60)).is_ok());
    assert_eq!(read(&NEST, &nested(64)), Err(DecodeError::TooDeep));
    assert!(read(&NEST, &nested(100_000)).is_err());
    let unknown = |depth: usize| format!(r#"{{"X":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    assert!(read(&NEST, &unknown(60)).is_ok());
    assert_eq!(read(&NEST, &unknown(64)), Err(DecodeError::TooDeep));
    assert!(read(&NEST, &unknown(1_000_000)).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_value_is_read_back_as_it_was_written(value in any_value(&EVERYTHING, 3, false)) {
        prop_assert_eq!(from_json(&EVERYTHING, &to_json(&EVERYTHING, &value)), Ok(value));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = from_json(&EVERYTHING, &bytes);
    }

    #[test]
    fn a_body_cut_short_is_refused(value in any_value(&EVERYTHING, 3, false), cut in 1_usize..100) {
        let json = to_json(&EVERYTHING, &value);
        let end = json.len().saturating_sub(cut).max(1);
        prop_assert!(from_json(&EVERYTHING, &json[..end]).is_err());
    }
}
