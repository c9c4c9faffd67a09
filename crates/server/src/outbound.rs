//! The home of the engine's outbound port: HTTP to hosts that callers name.
//!
//! What always holds: TLS 1.2 or 1.3, with the certificate verified, unless the endpoint is named without TLS; the address that is connected to is the one that
//! the policy of [`address`] passed, whatever a name resolves to a moment later; no redirect is followed, and time and
//! size are bounded.

mod address;
mod settings;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use alcazar_engine::port::BoxFuture;
use alcazar_engine::port::clock::Clock;
use alcazar_engine::port::outbound::{
    Outbound, OutboundAnswer, OutboundError, OutboundMethod, OutboundRequest, OutboundSend,
};
use alcazar_wire::sigv4::Signer;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HOST, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

pub(crate) use self::settings::{OutboundSettings, hosts};
use crate::serve::wall_clock::WallClock;

/// How long resolving, connecting and TLS may take together.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(1);

/// How many of a name's addresses are tried.
const ADDRESSES_TRIED_MAX: usize = 4;

/// The port of HTTPS, and of HTTP without TLS.
const PORT: u16 = 443;
const PLAIN_PORT: u16 = 80;

type Result<T> = std::result::Result<T, OutboundError>;

/// A connection, with TLS or without.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A client for the hosts that callers name. It keeps no connections.
pub(crate) struct HttpsClient {
    settings: OutboundSettings,
    tls: TlsConnector,
}

impl HttpsClient {
    /// A client that trusts the machine's roots, and those of the settings.
    ///
    /// # Errors
    /// A root cannot be used.
    pub(crate) fn new(settings: OutboundSettings) -> std::result::Result<Self, rustls::Error> {
        // A machine without roots trusts nobody but whom the operator names.
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        for root in settings.roots.iter() {
            roots.add(CertificateDer::from_slice(root))?;
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { settings, tls: TlsConnector::from(Arc::new(tls)) })
    }

    /// The addresses of a host that may be connected to.
    async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>> {
        if let Some(address) = self.settings.hosts.get(host) {
            return Ok(vec![*address]);
        }
        let resolved = tokio::net::lookup_host((host, port)).await;
        let resolved = resolved.map_err(|cause| OutboundError::Unreachable(cause.to_string()))?;
        let allowed: Vec<_> = resolved
            .filter(|address| address::is_allowed(address.ip(), self.settings.private))
            .take(ADDRESSES_TRIED_MAX)
            .collect();
        if allowed.is_empty() {
            return Err(OutboundError::Unreachable("none of its addresses is allowed".to_owned()));
        }
        Ok(allowed)
    }

    async fn connect(&self, request: &OutboundRequest) -> Result<Box<dyn Stream>> {
        let unreachable = |cause: &dyn std::fmt::Display| OutboundError::Unreachable(cause.to_string());
        let name = ServerName::try_from(request.host.clone()).map_err(|cause| unreachable(&cause))?;
        let (tls, port) = match &request.method {
            OutboundMethod::Send(send) => (send.tls, send.port),
            _ if !matches!(name, ServerName::DnsName(_)) => {
                return Err(unreachable(&"hosts are named, not numbered"));
            }
            OutboundMethod::Get | OutboundMethod::Post { .. } => (true, PORT),
        };
        let mut failure = unreachable(&"it has no address");
        for address in self.addresses(&request.host, port).await? {
            match TcpStream::connect(address).await {
                Ok(stream) if tls => {
                    let stream = self.tls.connect(name, stream).await;
                    let stream = stream.map_err(|cause| OutboundError::Tls(cause.to_string()))?;
                    return Ok(Box::new(stream));
                }
                Ok(stream) => return Ok(Box::new(stream)),
                Err(cause) => failure = unreachable(&cause),
            }
        }
        Err(failure)
    }

    async fn exchange(&self, request: &OutboundRequest) -> Result<OutboundAnswer> {
        let formed = formed(request)?;
        let connected = timeout(CONNECT_TIME_MAX, self.connect(request)).await;
        let stream =
            connected.map_err(|_| OutboundError::Unreachable("no connection in time".to_owned()))??;
        let unreadable = |cause: &dyn std::fmt::Display| OutboundError::Unreadable(cause.to_string());
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|cause| unreadable(&cause))?;
        let driver = tokio::spawn(connection);
        let answered = timeout(request.answer_time_max, async {
            let response = sender.send_request(formed).await.map_err(|cause| unreadable(&cause))?;
            let status = response.status().as_u16();
            let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
            let retry_after = retry_after.map(str::to_owned);
            let body = Limited::new(response.into_body(), request.answer_size_max).collect().await;
            let body = body.map_err(|cause| match cause.downcast_ref::<LengthLimitError>() {
                Some(_) => unreadable(&"it is too long"),
                None => unreadable(&cause),
            })?;
            Ok(OutboundAnswer { status, retry_after, body: body.to_bytes() })
        })
        .await;
        driver.abort();
        answered.map_err(|_| OutboundError::TimedOut)?
    }
}

impl Outbound for HttpsClient {
    fn send<'a>(
        &'a self,
        request: &'a OutboundRequest,
    ) -> BoxFuture<'a, std::result::Result<OutboundAnswer, OutboundError>> {
        Box::pin(async move {
            let outcome = self.exchange(request).await;
            if let Err(cause) = &outcome {
                tracing::warn!(host = request.host, %cause, "a host outside gave no answer");
            }
            outcome
        })
    }
}

/// The headers of a request to an endpoint; none if one of them cannot be sent.
fn sent_headers(request: &OutboundRequest, send: &OutboundSend) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in &send.headers {
        let mut value = HeaderValue::from_str(value.expose()).ok()?;
        value.set_sensitive(true);
        headers.append(HeaderName::from_bytes(name.as_bytes()).ok()?, value);
    }
    let host = if request.host.contains(':') { format!("[{}]", request.host) } else { request.host.clone() };
    let is_usual = send.port == if send.tls { PORT } else { PLAIN_PORT };
    let host = if is_usual { host } else { format!("{host}:{}", send.port) };
    headers.insert(HOST, HeaderValue::from_str(&host).ok()?);
    Some(headers)
}

/// The request as it goes over the wire. A signature is dated by the machine's time, which the other side compares with
/// its own.
fn formed(request: &OutboundRequest) -> Result<Request<Full<Bytes>>> {
    let cannot = || OutboundError::Unreachable("the request cannot be formed".to_owned());
    let mut headers = HeaderMap::new();
    headers.insert(HOST, HeaderValue::from_str(&request.host).map_err(|_| cannot())?);
    let (method, body) = match &request.method {
        OutboundMethod::Get => {
            headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
            (Method::GET, Bytes::new())
        }
        OutboundMethod::Post { body, signature } => {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            let signer = Signer {
                access_key_id: &signature.access_key_id,
                secret_access_key: &signature.secret_access_key,
                region: signature.region.as_str(),
                service: signature.service,
            };
            let signed = signer.sign("POST", &request.path, &mut headers, body, WallClock.now());
            signed.map_err(|_| cannot())?;
            (Method::POST, Bytes::from(body.clone()))
        }
        OutboundMethod::Send(send) => {
            headers = sent_headers(request, send).ok_or_else(cannot)?;
            let method = Method::from_bytes(send.method.as_bytes()).map_err(|_| cannot())?;
            (method, Bytes::from(send.body.clone()))
        }
    };
    let formed = Request::builder().method(method).uri(&request.path).body(Full::new(body));
    let mut formed = formed.map_err(|_| cannot())?;
    *formed.headers_mut() = headers;
    Ok(formed)
}
