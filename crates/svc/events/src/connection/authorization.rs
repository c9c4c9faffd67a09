//! The tokens of connections by OAuth: asked for with the client's credentials, kept until shortly before they expire,
//! and asked for anew when an endpoint does not take one.
//!
//! Sources: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-auth.html>,
//! <https://www.rfc-editor.org/rfc/rfc6749#section-4.4>

use std::time::Duration;

use alcazar_base::{AccountId, Region, SecretString, Timestamp};
use alcazar_engine::port::BoxFuture;
use alcazar_engine::port::outbound::{
    HttpUrl, OutboundAnswer, OutboundError, OutboundMethod, OutboundRequest, OutboundSend,
};
use alcazar_engine::{Cx, Delivered, Delivery, DeliveryHandler, Error, Name, NewDelivery, Result};
use minicbor::{Decode, Encode};
use serde::Deserialize;
use serde_json::Value as Json;

use super::credentials::OAuth;
use super::parameter::Parameter;
use super::{Connection, State};
use crate::dispatch::SERVICE;
use crate::failure::Failure;

const TABLE: &str = "events.connection-token";

const KIND: &str = "authorization";

/// Authorizes connections.
pub(crate) const HANDLER: DeliveryHandler = DeliveryHandler { kind: KIND, run };

/// How often an authorization server is asked again that did not answer, before a connection counts as not authorized.
const RETRIES_MAX: u32 = 4;

/// How long it is waited before the first time, and each time twice as long.
const BACKOFF: Duration = Duration::from_secs(2);

/// How long before it expires a token is used no more.
const LEEWAY: Duration = Duration::from_secs(60);

/// How long an authorization server may take to answer.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(5);

/// How long its answer may be, in bytes.
const ANSWER_SIZE_MAX: usize = 64 * 1024;

/// The type of a body of names and values.
const FORM: &str = "application/x-www-form-urlencoded";

/// A token.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Token {
    #[n(0)]
    text: SecretString,
    #[n(1)]
    expires: Option<Timestamp>,
}

/// Which connection is to be authorized.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Wanted {
    #[n(0)]
    account: AccountId,
    #[n(1)]
    region: Region,
    #[n(2)]
    name: String,
    #[n(3)]
    id: String,
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refusal {
    message: String,
    is_passing: bool,
}

/// What an authorization server answers.
#[derive(Deserialize)]
struct Answer {
    access_token: SecretToken,
    expires_in: Option<Json>,
}

/// A token as it is read, which is wiped in the end.
#[derive(Deserialize)]
#[serde(from = "String")]
struct SecretToken(SecretString);

impl From<String> for SecretToken {
    fn from(text: String) -> Self {
        Self(SecretString::new(text))
    }
}

fn token_name(connection: &Connection) -> Name {
    Name::table(TABLE).part(&connection.id).name()
}

/// Forgets the token of a connection.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn forget(cx: &mut Cx<'_>, connection: &Connection) -> Result<()> {
    cx.delete(token_name(connection))
}

/// Has a connection authorized after the commit.
///
/// # Errors
/// The delivery cannot be written.
pub(super) fn request(cx: &mut Cx<'_>, connection: &Connection) -> Result<()> {
    let wanted = Wanted {
        account: connection.account,
        region: connection.region.clone(),
        name: connection.name.clone(),
        id: connection.id.clone(),
    };
    let payload = minicbor::to_vec(wanted)
        .map_err(|error| Error::invariant(format!("an authorization cannot be written: {error}")))?;
    cx.deliver(&NewDelivery {
        service: SERVICE,
        kind: KIND,
        lane: &format!("authorization/{}", connection.id),
        in_order: true,
        at: cx.now(),
        payload,
    })
}

fn run<'a>(cx: &'a mut Cx<'_>, delivery: &'a Delivery) -> BoxFuture<'a, Result<Delivered>> {
    Box::pin(authorize(cx, delivery))
}

async fn authorize(cx: &mut Cx<'_>, delivery: &Delivery) -> Result<Delivered> {
    let Wanted { account, region, name, id } = minicbor::decode(&delivery.payload)
        .map_err(|error| Error::invariant(format!("an authorization cannot be read: {error}")))?;
    let found = super::find(cx, account, &region, &name).await?;
    let wanted = found.filter(|connection| connection.id == id && connection.state == State::Authorizing);
    let Some(connection) = wanted else { return Ok(Delivered::Done) };
    match ask(cx, &connection).await? {
        Ok(_) => {
            let authorized = Some(cx.now());
            let changed =
                Connection { state: State::Authorized, authorized, ..Connection::clone(&connection) };
            super::put(cx, changed)?;
        }
        Err(refusal) if refusal.is_passing && delivery.attempts < RETRIES_MAX => {
            let wait = BACKOFF.saturating_mul(2_u32.saturating_pow(delivery.attempts));
            return Ok(Delivered::RetryAt(cx.now() + wait));
        }
        Err(refusal) => deauthorize(cx, &connection, refusal.message)?,
    }
    Ok(Delivered::Done)
}

