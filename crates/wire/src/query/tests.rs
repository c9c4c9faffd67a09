use alcazar_shape::{Schema, common_error};
use proptest::prelude::*;

use super::*;
use crate::testing::{
    ECHO, EVERYTHING, GET_CALLER_IDENTITY, NEST, NO_QUEUE, QUEUES, RECEIVE, Request, STS, TOUCH, any_value,
    text,
};

fn read(schema: &'static Schema, form: &str) -> Result<Value, DecodeError> {
    from_parameters(schema, &Parameters::read(&[form.as_bytes()])?)
}

fn member(form: &str, name: &str) -> Option<Value> {
    read(&EVERYTHING, form).unwrap().member(&EVERYTHING, name).cloned()
}

fn strings(items: &[&str]) -> Option<Value> {
    Some(Value::List(items.iter().map(|item| text(item)).collect()))
}

fn body(response: &EncodedResponse) -> &str {
    std::str::from_utf8(&response.body).unwrap()
}

fn identity() -> Value {
    Value::Structure(vec![
        Some(text("AKIAI44QH8DHBEXAMPLE")),
        Some(text("123456789012")),
        Some(text("arn:aws:iam::123456789012:user/A&B")),
    ])
}

#[test]
fn a_result_is_there_also_where_nothing_is_in_it() {
    let response = QueryCodec::XML.encode_output(&TOUCH, &Value::Structure(Vec::new()), "0123");
    assert!(body(&response).contains("<TouchResult></TouchResult><ResponseMetadata>"), "{}", body(&response));
}

#[test]
fn get_caller_identity_is_answered_as_sts_answers_it() {
    let response = QueryCodec::XML.encode_output(&GET_CALLER_IDENTITY, &identity(), "0123-89ab");
    assert_eq!(response.headers["content-type"], "text/xml");
    assert_eq!(
        body(&response),
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <GetCallerIdentityResult><UserId>AKIAI44QH8DHBEXAMPLE</UserId><Account>123456789012</Account>\
         <Arn>arn:aws:iam::123456789012:user/A&amp;B</Arn></GetCallerIdentityResult><ResponseMetadata>\
         <RequestId>0123-89ab</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
    );
    let response = QueryCodec::JSON.encode_output(&GET_CALLER_IDENTITY, &identity(), "0123");
    assert_eq!(response.headers["content-type"], "application/json");
    assert_eq!(
        body(&response),
        r#"{"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Account":"123456789012","Arn":"arn:aws:iam::123456789012:user/A&B","UserId":"AKIAI44QH8DHBEXAMPLE"},"ResponseMetadata":{"RequestId":"0123"}}}"#
    );
}

#[test]
fn errors_carry_the_services_name_space_and_the_query_code() {
    let error = common_error::INVALID_SIGNATURE.because("a < b");
    let response = QueryCodec::XML.encode_error(Some(&STS), None, &error, "id");
    assert_eq!(response.status, 403);
    assert_eq!(
        body(&response),
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>SignatureDoesNotMatch</Code><Message>a &lt; b</Message></Error><RequestId>id</RequestId>\
         </ErrorResponse>"
    );
    let response = QueryCodec::XML.encode_error(None, None, &common_error::INTERNAL_FAILURE.bare(), "id");
    assert!(body(&response).contains("<Type>Receiver</Type><Code>InternalFailure</Code></Error>"));
}

#[test]
fn lists_maps_and_structures_are_read() {
    assert_eq!(member("Strings.member.2=b&Strings.member.1=a", "Strings"), strings(&["a", "b"]));
    assert_eq!(member("Strings.member.10=b&Strings.member.9=a", "Strings"), strings(&["a", "b"]));
    assert_eq!(member("Strings=", "Strings"), strings(&[]));
    assert_eq!(member("FlatStrings.1=a&FlatStrings.2=b", "FlatStrings"), strings(&["a", "b"]));
    assert_eq!(
        member("Map.entry.1.key=k&Map.entry.1.value=v+w%21", "Map"),
        Some(Value::Map(vec![("k".into(), text("v w!"))]))
    );
    assert_eq!(
        member("FlatMap.1.Name=k&FlatMap.1.Value=7", "FlatMap"),
        Some(Value::Map(vec![("k".into(), Value::Integer(7))]))
    );
    assert_eq!(
        member("Tags.member.1.TagKey=k&Tags.member.1.TagValue=v", "Tags"),
        Some(Value::List(vec![Value::Structure(vec![Some(text("k")), Some(text("v"))])]))
    );
    assert_eq!(member("FlatStrings=a", "FlatStrings"), strings(&["a"]));
    assert_eq!(member("FlatStrings=", "FlatStrings"), strings(&[]));
    assert_eq!(
        member("FlatMap.Name=k&FlatMap.Value=7", "FlatMap"),
        Some(Value::Map(vec![("k".into(), Value::Integer(7))]))
    );
    assert_eq!(member("Boolean=true&Unknown.x=1", "Boolean"), Some(Value::Boolean(true)));
}

