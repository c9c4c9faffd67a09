//! Requests to API destinations: what is sent of an event, and what answers mean.
//!
//! What the connection says wins over what the target says.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html>

use std::collections::BTreeMap;
use std::time::Duration;

use alcazar_base::{SecretString, Timestamp};
use alcazar_engine::port::outbound::{
    HttpUrl, OutboundAnswer, OutboundError, OutboundMethod, OutboundRequest, OutboundSend,
};
use alcazar_event::InputPath;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::ApiDestination;
use crate::connection::Connection;
use crate::connection::authorization::with_query;
use crate::connection::credentials::Credentials;
use crate::connection::parameter::{Parameter, Parameters};
use crate::failure::{Failure, Wait};
use crate::target::HttpParameters;

/// How long an endpoint may take to answer.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(5);

/// How long its answer may be, in bytes. Requests say so, too.
const ANSWER_SIZE_MAX: usize = 1024 * 1024;

/// What all requests say, unless a parameter says something else.
const HEADERS: [(&str, &str); 1] = [("Content-Type", "application/json; charset=utf-8")];

/// What all requests say.
const FIXED_HEADERS: [(&str, &str); 4] = [
    ("User-Agent", "Amazon/EventBridge/ApiDestinations"),
    ("Range", "bytes=0-1048575"),
    ("Accept-Encoding", "gzip,deflate"),
    ("Connection", "close"),
];

/// Headers that belong to the connection, the request itself or the way there: no target sets them.
const RESERVED_HEADERS: [&str; 14] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "expect",
    "host",
    "max-forwards",
    "proxy-authorization",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What a value in a path is escaped of: all that is not unreserved.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a request is made of.
pub(crate) struct Making<'m> {
    /// Where it goes.
    pub destination: &'m ApiDestination,
    /// How it proves who calls.
    pub connection: &'m Connection,
    /// The token, if that is how.
    pub token: Option<&'m SecretString>,
    /// What the target says.
    pub http: Option<&'m HttpParameters>,
    /// The event.
    pub event: &'m str,
    /// What the target is sent of it.
    pub body: String,
}

fn invalid(message: impl Into<String>) -> Failure {
    Failure::lasting("INVALID_PARAMETER", message)
}

