//! What somebody tries who has no key: changed requests, oversize ones, and noise.

use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;

use super::fixture::{Case, case, cases, time};
use super::*;

/// Every text that differs from `text` in one bit and is still a text of printable ASCII or UTF-8.
fn with_one_bit_changed(text: &str) -> impl Iterator<Item = String> {
    let bytes = text.as_bytes().to_vec();
    (0..bytes.len() * 8).filter_map(move |bit| {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        String::from_utf8(changed).ok().filter(|text| !text.chars().any(char::is_control))
    })
}

fn refused(case: &Case, what: &str) {
    assert!(case.verify().is_err(), "{}: {what}: {:?} {:?}", case.name, case.path, case.headers);
}

#[test]
fn a_body_with_any_bit_changed_is_refused() {
    for name in ["kms-encrypt", "sts-get-caller-identity", "s3-put-object"] {
        let case = case(name);
        for body in with_one_bit_changed(&case.body) {
            refused(&Case { body, ..case.clone() }, "body");
        }
    }
}

#[test]
fn a_signed_header_with_any_bit_changed_is_refused() {
    for name in ["kms-encrypt", "kms-with-session-token", "s3-put-object", "date-header"] {
        let case = case(name);
        let claim = case.claim().unwrap();
        for header in claim.signed_headers() {
            let value = case.clone().header(header).clone();
            for changed in with_one_bit_changed(&value) {
                let mut case = case.clone();
                *case.header(header) = changed;
                refused(&case, header);
            }
        }
    }
}

#[test]
fn a_scope_list_of_headers_or_signature_with_any_bit_changed_is_refused() {
    let case = case("kms-encrypt");
    let value = case.clone().header("authorization").clone();
    for part in [
        "/20150830/eu-central-1/kms/aws4_request",
        "content-type;host;x-amz-date;x-amz-target",
        value.rsplit('=').next().unwrap(),
    ] {
        for changed in with_one_bit_changed(part) {
            // The names of headers count in any case; a signature does not.
            if part.contains("host") && changed.eq_ignore_ascii_case(part) {
                continue;
            }
            let mut case = case.clone();
            *case.header("authorization") = value.replace(part, &changed);
            refused(&case, &changed);
        }
    }
}

#[test]
fn a_path_query_or_method_with_any_bit_changed_is_refused() {
    for name in
        ["get-utf8", "encoded-query", "s3-list-objects", "s3-put-object", "sts-presigned", "s3-presigned"]
    {
        let case = case(name);
        for method in with_one_bit_changed(&case.method) {
            refused(&Case { method, ..case.clone() }, "method");
        }
        let canonical =
            |case: &Case| -> Vec<u8> { percent_encoding::percent_decode_str(&case.path).collect() };
        for path in with_one_bit_changed(&case.path) {
            let changed = Case { path, ..case.clone() };
            // An object's key is the same behind `%2f` and `%2F`; the root is the same behind `/` and `.`.
            if canonical(&changed) != canonical(&case) && changed.path.len() > 1 {
                refused(&changed, "path");
            }
        }
        let pairs = |query: &str| {
            let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = query
                .split('&')
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(name, value)| {
                    let decode =
                        |text: &str| percent_encoding::percent_decode_str(&text.replace('+', " ")).collect();
                    (decode(name), decode(value))
                })
                .collect();
            pairs.sort();
            pairs
        };
        for query in with_one_bit_changed(&case.query) {
            if pairs(&query) != pairs(&case.query) {
                refused(&Case { query, ..case.clone() }, "query");
            }
        }
    }
}

#[test]
fn requests_that_a_codec_reads_differently_are_different_to_a_signature() {
    let signed = case("encoded-query");
    for query in [
        "b=%2B%20%2F%26&a=%E1%88%B4&a=&a-b=1&a=1&%3D=%25&c=1",
        "b=%2B%20%2F%26&a=%E1%88%B4&a=&a-b=1&a=1",
        "b=%2B%20%2F&&a=%E1%88%B4&a=&a-b=1&a=1&%3D=%25",
        "b=%2B%20%2F%26&a=%E1%88%B4&a=&a-b=1&a=1&==%25",
        "b=%2B%20%2F%26&a=%E1%88%B4&a=&a-b=1&a%3D1&%3D=%25",
    ] {
        refused(&Case { query: query.into(), ..signed.clone() }, query);
    }
    // A second signature beside the one that counts is one that nobody signed.
    let presigned = case("sts-presigned");
    let doubled = format!("{}&X-Amz-Security-Token=a", presigned.query);
    refused(&Case { query: doubled, ..presigned }, "security token");
    let mut doubled = case("get-vanilla");
    doubled.headers.push(("host".into(), "example.org".into()));
    refused(&doubled, "host");
}