#[test]
fn what_is_not_of_the_shape_is_refused() {
    for form in [
        "Boolean=yes",
        "Integer=1.5",
        "Integer=2147483648",
        "Time=1440938160",
        "Blob=%%%",
        "String.x=1",
        "String=%FF",
        "String=a&String=b",
        "Choice.Left=a&Choice.Right=1",
        "FlatMap.1.Name=k&FlatMap.1.Value=1&FlatMap.2.Name=k&FlatMap.2.Value=1",
    ] {
        assert!(read(&EVERYTHING, form).is_err(), "{form}");
    }
}

#[test]
fn counts_numbers_and_depths_are_bounded() {
    let many: String = (0..=PARAMETERS_MAX).map(|n| format!("x{n}=1&")).collect();
    assert_eq!(read(&EVERYTHING, &many), Err(DecodeError::TooMany));
    assert_eq!(member("Strings.member.4294967295=a", "Strings"), strings(&["a"]));
    assert_eq!(member("Strings.member.99999999999999999999=a", "Strings"), strings(&[]));
    let deep = format!("Nest{}=1", ".Nest".repeat(1_000_000));
    assert_eq!(read(&NEST, &deep), Err(DecodeError::TooDeep));
}

#[test]
fn a_get_is_read_from_its_query_and_a_post_from_both() {
    let mut request = Request::get("String=a");
    request.body = b"Integer=1".to_vec();
    let read = |request: &Request| QueryCodec::XML.decode_input(&ECHO, &request.parts()).unwrap();
    assert_eq!(read(&request).member(&EVERYTHING, "Integer"), None);
    request.method = Method::POST;
    assert_eq!(read(&request).member(&EVERYTHING, "Integer"), Some(&Value::Integer(1)));
    assert_eq!(read(&request).member(&EVERYTHING, "String"), Some(&text("a")));
}

#[test]
fn lists_and_maps_are_written() {
    let form = "Strings.member.1=a&FlatStrings.1=b&FlatStrings.2=c&Map.entry.1.key=k&Map.entry.1.value=v\
                &FlatMap.1.Name=n&FlatMap.1.Value=1&Time=2015-08-30T12:36:00Z&Blob=aGVsbG8%3D";
    let value = read(&EVERYTHING, form).unwrap();
    let response = QueryCodec::XML.encode_output(&ECHO, &value, "id");
    assert!(body(&response).contains(
        "<EchoResult><Blob>aGVsbG8=</Blob><Time>2015-08-30T12:36:00Z</Time>\
         <Strings><member>a</member></Strings><FlatStrings>b</FlatStrings><FlatStrings>c</FlatStrings>\
         <Map><entry><key>k</key><value>v</value></entry></Map>\
         <FlatMap><Name>n</Name><Value>1</Value></FlatMap></EchoResult>"
    ));
}

#[test]
fn a_request_to_a_things_own_url_need_not_name_it() {
    let mut request = Request::post(&[("host", "localhost:4566")], "Integer=1");
    let named = |request: &Request, operation| {
        let input = QueryCodec::XML.decode_input(operation, &request.parts()).unwrap();
        input.member(&EVERYTHING, "String").and_then(Value::as_str).map(str::to_owned)
    };
    assert_eq!(named(&request, &RECEIVE), None);
    request.path = "/111122223333/orders".to_owned();
    assert_eq!(named(&request, &RECEIVE).as_deref(), Some("http://localhost:4566/111122223333/orders"));
    assert_eq!(named(&request, &ECHO), None);
    request.body = b"String=another".to_vec();
    assert_eq!(named(&request, &RECEIVE).as_deref(), Some("another"));
}

#[test]
fn errors_of_a_service_that_came_from_query_have_a_place_for_details_and_words_of_their_own() {
    let error = NO_QUEUE.because("The specified queue does not exist.");
    let error = error.worded_in_query("The specified queue does not exist for this wsdl version.");
    let response = QueryCodec::XML.encode_error(Some(&QUEUES), Some(&RECEIVE), &error, "id");
    assert_eq!(
        body(&response),
        "<ErrorResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><Error><Type>Sender</Type>\
         <Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>The specified queue does not exist for this \
         wsdl version.</Message><Detail/></Error><RequestId>id</RequestId></ErrorResponse>"
    );
}

