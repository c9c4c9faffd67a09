//! A client of Parameter Store: typed calls in AWS JSON 1.1, signed, and tried again where that helps.
//!
//! What always holds: values are in secret types on either side of a call, and no error tells one.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alcazar_crypto::Entropy;
use alcazar_engine::port::clock::Clock;
use alcazar_shape::convert::Structure;
use alcazar_shape::{ApiOperation, Shape};
use alcazar_wire::json::{from_json, to_json};
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_types::body::SdkBody;
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Method, Request};
use http_body_util::{BodyExt, Limited};
use serde::Deserialize;
use thiserror::Error;
use tokio::sync::Mutex;
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::connection::{Connection, ConnectionError, chain};
use super::pace::{self, Again, Pace};
use crate::serve::wall_clock::{WallClock, moment};

/// The service, in the scope of signatures.
const SERVICE: &str = "ssm";

/// What operations are called by: `AmazonSSM.PutParameter`.
const TARGET: &str = "x-amz-target";

/// The header that carries an error's code beside the body.
const ERROR_TYPE: &str = "x-amzn-errortype";

/// The longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How long before their end credentials are asked for again.
const CREDENTIALS_LEFT_MIN: Duration = Duration::from_secs(300);

/// A call that did not succeed.
#[derive(Debug, Error)]
pub(crate) enum CallError {
    /// Parameter Store refused it, or failed.
    #[error("{operation}: {code}: {message}")]
    Service {
        /// The operation.
        operation: &'static str,
        /// The error's code.
        code: String,
        /// What the service says.
        message: String,
    },
    /// There is no way to the endpoint.
    #[error("{endpoint} does not answer: {cause}")]
    Unreachable {
        /// The endpoint.
        endpoint: String,
        /// Why not.
        cause: String,
    },
    /// The answer is not one of Parameter Store.
    #[error("{endpoint} does not answer as Parameter Store does (status {status})")]
    Unreadable {
        /// The endpoint.
        endpoint: String,
        /// The answer's status.
        status: u16,
    },
    /// There are no credentials.
    #[error("no credentials: {0}")]
    Credentials(String),
    /// The request cannot be formed.
    #[error("the request cannot be formed: {0}")]
    Request(String),
    /// There is no way to Parameter Store.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
}

/// What an error's body tells.
#[derive(Deserialize)]
struct ErrorBody {
    #[serde(rename = "__type")]
    code: Option<String>,
    #[serde(alias = "Message")]
    message: Option<String>,
}

/// An answer, whatever it says.
struct Answer {
    status: u16,
    error_type: Option<String>,
    body: Zeroizing<Vec<u8>>,
}

impl Answer {
    /// The code and the message of the error that it is; none if it is not one of AWS's.
    fn error(&self) -> Option<(String, String)> {
        let body = serde_json::from_slice(&self.body).unwrap_or(ErrorBody { code: None, message: None });
        let code = body.code.or_else(|| self.error_type.clone())?;
        // `namespace#Code` in bodies, `Code:http://…` in headers.
        let code = code.rsplit('#').next()?.split(':').next()?;
        Some((code.to_owned(), body.message.unwrap_or_default()))
    }
}

/// A client.
pub(crate) struct Client {
    connection: Connection,
    credentials: Mutex<Option<Credentials>>,
    pace: Pace,
    entropy: Arc<dyn Entropy>,
}

impl Client {
    /// A client that goes the way that was found.
    pub(crate) fn new(connection: Connection, entropy: Arc<dyn Entropy>) -> Self {
        Self { connection, credentials: Mutex::default(), pace: Pace::default(), entropy }
    }