impl Making<'_> {
    /// The request.
    ///
    /// # Errors
    /// Nothing can be sent of this event.
    pub(crate) fn request(self) -> Result<OutboundRequest, Failure> {
        let url = HttpUrl::parse(&self.destination.endpoint)
            .ok_or_else(|| invalid("The invocation endpoint is not valid."))?;
        let method = self.destination.shown_method().map(|method| method.as_str());
        let method = method.ok_or_else(|| invalid("The HTTP method is not valid."))?;
        let path = self.path(&url.path);
        let headers = self.headers()?;
        let body = self.body()?;
        // These have no body.
        let body = if matches!(method, "GET" | "HEAD") { Vec::new() } else { body };
        Ok(OutboundRequest {
            host: url.host,
            path,
            method: OutboundMethod::Send(OutboundSend {
                tls: url.tls,
                port: url.port,
                method,
                headers,
                body,
            }),
            answer_time_max: ANSWER_TIME_MAX,
            answer_size_max: ANSWER_SIZE_MAX,
        })
    }

    fn given(&self, of: fn(&Parameters) -> &Option<Vec<Parameter>>) -> &[Parameter] {
        let parameters = self.connection.parameters.as_ref();
        parameters.and_then(|parameters| of(parameters).as_deref()).unwrap_or_default()
    }

    /// A value of the target: a part of the event, if it is a path to one.
    fn value(&self, text: &str) -> String {
        let path = text.starts_with('$').then(|| InputPath::parse(text).ok()).flatten();
        let Some(path) = path else { return text.to_owned() };
        let selected = path.select(self.event).unwrap_or_default();
        serde_json::from_str::<String>(&selected).unwrap_or(selected)
    }

    fn path(&self, path: &str) -> String {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let mut values = self.http.and_then(|http| http.path.as_deref()).unwrap_or_default().iter();
        let mut filled = String::with_capacity(path.len());
        for character in path.chars() {
            match values.as_slice().first().filter(|_| character == '*') {
                Some(value) => {
                    filled.extend(utf8_percent_encode(&self.value(value), PATH));
                    values.next();
                }
                None => filled.push(character),
            }
        }
        if let Some(query) = query {
            filled.push('?');
            filled.push_str(query);
        }
        let own = self.given(|parameters| &parameters.query);
        let mut pairs: Vec<(String, String)> =
            own.iter().map(|own| (own.key.clone(), own.value.expose().to_owned())).collect();
        for (key, value) in self.http.and_then(|http| http.query.as_ref()).into_iter().flatten() {
            if !own.iter().any(|own| own.key == *key) {
                pairs.push((key.clone(), self.value(value)));
            }
        }
        let pairs: Vec<_> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        with_query(&filled, &pairs)
    }

    fn headers(&self) -> Result<Vec<(String, SecretString)>, Failure> {
        let text = |text: &str| SecretString::new(text.to_owned());
        let mut headers: Vec<(String, SecretString)> = Vec::new();
        let add = |headers: &mut Vec<(String, SecretString)>, name: &str, value: SecretString| {
            if !headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name)) {
                headers.push((name.to_owned(), value));
            }
        };
        match &self.connection.credentials {
            Some(Credentials::Basic { username, password }) => {
                let pair = SecretString::new(format!("{username}:{}", password.expose()));
                let encoded = SecretString::new(BASE64_STANDARD.encode(pair.expose()));
                add(&mut headers, "Authorization", text(&format!("Basic {}", encoded.expose())));
            }
            Some(Credentials::ApiKey { name, value }) => add(&mut headers, name, value.clone()),
            Some(Credentials::OAuth(_)) => {
                let token = self.token.map(SecretString::expose).unwrap_or_default();
                add(&mut headers, "Authorization", text(&format!("Bearer {token}")));
            }
            None => return Err(invalid("The connection has no authorization parameters.")),
        }
        for (name, value) in FIXED_HEADERS {
            add(&mut headers, name, text(value));
        }
        for own in self.given(|parameters| &parameters.headers) {
            add(&mut headers, &own.key, own.value.clone());
        }
        for (name, value) in self.http.and_then(|http| http.headers.as_ref()).into_iter().flatten() {
            let value = self.value(value);
            if value.chars().any(char::is_control) {
                return Err(invalid(format!("The value of header {name} is not valid.")));
            }
            if !RESERVED_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
                add(&mut headers, name, SecretString::new(value));
            }
        }
        for (name, value) in HEADERS {
            add(&mut headers, name, text(value));
        }
        Ok(headers)
    }

    /// The body, with the members that the connection adds.
    fn body(self) -> Result<Vec<u8>, Failure> {
        let own = self.given(|parameters| &parameters.body);
        if own.is_empty() {
            return Ok(self.body.into_bytes());
        }
        let mut members: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(&self.body).map_err(|_| {
                Failure::invalid_json("Body parameters can be added to a JSON object alone.".to_owned())
            })?;
        for Parameter { key, value, .. } in own {
            let value = RawValue::from_string(Json::from(value.expose()).to_string());
            let value = value.map_err(|error| Failure::invalid_json(error.to_string()))?;
            members.insert(key.clone(), value);
        }
        serde_json::to_vec(&members).map_err(|error| Failure::invalid_json(error.to_string()))
    }
}

/// What all failures begin with.
const UNABLE: &str = "Unable to invoke ApiDestination endpoint: ";

/// What an answer means: some failures pass by themselves, and an endpoint may say when.
///
/// # Errors
/// The endpoint did not take the request.
pub(crate) fn outcome(
    answered: Result<OutboundAnswer, OutboundError>,
    now: Timestamp,
) -> Result<(), Failure> {
    let passing = |code, message: &str| Failure::passing(code, format!("{UNABLE}{message}"));
    let answer = match answered {
        Ok(answer) => answer,
        Err(OutboundError::TimedOut) => {
            return Err(passing("TIMEOUT", "The API destination endpoint did not respond in time."));
        }
        Err(_) => {
            return Err(passing("CONNECTION_FAILURE", "API destination endpoint cannot be reached."));
        }
    };
    let message = format!("Request failed with status code {}.", answer.status);
    let failure = match answer.status {
        200..300 => return Ok(()),
        401 | 407 => passing(
            "SDK_CLIENT_ERROR",
            "The request failed because the credentials included for the connection are not authorized for the API destination.",
        ),
        429 => passing("THROTTLING", &message),
        409 | 500.. => passing("ERROR_FROM_TARGET", &message),
        _ => return Err(Failure::lasting("SDK_CLIENT_ERROR", format!("{UNABLE}{message}"))),
    };
    match answer.retry_after.as_deref().and_then(|text| read_retry_after(text, now)) {
        None => Err(failure),
        Some(RetryAfter::Never) => Err(Failure { is_passing: false, ..failure }),
        Some(RetryAfter::At(at)) => Err(Failure { wait: Some(Wait::AtLeastUntil(at)), ..failure }),
    }
}