/// Notes that a connection cannot be used, and why.
fn deauthorize(cx: &mut Cx<'_>, connection: &Connection, reason: String) -> Result<()> {
    forget(cx, connection)?;
    super::put(
        cx,
        Connection { state: State::Deauthorized, reason: Some(reason), ..Connection::clone(connection) },
    )
}

/// The token of a connection that is authorized.
///
/// # Errors
/// Something failed inside.
pub(crate) async fn token(
    cx: &mut Cx<'_>,
    connection: &Connection,
) -> Result<std::result::Result<SecretString, Failure>> {
    let name = token_name(connection);
    let is_fresh = |token: &Token, now| token.expires.is_none_or(|expires| now + LEEWAY < expires);
    if let Some(token) = cx.get::<Token>(&name).await?.filter(|token| is_fresh(token, cx.now())) {
        return Ok(Ok(token.text.clone()));
    }
    // Whoever comes now finds the token that the first one gets.
    cx.lock([format!("{TABLE}/{}", connection.id)])?;
    match ask(cx, connection).await? {
        Ok(token) => Ok(Ok(token)),
        Err(refusal) if refusal.is_passing => Ok(Err(Failure::passing("SDK_CLIENT_ERROR", refusal.message))),
        Err(refusal) => {
            deauthorize(cx, connection, refusal.message.clone())?;
            Ok(Err(Failure::passing("SDK_CLIENT_ERROR", refusal.message)))
        }
    }
}

