use super::*;
use crate::testing::{KMS, Request, STS};

static SERVICES: [&ServiceModel; 3] = [&KMS, &STS, &ARCHIVE];

/// A service whose target's prefix is longer than its shape's name.
static ARCHIVE: ServiceModel = ServiceModel {
    name: "archive",
    signing_name: "archive",
    shape_name: "Archive_2026",
    target_prefix: "com.example.Archive_2026",
    api_version: "2026-01-01",
    xml_namespace: "",
    event_source: "archive.amazonaws.com",
    protocols: &[Protocol::AwsJson1_1],
    query_compatible: false,
    url_member: None,
};

fn unsigned(operation: &str) -> Option<&'static ServiceModel> {
    (operation == "Echo").then_some(&STS)
}

fn find(request: &Request, signing_name: Option<&str>) -> Result<(&'static str, String, Protocol), String> {
    match Route::find(&SERVICES, &request.parts(), signing_name, &unsigned) {
        Ok(route) => Ok((route.service.name, route.operation.clone().into_owned(), route.protocol())),
        Err(error) => {
            let response = error.response("id");
            Err(format!("{} {}", response.status.as_u16(), String::from_utf8_lossy(&response.body)))
        }
    }
}

fn refusal(request: &Request) -> String {
    find(request, None).unwrap_err()
}

const JSON: (&str, &str) = ("content-type", "application/x-amz-json-1.1");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");
const CBOR: (&str, &str) = ("smithy-protocol", "rpc-v2-cbor");