/// When an endpoint wants to be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RetryAfter {
    At(Timestamp),
    Never,
}

/// Reads seconds or a date; what is neither says nothing.
fn read_retry_after(text: &str, now: Timestamp) -> Option<RetryAfter> {
    if let Ok(seconds) = text.trim().parse::<i64>() {
        let Ok(seconds) = u32::try_from(seconds) else {
            return Some(if seconds < 0 { RetryAfter::Never } else { RetryAfter::At(now + FAR) });
        };
        return Some(RetryAfter::At(now + Duration::from_secs(seconds.into())));
    }
    let date = httpdate::parse_http_date(text.trim()).ok()?;
    let since = date.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(RetryAfter::At(Timestamp::from_millis(i64::try_from(since.as_millis()).ok()?)))
}

/// Longer than any event is tried.
const FAR: Duration = Duration::from_secs(u32::MAX as u64);

#[cfg(test)]
mod tests {
    use alcazar_base::{AccountId, Region};

    use super::*;
    use crate::connection::State;
    use crate::connection::credentials::Kind;

    const EVENT: &str = r#"{"id":"1","detail":{"order":"a/b c","count":3,"bad":"x\ny"}}"#;

    fn parameter(key: &str, value: &str) -> Parameter {
        Parameter { key: key.into(), value: SecretString::new(value.into()), is_secret: false }
    }

    fn connection(credentials: Credentials, parameters: Option<Parameters>) -> Connection {
        Connection {
            account: AccountId::ZERO,
            region: "eu-west-1".parse::<Region>().unwrap(),
            name: "c".into(),
            id: "id".into(),
            description: None,
            secret: "s".into(),
            kms_key: None,
            kind: Kind::Basic,
            credentials: Some(credentials),
            parameters,
            state: State::Authorized,
            reason: None,
            created: Timestamp::from_secs(0),
            modified: Timestamp::from_secs(0),
            authorized: None,
        }
    }

    fn api_key() -> Credentials {
        Credentials::ApiKey { name: "X-Key".into(), value: SecretString::new("k".into()) }
    }

    fn made(
        endpoint: &str,
        method: &str,
        connection: &Connection,
        http: Option<&HttpParameters>,
    ) -> Result<(String, OutboundSend), Failure> {
        let destination = ApiDestination {
            account: AccountId::ZERO,
            region: connection.region.clone(),
            name: "d".into(),
            id: "id".into(),
            description: None,
            connection_arn: connection.arn(),
            endpoint: endpoint.into(),
            method: method.into(),
            rate: None,
            created: connection.created,
            modified: connection.created,
        };
        let token = SecretString::new("t0ken".into());
        let making = Making {
            destination: &destination,
            connection,
            token: Some(&token),
            http,
            event: EVENT,
            body: EVENT.to_owned(),
        };
        let request = making.request()?;
        let OutboundMethod::Send(send) = request.method else { panic!("it is sent") };
        Ok((format!("{}{}", request.host, request.path), send))
    }