/// Asks for a token, and keeps it.
async fn ask(cx: &mut Cx<'_>, connection: &Connection) -> Result<std::result::Result<SecretString, Refusal>> {
    let oauth = connection.credentials.as_ref().and_then(|credentials| credentials.as_oauth());
    let lasting = |message: &str| Refusal { message: message.to_owned(), is_passing: false };
    let Some(oauth) = oauth else { return Ok(Err(lasting("The connection has no OAuth parameters."))) };
    let Some(request) = formed(oauth) else {
        return Ok(Err(lasting("The authorization request cannot be formed.")));
    };
    let token = match read(cx.ask(request).await, cx.now()) {
        Ok(token) => token,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let text = token.text.clone();
    cx.put(token_name(connection), token)?;
    Ok(Ok(text))
}

/// The request for a token; none if it cannot be made.
fn formed(oauth: &OAuth) -> Option<OutboundRequest> {
    let url = HttpUrl::parse(&oauth.endpoint)?;
    let none = Vec::new();
    let given = |of: fn(&super::Parameters) -> &Option<Vec<Parameter>>| {
        oauth.parameters.as_ref().and_then(|parameters| of(parameters).as_ref()).unwrap_or(&none)
    };
    let mut fields: Vec<(&str, &str)> = Vec::new();
    for parameter in given(|parameters| &parameters.body) {
        fields.push((&parameter.key, parameter.value.expose()));
    }
    let client = [
        ("grant_type", "client_credentials"),
        ("client_id", oauth.client_id.as_str()),
        ("client_secret", oauth.client_secret.expose()),
    ];
    for (name, value) in client {
        if !fields.iter().any(|(given, _)| *given == name) {
            fields.push((name, value));
        }
    }
    let mut headers: Vec<(String, SecretString)> = given(|parameters| &parameters.headers)
        .iter()
        .map(|header| (header.key.clone(), header.value.clone()))
        .collect();
    let has = |name: &str| headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
    let is_json = has("content-type").is_some_and(|(_, value)| value.expose().contains("json"));
    let (no_type, no_accept) = (has("content-type").is_none(), has("accept").is_none());
    let mut query: Vec<(&str, &str)> = Vec::new();
    for parameter in given(|parameters| &parameters.query) {
        query.push((&parameter.key, parameter.value.expose()));
    }
    let body = if oauth.method == "GET" {
        query.append(&mut fields);
        Vec::new()
    } else if is_json {
        let members = fields.iter().map(|(name, value)| ((*name).to_owned(), Json::from(*value)));
        Json::Object(members.collect()).to_string().into_bytes()
    } else {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish().into_bytes()
    };
    if no_type && oauth.method != "GET" {
        headers.push(("Content-Type".to_owned(), SecretString::new(FORM.to_owned())));
    }
    if no_accept {
        headers.push(("Accept".to_owned(), SecretString::new("application/json".to_owned())));
    }
    Some(OutboundRequest {
        host: url.host,
        path: with_query(&url.path, &query),
        method: OutboundMethod::Send(OutboundSend {
            tls: url.tls,
            port: url.port,
            method: match oauth.method.as_str() {
                "GET" => "GET",
                "PUT" => "PUT",
                _ => "POST",
            },
            headers,
            body,
        }),
        answer_time_max: ANSWER_TIME_MAX,
        answer_size_max: ANSWER_SIZE_MAX,
    })
}

/// A path with more in its query.
#[must_use]
pub(crate) fn with_query(path: &str, query: &[(&str, &str)]) -> String {
    if query.is_empty() {
        return path.to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    // A path that ends with its question mark has an empty query.
    let between = match path.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    format!("{path}{between}{query}")
}

/// The token of an answer.
fn read(
    answered: std::result::Result<OutboundAnswer, OutboundError>,
    now: Timestamp,
) -> std::result::Result<Token, Refusal> {
    let refusal = |message: &str, is_passing| Refusal { message: message.to_owned(), is_passing };
    let answer = match answered {
        Ok(answer) => answer,
        Err(OutboundError::Unreadable(_)) => {
            return Err(refusal("The authorization endpoint's answer cannot be read.", true));
        }
        Err(_) => return Err(refusal("The authorization endpoint cannot be reached.", true)),
    };
    if !(200..300).contains(&answer.status) {
        let is_passing = answer.status >= 500 || matches!(answer.status, 408 | 429);
        return Err(Refusal {
            message: format!("The authorization endpoint answered with status {}.", answer.status),
            is_passing,
        });
    }
    let Ok(Answer { access_token, expires_in }) = serde_json::from_slice(&answer.body) else {
        return Err(refusal("The authorization endpoint's answer has no access_token.", false));
    };
    let seconds = expires_in.and_then(|value| match value {
        Json::String(text) => text.parse().ok(),
        value => value.as_u64(),
    });
    // Longer than this is as good as for ever, and no time overflows.
    let seconds: Option<u32> = seconds.and_then(|seconds: u64| u32::try_from(seconds).ok());
    let expires = seconds.map(|seconds| now + Duration::from_secs(seconds.into()));
    Ok(Token { text: access_token.0, expires })
}

#[cfg(test)]
mod tests {
    use super::super::parameter::Parameters;
    use super::*;

    fn oauth(method: &str, parameters: Option<Parameters>) -> OAuth {
        OAuth {
            client_id: "the client".into(),
            client_secret: SecretString::new("s&cret".into()),
            endpoint: "https://auth.example.com/token?tenant=1".into(),
            method: method.into(),
            parameters,
        }
    }

    fn parameter(key: &str, value: &str) -> Parameter {
        Parameter { key: key.into(), value: SecretString::new(value.into()), is_secret: true }
    }

    fn sent(oauth: &OAuth) -> (String, OutboundSend) {
        let request = formed(oauth).unwrap();
        let OutboundMethod::Send(send) = request.method else { panic!("it is sent") };
        (request.path, send)
    }

    #[test]
    fn a_token_is_asked_for_with_a_form() {
        let parameters = Parameters {
            body: Some(vec![parameter("audience", "us"), parameter("grant_type", "other")]),
            query: Some(vec![parameter("q", "a b")]),
            headers: Some(vec![parameter("X-Extra", "1")]),
        };
        let (path, send) = sent(&oauth("POST", Some(parameters)));
        assert_eq!((path.as_str(), send.method), ("/token?tenant=1&q=a+b", "POST"));
        let body = "audience=us&grant_type=other&client_id=the+client&client_secret=s%26cret";
        assert_eq!(String::from_utf8(send.body).unwrap(), body);
        let names: Vec<_> = send.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["X-Extra", "Content-Type", "Accept"]);
    }

    #[test]
    fn or_with_json_or_in_the_query() {
        let json = Parameters {
            headers: Some(vec![parameter("content-type", "application/json")]),
            ..Parameters::default()
        };
        let (_, send) = sent(&oauth("PUT", Some(json)));
        let body: Json = serde_json::from_slice(&send.body).unwrap();
        assert_eq!((&body["client_secret"], send.method), (&Json::from("s&cret"), "PUT"));
        let (path, send) = sent(&oauth("GET", None));
        let query = "grant_type=client_credentials&client_id=the+client&client_secret=s%26cret";
        assert_eq!((path, send.body.len()), (format!("/token?tenant=1&{query}"), 0));
    }

    #[test]
    fn a_token_is_read_with_its_end() {
        let now = Timestamp::from_secs(1000);
        let answer = |status, body: &'static str| {
            read(Ok(OutboundAnswer { status, retry_after: None, body: body.into() }), now)
        };
        let end = |body| answer(200, body).unwrap().expires;
        assert_eq!(end(r#"{"access_token":"t"}"#), None);
        let hour = Some(now + Duration::from_secs(3600));
        assert_eq!(end(r#"{"access_token":"t","expires_in":3600,"token_type":"bearer"}"#), hour);
        assert_eq!(end(r#"{"access_token":"t","expires_in":"3600"}"#), hour);
        assert_eq!(end(r#"{"access_token":"t","expires_in":18446744073709551615}"#), None);
        for (status, body, is_passing) in
            [(200, "{}", false), (400, "{}", false), (503, "", true), (429, "", true), (200, "[", false)]
        {
            assert_eq!(answer(status, body).unwrap_err().is_passing, is_passing, "{status} {body}");
        }
    }
}