#[test]
fn what_is_larger_than_its_limit_is_refused() {
    let base = case("get-vanilla");
    let long = |length| "a".repeat(length);
    let too_large = |case: &Case| match case.verify() {
        Err(SignatureError::TooLarge { what, .. }) => what,
        other => panic!("{other:?}"),
    };
    assert_eq!(too_large(&Case { path: long(limit::PATH_BYTES_MAX + 1), ..base.clone() }), "The path");
    assert_eq!(too_large(&Case { query: long(limit::QUERY_BYTES_MAX + 1), ..base.clone() }), "The query");
    let with_authorization = |from: &str, to: &str| {
        let mut case = base.clone();
        let value = case.header("authorization").replace(from, to);
        *case.header("authorization") = value;
        too_large(&case)
    };
    assert_eq!(with_authorization("AKID", &long(limit::AUTHORIZATION_BYTES_MAX)), "The Authorization header");
    assert_eq!(with_authorization("AKID", &long(limit::ACCESS_KEY_ID_BYTES_MAX)), "The access key id");
    assert_eq!(
        with_authorization("host", &"a;".repeat(limit::SIGNED_HEADERS_MAX)),
        "The list of signed headers"
    );
    let mut token = case("kms-with-session-token");
    *token.header("x-amz-security-token") = long(limit::SESSION_TOKEN_BYTES_MAX + 1);
    assert_eq!(too_large(&token), "The session token");
    let mut header = case("post-header-key-sort");
    *header.header("my-header1") = long(limit::SIGNED_HEADER_BYTES_MAX);
    assert_eq!(too_large(&header), "The signed headers");
}

/// Runs everything there is on a request that may be anything.
fn survive(method: &str, path: &str, query: &str, headers: &HeaderMap, body: &[u8]) {
    let parts = RequestToVerify { method, path, query, headers, authority: Some("example.org") };
    let secret = alcazar_base::SecretString::new("secret".into());
    match parse(&parts) {
        Err(error) => {
            let answer = error.to_api_error();
            assert!(answer.message().unwrap().len() < 2000 && answer.model().status < 500);
        }
        Ok(claim) => {
            let key = SigningKey::derive(&secret, claim.date(), claim.region(), claim.service()).unwrap();
            for unsigned_payload_allowed in [false, true] {
                let endpoint = Endpoint { service: claim.service(), unsigned_payload_allowed };
                let now = claim.signed_at();
                let error = claim.verify(&key, &parts, Payload::Body(body), &endpoint, now).unwrap_err();
                assert!(error.to_api_error().message().unwrap().len() < 20_000);
            }
        }
    }
}

const NAMES: [&str; 8] = [
    "authorization",
    "x-amz-date",
    "date",
    "host",
    "x-amz-security-token",
    "x-amz-content-sha256",
    "x-amz-target",
    "accept",
];

proptest! {
    #[test]
    fn no_headers_or_query_make_it_panic(
        path in "\\PC{0,40}",
        query in "(X-Amz-(Algorithm=AWS4-HMAC-SHA256|Credential|Date|Expires|Signature|SignedHeaders)|[%=&+a-fA-F0-9]|\\PC){0,30}",
        values in proptest::collection::vec((0_usize..8, proptest::collection::vec(any::<u8>(), 0..80)), 0..8),
        body in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut headers = HeaderMap::new();
        for (name, value) in values {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                headers.append(HeaderName::from_static(NAMES[name]), value);
            }
        }
        survive("GET", &path, &query, &headers, &body);
    }

    #[test]
    fn no_change_of_a_good_request_makes_it_panic(
        which in any::<prop::sample::Index>(),
        edits in proptest::collection::vec((0_usize..6, any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let all = cases();
        let case = &all[which.index(all.len())];
        let (mut path, mut query) = (case.path.clone().into_bytes(), case.query.clone().into_bytes());
        let mut values: Vec<(HeaderName, Vec<u8>)> =
            case.headers.iter().map(|(name, value)| (name.parse().unwrap(), value.clone().into_bytes())).collect();
        for (target, position, byte) in edits {
            let count = values.len();
            let text = match target {
                0 => &mut path,
                1 => &mut query,
                _ => &mut values[usize::from(byte) % count].1,
            };
            if text.is_empty() {
                text.push(byte);
            } else {
                let position = position.index(text.len());
                if byte % 3 == 0 { text.truncate(position) } else { text[position] = byte }
            }
        }
        let headers: HeaderMap = values
            .into_iter()
            .filter_map(|(name, value)| Some((name, HeaderValue::from_bytes(&value).ok()?)))
            .collect();
        let (path, query) = (String::from_utf8_lossy(&path), String::from_utf8_lossy(&query));
        survive(&case.method, &path, &query, &headers, case.body.as_bytes());
    }
}

#[test]
fn every_good_request_is_refused_a_year_later() {
    for case in cases() {
        let late = case.verify_at(time("20160830T123600Z"));
        assert!(matches!(late, Err(SignatureError::Expired { .. })), "{}", case.name);
    }
}
