//! One kept-alive connection: a request goes out, its whole response comes back. It parses no more than it must,
//! because what the generator spends, the server on the same machine lacks.

use std::net::SocketAddr;
use std::ops::Range;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::error::BenchError;
use crate::request::Request;

/// No answer that is measured comes near this.
const RESPONSE_BYTES_MAX: usize = 1 << 20;
/// The most headers of a response.
const HEADERS_MAX: usize = 64;
/// How much of a wrong answer is shown.
const SHOWN_CHARS_MAX: usize = 400;

/// Where the parts of a response are in the bytes that hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The HTTP status.
    pub(crate) status: u16,
    /// Where the body is.
    pub(crate) body: Range<usize>,
}

/// Finds the frame of a response; `None` while its head is not whole.
pub(crate) fn frame(bytes: &[u8]) -> Result<Option<Frame>, BenchError> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut response = httparse::Response::new(&mut headers);
    let not_http = |why: &str| BenchError::NotHttp(why.to_owned());
    let head_length = match response.parse(bytes).map_err(|error| not_http(&error.to_string()))? {
        httparse::Status::Complete(length) => length,
        httparse::Status::Partial => return Ok(None),
    };
    let content_length = response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .and_then(|header| std::str::from_utf8(header.value).ok()?.trim().parse::<usize>().ok())
        .filter(|length| *length <= RESPONSE_BYTES_MAX)
        .ok_or_else(|| not_http("no usable content length"))?;
    let status = response.code.unwrap_or_default();
    Ok(Some(Frame { status, body: head_length..head_length + content_length }))
}

/// A response, in the connection's buffer.
#[derive(Debug)]
pub(crate) struct Response<'a> {
    /// Head and body.
    pub(crate) whole: &'a [u8],
    /// The body.
    pub(crate) body: &'a [u8],
}

/// A connection to the server.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(server: SocketAddr) -> Result<Self, BenchError> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 << 10) })
    }

    /// Sends a request and waits for its answer, which has to be the right one.
    pub(crate) async fn call(&mut self, request: &Request) -> Result<Response<'_>, BenchError> {
        self.stream.write_all(&request.bytes).await?;
        self.buffer.clear();
        let frame = loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(BenchError::Closed);
            }
            if let Some(frame) = frame(&self.buffer)?
                && self.buffer.len() >= frame.body.end
            {
                break frame;
            }
            if self.buffer.len() > RESPONSE_BYTES_MAX {
                return Err(BenchError::NotHttp("the response is too long".to_owned()));
            }
        };
        let body = self.buffer.get(frame.body).unwrap_or_default();
        check(frame.status, body, &request.expected)?;
        Ok(Response { whole: &self.buffer, body })
    }
}

fn check(status: u16, body: &[u8], expected: &str) -> Result<(), BenchError> {
    let text = std::str::from_utf8(body).unwrap_or_default();
    if status == 200 && text.contains(expected) {
        return Ok(());
    }
    let body = text.chars().take(SHOWN_CHARS_MAX).collect();
    Err(BenchError::WrongAnswer { status, expected: expected.to_owned(), body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_found_once_the_head_is_whole() {
        let response = b"HTTP/1.1 200 OK\r\nx: y\r\nCONTENT-length: 3\r\n\r\nabc";
        assert_eq!(frame(response).unwrap(), Some(Frame { status: 200, body: 44..47 }));
        assert_eq!(frame(&response[..20]).unwrap(), None);
        assert_eq!(&response[44..], b"abc");
    }

    #[test]
    fn a_response_without_a_usable_length_is_refused() {
        assert!(frame(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(frame(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n").is_err());
        assert!(frame(b"SSH-2.0-x\r\n").is_err());
    }

    #[test]
    fn only_the_expected_answer_is_right() {
        assert!(check(200, b"{\"Plaintext\":\"eA==\"}", "eA==").is_ok());
        assert!(check(200, b"{}", "eA==").is_err());
        assert!(check(400, b"eA==", "eA==").is_err());
    }
}