#[test]
fn json_goes_by_its_target() {
    let request = Request::post(&[JSON, ("x-amz-target", "TrentService.Encrypt")], "{}");
    assert_eq!(find(&request, None), Ok(("kms", "Encrypt".into(), Protocol::AwsJson1_1)));
    let old = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", "TrentService.Encrypt")];
    let request = Request::post(&old, "{}");
    assert_eq!(find(&request, None), Ok(("kms", "Encrypt".into(), Protocol::AwsJson1_0)));
    let long = Request::post(&[JSON, ("x-amz-target", "com.example.Archive_2026.Store")], "{}");
    assert_eq!(find(&long, None), Ok(("archive", "Store".into(), Protocol::AwsJson1_1)));
    let short = Request::post(&[JSON, ("x-amz-target", "Archive_2026.Store")], "{}");
    assert_eq!(find(&short, None), find(&long, None));
    for target in ["", "TrentService", "Nobody.Encrypt", "TrentService.x.Encrypt"] {
        let request = Request::post(&[JSON, ("x-amz-target", target)], "{}");
        assert_eq!(refusal(&request), r#"400 {"__type":"UnknownOperationException"}"#);
    }
}

#[test]
fn cbor_goes_by_the_end_of_its_path() {
    let at = |path: &str| Request { path: path.into(), ..Request::post(&[CBOR], "") };
    let encrypt = Ok(("kms", "Encrypt".to_owned(), Protocol::RpcV2Cbor));
    assert_eq!(find(&at("/service/TrentService/operation/Encrypt"), None), encrypt);
    assert_eq!(find(&at("/v1/service/com.amazonaws.kms.TrentService/operation/Encrypt"), None), encrypt);
    for path in
        ["/", "/service/TrentService/operation", "/service/AWSSecurityTokenServiceV20110615/operation/X"]
    {
        assert!(refusal(&at(path)).contains("UnknownOperationException"), "{path}");
    }
    let mut both = at("/service/TrentService/operation/Encrypt");
    both.headers.insert("x-amz-target", "TrentService.Decrypt".parse().unwrap());
    assert!(refusal(&both).contains("UnknownOperationException"));
}

#[test]
fn query_goes_by_the_signature_or_the_version() {
    let body = "Action=GetCallerIdentity&Version=2011-06-15";
    let identity = Ok(("sts", "GetCallerIdentity".to_owned(), Protocol::AwsQuery));
    assert_eq!(find(&Request::post(&[FORM], body), Some("sts")), identity);
    assert_eq!(find(&Request::post(&[FORM], body), None), identity);
    assert_eq!(find(&Request::post(&[FORM], "Action=GetCallerIdentity"), Some("sts")), identity);
    assert_eq!(find(&Request::get(&format!("{body}&X-Amz-Signature=0")), Some("sts")), identity);
    let mut posted_query = Request::get(body);
    posted_query.method = Method::POST;
    assert_eq!(find(&posted_query, Some("sts")), identity);
}

#[test]
fn a_request_with_neither_signature_nor_version_goes_to_an_operation_that_needs_none() {
    let echo = Ok(("sts", "Echo".to_owned(), Protocol::AwsQuery));
    assert_eq!(find(&Request::get("Action=Echo"), None), echo);
    assert_eq!(find(&Request::post(&[FORM], "Action=Echo"), None), echo);
    assert!(find(&Request::get("Action=Echo"), Some("kms")).is_err());
    assert!(find(&Request::get("Action=Echo&Version=1999-01-01"), None).is_err());
    assert!(find(&Request::get("Action=GetCallerIdentity"), None).is_err());
}

#[test]
fn query_errors_are_awss() {
    let unknown = Request::post(&[FORM], "Action=Nothing&Version=1999-01-01");
    assert_eq!(
        refusal(&unknown),
        "400 <ErrorResponse xmlns=\"http://webservices.amazon.com/AWSFault/2005-15-09\"><Error>\
         <Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation Nothing for version \
         1999-01-01</Message></Error><RequestId>id</RequestId></ErrorResponse>"
    );
    let unversioned = Request::post(&[FORM], "Action=GetCallerIdentity");
    assert!(refusal(&unversioned).contains("GetCallerIdentity for version NO_VERSION_SPECIFIED"));
    assert!(refusal(&Request::post(&[FORM], "Version=2011-06-15")).contains("<Code>MissingAction</Code>"));
    assert!(refusal(&Request::post(&[FORM], "Action=a&Action=b")).contains("<Code>MalformedInput</Code>"));
}

#[test]
fn what_speaks_no_protocol_gets_a_sensible_answer() {
    let json = Request::post(&[("content-type", "application/json")], "{}");
    assert_eq!(refusal(&json), r#"400 {"__type":"UnknownOperationException"}"#);
    assert!(refusal(&Request::get("")).starts_with("403 <ErrorResponse"));
    assert!(refusal(&Request::get("")).contains("<Code>MissingAuthenticationToken</Code>"));
    assert!(refusal(&Request::get("X-Amz-Signature=0")).contains("<Code>MissingAction</Code>"));
}

#[test]
fn an_operation_that_the_service_lacks_is_told_in_the_protocols_way() {
    let request = Request::post(&[FORM], "Action=Nothing&Version=2011-06-15");
    let parts = request.parts();
    let error = Route::find(&SERVICES, &parts, None, &unsigned).unwrap().unknown_operation();
    assert_eq!(error.message(), Some("Could not find operation Nothing for version 2011-06-15"));
    assert_eq!(error.model().query_code, "InvalidAction");
}

#[test]
fn json_is_answered_to_query_clients_that_ask_for_it() {
    let mut request = Request::get("Action=GetCallerIdentity&Version=2011-06-15");
    request.headers.insert("accept", "application/json".parse().unwrap());
    let parts = request.parts();
    let route = Route::find(&SERVICES, &parts, None, &unsigned).unwrap();
    let response = route.codec.encode_error(None, None, &route.unknown_operation(), "id");
    assert!(response.body.starts_with(br#"{"Error":{"Code":"InvalidAction","#));
}

proptest::proptest! {
    #[test]
    fn any_request_is_routed_or_refused(
        path in "/?[a-z/.]{0,30}",
        query in "\\PC{0,30}",
        target in "[ -~]{0,20}",
        kind in proptest::sample::select(vec![JSON, FORM, CBOR, ("content-type", "text/xml")]),
        body in proptest::collection::vec(proptest::num::u8::ANY, 0..60),
    ) {
        let mut request = Request::post(&[kind, ("x-amz-target", &target)], body);
        (request.path, request.query) = (path, query);
        let _ = find(&request, None);
    }
}
