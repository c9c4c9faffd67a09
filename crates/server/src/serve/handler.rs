//! One HTTP request: the API, or one of the server's own pages under `/_alcazar/`.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use alcazar_base::limit::REQUEST_BODY_BYTES_MAX;
use alcazar_engine::port::clock::Clock;
use alcazar_engine::{Origin, Tls};
use alcazar_frontend::{Answer, Request as ApiRequest, answer, refuse};
use alcazar_shape::ApiError;
use alcazar_shape::common_error::REQUEST_ENTITY_TOO_LARGE;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;

use super::limit::{BODY_TIME_MAX, DEV_BODY_BYTES_MAX};
use super::state::State;
use super::wall_clock::{self, WallClock};

/// What the paths of the server's own pages begin with.
const OWN_PAGES: &str = "/_alcazar/";

/// What is the same for all requests of a connection.
pub(crate) struct Connection {
    pub(crate) state: Arc<State>,
    /// What is served on it.
    pub(crate) serves: Serves,
    pub(crate) peer: SocketAddr,
    pub(crate) tls: Option<Tls>,
    /// The origin of the request before; clients mostly say the same again.
    pub(crate) last_origin: Mutex<Option<Arc<Origin>>>,
}

/// What a listener serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Serves {
    /// The API and the server's own pages.
    Everything,
    /// Metrics and health, to whoever reaches the address.
    MetricsAlone,
}

/// Why a body was not read.
enum Unread {
    TooLarge,
    /// The client went away or took too long: there is nobody to answer properly.
    Broken,
}

impl Connection {
    /// Answers a request.
    pub(crate) async fn handle(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        let (parts, body) = request.into_parts();
        Ok(match (parts.uri.path().strip_prefix(OWN_PAGES), self.serves) {
            (Some("health"), _) if is_read(&parts.method) => health(),
            (Some("metrics"), Serves::MetricsAlone) if is_read(&parts.method) => self.metrics(),
            (_, Serves::MetricsAlone) => nothing_here(),
            (Some(page), Serves::Everything) => self.own_page(page, &parts, body).await,
            (None, Serves::Everything) => self.api(&parts, body).await,
        })
    }

    async fn api(&self, parts: &Parts, body: Incoming) -> Response<Full<Bytes>> {
        let cloud = self.state.cloud();
        let body = read(body, REQUEST_BODY_BYTES_MAX).await;
        let started = wall_clock::moment();
        let request = ApiRequest {
            method: &parts.method,
            path: parts.uri.path(),
            query: parts.uri.query().unwrap_or_default(),
            headers: &parts.headers,
            body: body.as_deref().unwrap_or_default(),
            authority: parts.uri.authority().map(http::uri::Authority::as_str),
            origin: self.origin(parts),
            wall_time: WallClock.now(),
        };
        let answered = match &body {
            Ok(_) => answer(&cloud, &request).await,
            Err(Unread::TooLarge) => refuse(&cloud, &request, too_large()),
            Err(Unread::Broken) => return page(StatusCode::REQUEST_TIMEOUT, "text/plain", String::new()),
        };
        self.state.metrics.count(&answered, started.elapsed());
        log(&answered);
        let encoded = answered.response;
        let mut response = Response::new(Full::new(encoded.body));
        *response.status_mut() = encoded.status;
        *response.headers_mut() = encoded.headers;
        response
    }

    async fn own_page(&self, name: &str, parts: &Parts, body: Incoming) -> Response<Full<Bytes>> {
        match (&parts.method, name, &self.state.dev) {
            (&Method::GET, "metrics", _) if self.peer.ip().is_loopback() => self.metrics(),
            (&Method::POST, "reset" | "clock", Some(dev)) => {
                let body = match read(body, DEV_BODY_BYTES_MAX).await {
                    Ok(body) => body,
                    Err(Unread::TooLarge) => {
                        return page(StatusCode::PAYLOAD_TOO_LARGE, "text/plain", String::new());
                    }
                    Err(Unread::Broken) => {
                        return page(StatusCode::REQUEST_TIMEOUT, "text/plain", String::new());
                    }
                };
                let done = match name {
                    "reset" => dev.reset(&self.state).await,
                    _ => dev.move_clock(&self.state.cloud(), &body).await,
                };
                match done {
                    Ok(json) => page(StatusCode::OK, "application/json", json),
                    Err(failure) => page(failure.status(), "application/json", failure.json()),
                }
            }
            _ => nothing_here(),
        }
    }

    /// The page of metrics, in Prometheus's text format.
    fn metrics(&self) -> Response<Full<Bytes>> {
        let text = self.state.metrics.text();
        page(StatusCode::OK, "application/openmetrics-text; version=1.0.0; charset=utf-8", text)
    }

    fn origin(&self, parts: &Parts) -> Arc<Origin> {
        let text = |value: Option<&HeaderValue>| -> String {
            let text = value.and_then(|value| value.to_str().ok()).unwrap_or_default();
            text.chars().take(Origin::USER_AGENT_LENGTH_MAX).collect()
        };
        let is = |known: &str, value: Option<&HeaderValue>| match value {
            Some(value) => value.as_bytes() == known.as_bytes(),
            None => known.is_empty(),
        };
        let (agent, host) = (parts.headers.get(USER_AGENT), parts.headers.get(HOST));
        let mut last = self.last_origin.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(origin) =
            last.as_ref().filter(|origin| is(&origin.user_agent, agent) && is(&origin.host, host))
        {
            return origin.clone();
        }
        let origin = Arc::new(Origin {
            source_ip: canonical(self.peer.ip()),
            user_agent: text(agent),
            tls: self.tls.clone(),
            host: text(host),
        });
        *last = Some(origin.clone());
        origin
    }
}

/// An IPv4 address that came in on an IPv6 socket is an IPv4 address.
fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

async fn read(body: Incoming, bytes_max: usize) -> Result<Bytes, Unread> {
    match tokio::time::timeout(BODY_TIME_MAX, Limited::new(body, bytes_max).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Unread::TooLarge),
        Ok(Err(_)) | Err(_) => Err(Unread::Broken),
    }
}

fn too_large() -> ApiError {
    REQUEST_ENTITY_TOO_LARGE.because(format!("Request body exceeds {REQUEST_BODY_BYTES_MAX} bytes"))
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn health() -> Response<Full<Bytes>> {
    let body = format!(r#"{{"status":"ok","version":"{}"}}"#, env!("CARGO_PKG_VERSION"));
    page(StatusCode::OK, "application/json", body)
}

fn nothing_here() -> Response<Full<Bytes>> {
    page(StatusCode::NOT_FOUND, "text/plain", "There is no such page here.\n".to_owned())
}

fn log(answered: &Answer) {
    tracing::debug!(
        service = answered.service,
        operation = answered.operation,
        code = answered.error_code.unwrap_or("OK"),
        status = answered.response.status.as_u16(),
        "answered"
    );
}

fn page(status: StatusCode, content_type: &'static str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
