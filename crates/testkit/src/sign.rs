//! The client's side of AWS Signature Version 4, as far as tests need it: header signatures over paths and
//! queries that need no escaping.
//!
//! It is written apart from the verifier that it tests.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use alcazar_base::Timestamp;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use http::HeaderValue;

use crate::caller::TestCaller;
use crate::client::WireRequest;

/// Signs `request` for a service, with all the headers that it has.
pub(crate) fn sign_request(request: &mut WireRequest, caller: &TestCaller, service: &str, at: Timestamp) {
    let time = at.to_amz_date();
    let date = &time[..8];
    let region = caller.region.as_str();
    request.headers.insert("x-amz-date", HeaderValue::from_str(&time).unwrap());
    if let Some(token) = &caller.session_token {
        request.headers.insert("x-amz-security-token", HeaderValue::from_str(token.expose()).unwrap());
    }

    let mut headers: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap().trim().to_owned()))
        .collect();
    headers.sort();
    let canonical_headers: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    let signed_headers = names.join(";");
    let mut query: Vec<&str> = request.query.split('&').filter(|pair| !pair.is_empty()).collect();
    query.sort_unstable();
    let canonical_request = format!(
        "{}\n{}\n{}\n{canonical_headers}\n{signed_headers}\n{}",
        request.method,
        request.path,
        query.join("&"),
        sha256(&request.body)
    );

    let scope = format!("{date}/{region}/{service}/aws4_request");
    let string_to_sign =
        format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", sha256(canonical_request.as_bytes()));
    let mut key = format!("AWS4{}", caller.secret.expose()).into_bytes();
    for step in [date, region, service, "aws4_request"] {
        key = hmac(&key, step.as_bytes());
    }
    let signature = hex::encode(hmac(&key, string_to_sign.as_bytes()));
    let access_key_id = &caller.caller.access_key_id;
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={access_key_id}/{scope}, SignedHeaders={signed_headers}, \
         Signature={signature}"
    );
    request.headers.insert("authorization", HeaderValue::from_str(&authorization).unwrap());
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(digest(&SHA256, bytes))
}

fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    sign(&Key::new(HMAC_SHA256, key), text).as_ref().to_vec()
}