    /// Calls an operation.
    ///
    /// # Errors
    /// It did not succeed, however often it was tried.
    pub(crate) async fn call<A: ApiOperation>(&self, input: A::Input) -> Result<A::Output, CallError> {
        let body = Zeroizing::new(to_json(A::Input::SCHEMA, &input.into_value()));
        let mut tries = 0;
        loop {
            self.pace.turn(Instant::from_std(moment())).await;
            tries += 1;
            let (error, why) = match self.exchange(A::MODEL.name, &body).await {
                Ok(answer) if answer.status == 200 => {
                    self.pace.answered(false);
                    let output = from_json(A::Output::SCHEMA, &answer.body).ok();
                    let output = output.and_then(|value| A::Output::from_value(value).ok());
                    return output.ok_or_else(|| self.unreadable(200));
                }
                Ok(answer) => self.refusal(A::MODEL.name, &answer),
                Err(error @ CallError::Unreachable { .. }) => (error, Some(Again::Failed)),
                Err(error) => return Err(error),
            };
            self.pace.answered(why == Some(Again::Throttled));
            let mut part = [0];
            // Without randomness callers are merely not kept apart.
            let _ = self.entropy.fill_public(&mut part);
            match why.and_then(|why| pace::pause(why, tries, u8::from_ne_bytes(part))) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(error),
            }
        }
    }

    async fn exchange(&self, operation: &'static str, body: &[u8]) -> Result<Answer, CallError> {
        let request = self.signed(operation, body).await?;
        let request = request.try_into().map_err(|error| CallError::Request(chain(&error)))?;
        let answered = self.connection.transport.connector.call(request).await;
        let response = answered.map_err(|error| self.unreachable(chain(&error)))?;
        let status = response.status().as_u16();
        let error_type = response.headers().get(ERROR_TYPE).map(str::to_owned);
        let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|error| self.unreachable(error.to_string()))?.to_bytes();
        Ok(Answer { status, error_type, body: Zeroizing::new(body.into()) })
    }

    async fn signed(&self, operation: &str, body: &[u8]) -> Result<Request<SdkBody>, CallError> {
        let identity = self.credentials().await?.into();
        let request = Request::builder()
            .method(Method::POST)
            .uri(&self.connection.endpoint)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1"))
            .header(USER_AGENT, concat!("alcazar/", env!("CARGO_PKG_VERSION")))
            .header(TARGET, format!("AmazonSSM.{operation}"))
            .body(SdkBody::from(body));
        let mut request = request.map_err(|error| CallError::Request(error.to_string()))?;
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.connection.region)
            .name(SERVICE)
            .time(now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| CallError::Request(error.to_string()))?
            .into();
        // What a proxy may change is not signed.
        let headers = request.headers().iter().filter(|(name, _)| *name != USER_AGENT);
        let headers = headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let signable = SignableRequest::new(
            "POST",
            self.connection.endpoint.to_string(),
            headers,
            SignableBody::Bytes(body),
        );
        let signed = signable.and_then(|signable| sign(signable, &params));
        let (instructions, _) = signed.map_err(|error| CallError::Request(chain(&error)))?.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        Ok(request)
    }

    async fn credentials(&self) -> Result<Credentials, CallError> {
        let mut held = self.credentials.lock().await;
        let lasts = |held: &&Credentials| held.expiry().is_none_or(|end| end > now() + CREDENTIALS_LEFT_MIN);
        if let Some(held) = held.as_ref().filter(lasts) {
            return Ok(held.clone());
        }
        let found = self.connection.credentials.provide_credentials().await;
        let found = found.map_err(|error| CallError::Credentials(chain(&error)))?;
        *held = Some(found.clone());
        Ok(found)
    }

    /// The error that an answer is, and whether it may be gone at another try.
    fn refusal(&self, operation: &'static str, answer: &Answer) -> (CallError, Option<Again>) {
        match answer.error() {
            Some((code, message)) => {
                let again = pace::again(answer.status, &code);
                (CallError::Service { operation, code, message }, again)
            }
            None => (self.unreadable(answer.status), pace::again(answer.status, "")),
        }
    }

    fn unreachable(&self, mut cause: String) -> CallError {
        // The library's word for it says nothing to most people, who made the certificate with one command.
        if cause.contains("CaUsedAsEndEntity") {
            cause.push_str(
                "; its certificate is an authority's own (CA:TRUE), which cannot stand for a host too: make one with \
                 CA:FALSE, or have the authority sign one",
            );
        }
        CallError::Unreachable { endpoint: self.connection.endpoint.to_string(), cause }
    }

    fn unreadable(&self, status: u16) -> CallError {
        CallError::Unreadable { endpoint: self.connection.endpoint.to_string(), status }
    }
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(WallClock.now().as_millis()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(error_type: Option<&str>, body: &str) -> Option<(String, String)> {
        let body = Zeroizing::new(body.as_bytes().to_vec());
        Answer { status: 400, error_type: error_type.map(str::to_owned), body }.error()
    }

    fn told(code: &str, message: &str) -> Option<(String, String)> {
        Some((code.to_owned(), message.to_owned()))
    }

    #[test]
    fn an_errors_code_is_found_wherever_it_stands() {
        assert_eq!(
            error(None, r#"{"__type":"com.amazonaws.ssm#ParameterNotFound"}"#),
            told("ParameterNotFound", "")
        );
        assert_eq!(error(None, r#"{"__type":"A","Message":"why"}"#), told("A", "why"));
        assert_eq!(error(Some("A:http://internal.amazon.com/"), r#"{"message":"why"}"#), told("A", "why"));
        assert_eq!(error(None, "<html>"), None);
        assert_eq!(error(None, "{}"), None);
    }
}