    fn header<'s>(send: &'s OutboundSend, name: &str) -> Vec<&'s str> {
        let named = send.headers.iter().filter(|(given, _)| given.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.expose()).collect()
    }

    #[test]
    fn a_request_has_the_event_and_what_all_requests_have() {
        let connection = connection(api_key(), None);
        let (place, send) = made("https://Api.example.com/in", "POST", &connection, None).unwrap();
        assert_eq!(
            (place.as_str(), send.method, send.tls, send.port),
            ("api.example.com/in", "POST", true, 443)
        );
        assert_eq!(send.body, EVENT.as_bytes());
        for (name, value) in [
            ("X-Key", "k"),
            ("Content-Type", "application/json; charset=utf-8"),
            ("User-Agent", "Amazon/EventBridge/ApiDestinations"),
            ("Range", "bytes=0-1048575"),
        ] {
            assert_eq!(header(&send, name), [value]);
        }
        assert!(made("https://a.example.com/", "GET", &connection, None).unwrap().1.body.is_empty());
    }

    #[test]
    fn a_connection_proves_who_calls() {
        let basic = Credentials::Basic { username: "u".into(), password: SecretString::new("pw".into()) };
        let (_, send) = made("https://a.example.com/", "PUT", &connection(basic, None), None).unwrap();
        assert_eq!(header(&send, "authorization"), ["Basic dTpwdw=="]);
        let oauth = Credentials::OAuth(crate::connection::credentials::OAuth {
            client_id: "c".into(),
            client_secret: SecretString::new("s".into()),
            endpoint: "https://auth.example.com/".into(),
            method: "POST".into(),
            parameters: None,
        });
        let (_, send) = made("https://a.example.com/", "PUT", &connection(oauth, None), None).unwrap();
        assert_eq!(header(&send, "authorization"), ["Bearer t0ken"]);
    }

    #[test]
    fn the_target_fills_the_path_and_adds_what_the_connection_does_not_say() {
        let own = Parameters {
            headers: Some(vec![parameter("X-Both", "connection")]),
            query: Some(vec![parameter("both", "connection"), parameter("q", "a&b")]),
            body: Some(vec![parameter("added", "1"), parameter("id", "2")]),
        };
        let text = str::to_owned;
        let http = HttpParameters {
            path: Some(vec![text("$.detail.order"), text("v/2")]),
            headers: Some(BTreeMap::from([
                (text("x-both"), text("target")),
                (text("Authorization"), text("mine")),
                (text("Content-Type"), text("text/plain")),
                (text("X-Count"), text("$.detail.count")),
            ])),
            query: Some(BTreeMap::from([
                (text("both"), text("target")),
                (text("count"), text("$.detail.count")),
            ])),
        };
        let connection = connection(api_key(), Some(own));
        let endpoint = "https://a.example.com:8443/*/x/*/*?fix=1";
        let (place, send) = made(endpoint, "PATCH", &connection, Some(&http)).unwrap();
        assert_eq!(place, "a.example.com/a%2Fb%20c/x/v%2F2/*?fix=1&both=connection&q=a%26b&count=3");
        assert_eq!(send.port, 8443);
        assert_eq!(header(&send, "x-both"), ["connection"]);
        assert_eq!(header(&send, "authorization"), Vec::<&str>::new());
        assert_eq!(
            (header(&send, "content-type"), header(&send, "x-count")),
            (vec!["text/plain"], vec!["3"])
        );
        let body: Json = serde_json::from_slice(&send.body).unwrap();
        assert_eq!(
            (&body["added"], &body["id"], &body["detail"]["count"]),
            (&"1".into(), &"2".into(), &3.into())
        );
    }

    #[test]
    fn no_event_adds_a_header_by_a_line_break() {
        let http = HttpParameters {
            path: None,
            headers: Some(BTreeMap::from([("X".to_owned(), "$.detail.bad".to_owned())])),
            query: None,
        };
        let refused = made("https://a.example.com/", "POST", &connection(api_key(), None), Some(&http));
        assert_eq!(refused.unwrap_err().code, "INVALID_PARAMETER");
    }

    #[test]
    fn only_what_passes_is_tried_again_and_not_before_the_endpoint_says() {
        let now = Timestamp::from_secs(1_000_000);
        let of = |status, retry_after: Option<&str>| {
            let retry_after = retry_after.map(str::to_owned);
            outcome(Ok(OutboundAnswer { status, retry_after, body: "".into() }), now)
        };
        for status in [200, 204, 299] {
            assert_eq!(of(status, None), Ok(()));
        }
        for status in [401, 407, 409, 429, 500, 503, 599] {
            assert!(of(status, None).unwrap_err().is_passing, "{status}");
        }
        for status in [100, 301, 304, 400, 403, 404, 410, 422] {
            assert!(!of(status, None).unwrap_err().is_passing, "{status}");
        }
        let wait = |text| of(503, Some(text)).unwrap_err().wait;
        let at = |seconds| Some(Wait::AtLeastUntil(Timestamp::from_secs(seconds)));
        assert_eq!((wait("90"), wait("soon")), (at(1_000_090), None));
        assert_eq!(wait("Sat, 10 Jan 1970 00:00:00 GMT"), at(777_600));
        assert!(!of(503, Some("-1")).unwrap_err().is_passing);
        assert_eq!(of(429, None).unwrap_err().code, "THROTTLING");
        assert_eq!(outcome(Err(OutboundError::TimedOut), now).unwrap_err().code, "TIMEOUT");
        let unreachable = outcome(Err(OutboundError::Unreachable(String::new())), now).unwrap_err();
        assert_eq!((unreachable.code, unreachable.is_passing), ("CONNECTION_FAILURE", true));
    }
}