/// A value as a client would send it.
fn to_form(schema: &Schema, prefix: &str, value: &Value, out: &mut Vec<(String, String)>) {
    use alcazar_shape::Kind;
    let join = |part: &str| if prefix.is_empty() { part.to_owned() } else { format!("{prefix}.{part}") };
    match (&schema.kind, value) {
        (Kind::Structure { members, .. }, Value::Structure(slots)) => {
            for (member, slot) in members.iter().zip(slots) {
                if let Some(Value::Timestamp(time)) = slot {
                    let format = member.timestamp_format.unwrap_or(alcazar_shape::TimestampFormat::DateTime);
                    out.push((join(member.wire_name), crate::timestamp_text::write(format, *time)));
                } else if let Some(value) = slot {
                    to_form(member.schema, &join(member.wire_name), value, out);
                }
            }
        }
        (Kind::List { .. }, Value::List(items)) if items.is_empty() => {
            out.push((prefix.to_owned(), String::new()));
        }
        (Kind::List { member, flattened }, Value::List(items)) => {
            for (item, number) in items.iter().zip(1..) {
                let name =
                    if *flattened { join(&format!("{number}")) } else { join(&format!("member.{number}")) };
                to_form(member.schema, &name, item, out);
            }
        }
        (Kind::Map { key, value, flattened }, Value::Map(entries)) => {
            for ((name, item), number) in entries.iter().zip(1..) {
                let entry =
                    if *flattened { join(&format!("{number}")) } else { join(&format!("entry.{number}")) };
                out.push((format!("{entry}.{}", key.wire_name), name.clone()));
                to_form(value.schema, &format!("{entry}.{}", value.wire_name), item, out);
            }
        }
        (_, Value::Boolean(value)) => out.push((prefix.to_owned(), value.to_string())),
        (_, Value::Integer(value)) => out.push((prefix.to_owned(), value.to_string())),
        (_, Value::Double(value)) => out.push((prefix.to_owned(), value.to_string())),
        (_, value) => {
            use base64::Engine as _;
            let encode = |bytes| base64::engine::general_purpose::STANDARD.encode(bytes);
            let text = value.as_str().map(str::to_owned).or_else(|| value.as_bytes().map(encode));
            out.push((prefix.to_owned(), text.unwrap()));
        }
    }
}

/// What cannot be told in a form: a structure without members, and an empty map.
fn normal(schema: &Schema, value: &Value) -> Option<Value> {
    use alcazar_shape::Kind;
    match (&schema.kind, value) {
        (Kind::Structure { members, .. }, Value::Structure(slots)) => {
            let slots: Vec<_> = members
                .iter()
                .zip(slots)
                .map(|(m, s)| s.as_ref().and_then(|v| normal(m.schema, v)))
                .collect();
            slots.iter().any(Option::is_some).then_some(Value::Structure(slots))
        }
        (Kind::List { member, .. }, Value::List(items)) => {
            Some(Value::List(items.iter().filter_map(|item| normal(member.schema, item)).collect()))
        }
        (_, Value::Map(entries)) => (!entries.is_empty()).then(|| value.clone()),
        _ => Some(value.clone()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_input_that_a_client_sends_is_read(value in any_value(&EVERYTHING, 3, true)) {
        let value = normal(&EVERYTHING, &value).unwrap_or(Value::empty_structure(&EVERYTHING));
        let mut pairs = Vec::new();
        to_form(&EVERYTHING, "", &value, &mut pairs);
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        prop_assert_eq!(read(&EVERYTHING, &form), Ok(value));
    }

    #[test]
    fn any_form_is_read_or_refused(form in "([A-Z][a-z]{1,6}(\\.(member|entry|key|[0-9]{1,3}))*=?[a-z0-9%+]{0,5}&?){0,8}") {
        let _ = read(&EVERYTHING, &form);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Parameters::read(&[&bytes]).and_then(|parameters| from_parameters(&EVERYTHING, &parameters));
    }

    #[test]
    fn every_output_is_well_formed_xml(value in any_value(&EVERYTHING, 3, true)) {
        let response = QueryCodec::XML.encode_output(&ECHO, &value, "id");
        let mut reader = quick_xml::Reader::from_reader(&response.body[..]);
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(_) => {}
                Err(error) => return Err(TestCaseError::fail(error.to_string())),
            }
        }
    }
}
