//! The signed requests of `testdata/sigv4/cases.json`, and ways to change them.

use std::sync::Arc;

use alcazar_base::{SecretString, Timestamp};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;

use super::*;

/// When all cases were signed.
pub(super) const NOW: &str = "20150830T123600Z";

#[derive(Deserialize)]
pub(super) struct Document {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: String,
    pub(super) cases: Vec<Case>,
}

/// One signed request, and what its signer made of it.
#[derive(Clone, Deserialize)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) source: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
    pub(super) service: String,
    pub(super) region: String,
    pub(super) unsigned_payload_allowed: bool,
    pub(super) canonical_request: String,
    pub(super) string_to_sign: String,
    pub(super) signature: String,
    #[serde(skip)]
    pub(super) key: Option<Arc<SigningKey>>,
}

pub(super) fn document() -> Document {
    serde_json::from_str(include_str!("../../testdata/sigv4/cases.json")).unwrap()
}

pub(super) fn cases() -> Vec<Case> {
    let Document { secret_access_key, mut cases, .. } = document();
    let secret = SecretString::new(secret_access_key);
    for case in &mut cases {
        let key = SigningKey::derive(&secret, "20150830", &case.region, &case.service).unwrap();
        case.key = Some(key.into());
    }
    cases
}

pub(super) fn case(name: &str) -> Case {
    cases().into_iter().find(|case| case.name == name).unwrap()
}

pub(super) fn time(text: &str) -> Timestamp {
    Timestamp::parse_amz_date(text).unwrap()
}

impl Case {
    pub(super) fn header_map(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let name: HeaderName = name.parse().unwrap();
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    pub(super) fn endpoint(&self) -> Endpoint<'_> {
        Endpoint { service: &self.service, unsigned_payload_allowed: self.unsigned_payload_allowed }
    }

    pub(super) fn parts<'a>(&'a self, headers: &'a HeaderMap) -> RequestToVerify<'a> {
        RequestToVerify {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers,
            authority: None,
        }
    }

    pub(super) fn key(&self) -> &SigningKey {
        self.key.as_ref().unwrap()
    }

    pub(super) fn claim(&self) -> Result<Claim, SignatureError> {
        parse(&self.parts(&self.header_map()))
    }

    pub(super) fn verify_at(&self, now: Timestamp) -> Result<(), SignatureError> {
        let headers = self.header_map();
        let parts = self.parts(&headers);
        parse(&parts)?.verify(self.key(), &parts, Payload::Body(self.body.as_bytes()), &self.endpoint(), now)
    }

    pub(super) fn verify(&self) -> Result<(), SignatureError> {
        self.verify_at(time(NOW))
    }

    pub(super) fn header(&mut self, name: &str) -> &mut String {
        let found = self.headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name));
        &mut found.unwrap().1
    }

    pub(super) fn without_header(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    pub(super) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(super) fn replacing_in_header(mut self, name: &str, from: &str, to: &str) -> Self {
        let value = self.header(name);
        assert!(value.contains(from), "{value}");
        *value = value.replace(from, to);
        self
    }

    pub(super) fn replacing_in_query(mut self, from: &str, to: &str) -> Self {
        assert!(self.query.contains(from), "{}", self.query);
        self.query = self.query.replace(from, to);
        self
    }

    pub(super) fn message(&self) -> String {
        self.verify().unwrap_err().to_string()
    }
}
