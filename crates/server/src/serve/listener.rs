//! Accepting connections, and ending them in order.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alcazar_engine::Tls;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use super::handler::{Connection, Serves};
use super::limit::{
    CONNECTIONS_MAX, HEAD_BYTES_MAX, HEAD_TIME_MAX, HEADERS_MAX, HTTP2_STREAMS_MAX, STOP_TIME_MAX,
    TLS_HANDSHAKE_TIME_MAX,
};
use super::state::State;

/// How long accepting pauses when the system has no file or memory for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Listens until `stop` is done, then finishes the requests that were begun.
pub(crate) async fn run(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    serves: Serves,
    state: Arc<State>,
    stop: impl Future<Output = ()>,
) {
    let builder = Arc::new(builder());
    let graceful = Arc::new(GracefulShutdown::new());
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    tokio::pin!(stop);
    loop {
        let permit = tokio::select! {
            permit = room.clone().acquire_owned() => permit,
            () = &mut stop => break,
        };
        let Ok(permit) = permit else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(cause = %error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let (builder, tls, state) = (builder.clone(), tls.clone(), state.clone());
        let watcher = graceful.watcher();
        tokio::spawn(async move {
            state.metrics.connections.inc();
            let peer = Peer { address: peer, serves };
            serve(stream, peer, tls, state.clone(), &builder, watcher).await;
            state.metrics.connections.dec();
            drop(permit);
        });
    }
    drop(listener);
    if let Ok(graceful) = Arc::try_unwrap(graceful)
        && tokio::time::timeout(STOP_TIME_MAX, graceful.shutdown()).await.is_err()
    {
        tracing::warn!("some requests did not finish in time");
    }
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        // Answers are small: copying them behind their head is cheaper than two buffers a write.
        .writev(false)
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(HTTP2_STREAMS_MAX)
        .max_header_list_size(u32::try_from(HEAD_BYTES_MAX).unwrap_or(u32::MAX))
        .keep_alive_interval(HEAD_TIME_MAX);
    builder
}

/// Who is at the other end, and what is served to it.
#[derive(Debug, Clone, Copy)]
struct Peer {
    address: SocketAddr,
    serves: Serves,
}

async fn serve(
    stream: TcpStream,
    peer: Peer,
    tls: Option<TlsAcceptor>,
    state: Arc<State>,
    builder: &Builder<TokioExecutor>,
    watcher: hyper_util::server::graceful::Watcher,
) {
    // Answers are written whole, so waiting to fill a packet only delays them. A socket that refuses still works.
    let _ = stream.set_nodelay(true);
    let Some(acceptor) = tls else {
        return connection(stream, peer, None, state, builder, watcher).await;
    };
    match tokio::time::timeout(TLS_HANDSHAKE_TIME_MAX, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => {
            let session = session(&stream);
            connection(stream, peer, session, state, builder, watcher).await;
        }
        Ok(Err(error)) => tracing::debug!(cause = %error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

async fn connection<S>(
    stream: S,
    peer: Peer,
    tls: Option<Tls>,
    state: Arc<State>,
    builder: &Builder<TokioExecutor>,
    watcher: hyper_util::server::graceful::Watcher,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Peer { address, serves } = peer;
    let shared = Arc::new(Connection { state, serves, peer: address, tls, last_origin: Mutex::new(None) });
    let service = service_fn(move |request| shared.clone().handle(request));
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(cause = %error, "a connection ended early");
    }
}

/// The session as audit events describe it.
fn session(stream: &tokio_rustls::server::TlsStream<TcpStream>) -> Option<Tls> {
    let (_, session) = stream.get_ref();
    let version = match session.protocol_version()? {
        rustls::ProtocolVersion::TLSv1_2 => "TLSv1.2",
        rustls::ProtocolVersion::TLSv1_3 => "TLSv1.3",
        _ => "unknown",
    };
    let suite = session.negotiated_cipher_suite()?.suite();
    let cipher_suite = suite.as_str().map_or_else(|| format!("{suite:?}"), str::to_owned);
    Some(Tls { version: version.to_owned(), cipher_suite })
}
