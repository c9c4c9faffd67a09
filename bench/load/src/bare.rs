//! The bare server: hyper, set up as a lean server would be, that reads a request whole and answers recorded bytes.
//! It is what serving costs before anything is done for the answer; or, with work, what it costs to serve the work alone.

use std::convert::Infallible;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, DATE, HeaderName};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime;

use crate::connection;
use crate::error::BenchError;
use crate::primitive::{Primitive, Work};

/// The most headers of a recorded answer.
const HEADERS_MAX: usize = 64;

/// What to answer, and where.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The address to listen on.
    #[arg(long)]
    listen: SocketAddr,
    /// A recorded answer: head and body as a server sent them.
    #[arg(long)]
    answer: PathBuf,
    /// What to do before each answer, e.g. `RSA_2048/RSASSA_PSS_SHA_256/sign`; nothing by default.
    #[arg(long)]
    work: Option<Work>,
}

/// An answer, ready to be sent again and again.
#[derive(Debug, Clone)]
struct Answer {
    status: StatusCode,
    headers: http::HeaderMap,
    body: Bytes,
}

/// What every connection does.
struct Service {
    answer: Answer,
    work: Option<Primitive>,
}

/// Serves until the process is ended.
pub(crate) fn run(options: &Options) -> Result<Value, BenchError> {
    let work = options.work.map(Primitive::new).transpose()?;
    let service = Arc::new(Service { answer: read_answer(&options.answer)?, work });
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(options.listen).await?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::spawn(serve(stream, Arc::clone(&service)));
        }
    })
}

/// Serves one connection. A client that goes away is none of the server's business.
async fn serve(stream: TcpStream, service: Arc<Service>) {
    let respond = service_fn(|request| {
        let service = Arc::clone(&service);
        async move { Ok::<_, Infallible>(respond(request, &service).await) }
    });
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), respond).await;
}

async fn respond(request: Request<Incoming>, service: &Service) -> Response<Full<Bytes>> {
    let Service { answer, work } = service;
    let read = request.into_body().collect().await.is_ok();
    let worked = work.as_ref().is_none_or(|work| work.work().is_ok());
    let mut response = Response::new(Full::new(answer.body.clone()));
    *response.status_mut() = if read && worked { answer.status } else { StatusCode::BAD_REQUEST };
    response.headers_mut().clone_from(&answer.headers);
    response
}

fn read_answer(path: &Path) -> Result<Answer, BenchError> {
    let bytes = fs::read(path).map_err(BenchError::file(path))?;
    parse_answer(&bytes)?.ok_or_else(|| BenchError::NotHttp(path.display().to_string()))
}

/// The answer in these bytes. Hyper writes the headers that belong to the connection itself.
fn parse_answer(bytes: &[u8]) -> Result<Option<Answer>, BenchError> {
    let Some(frame) = connection::frame(bytes)? else { return Ok(None) };
    let mut storage = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut head = httparse::Response::new(&mut storage);
    let not_http = |error: &dyn std::error::Error| BenchError::NotHttp(error.to_string());
    head.parse(bytes).map_err(|error| not_http(&error))?;
    let mut headers = http::HeaderMap::new();
    for header in &*head.headers {
        let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(|error| not_http(&error))?;
        if ![CONTENT_LENGTH, DATE, CONNECTION].contains(&name) {
            headers.append(name, HeaderValue::from_bytes(header.value).map_err(|error| not_http(&error))?);
        }
    }
    let status = StatusCode::from_u16(frame.status).map_err(|error| not_http(&error))?;
    let body = bytes.get(frame.body).map(Bytes::copy_from_slice);
    Ok(body.map(|body| Answer { status, headers, body }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_answer_keeps_its_status_headers_and_body() {
        let recorded =
            b"HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\nx-amzn-requestid: r\r\n\
                         content-length: 2\r\ndate: Sun, 22 Nov 2026 00:00:00 GMT\r\n\r\n{}";
        let answer = parse_answer(recorded).unwrap().unwrap();
        assert_eq!((answer.status, answer.body.as_ref()), (StatusCode::OK, b"{}".as_slice()));
        assert_eq!(answer.headers.len(), 2);
        assert_eq!(answer.headers["x-amzn-requestid"], "r");
    }

    #[test]
    fn an_answer_that_was_cut_short_is_none() {
        assert!(parse_answer(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}").unwrap().is_none());
        assert!(parse_answer(b"HTTP/1.1 200 OK\r\ncontent-").unwrap().is_none());
    }
}
