//! The canonical form of a request, which is what a signature is over.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::ops::Range;

use percent_encoding::percent_decode_str;

use super::error::SignatureError;
use super::{RequestToVerify, limit};

/// The services whose paths are object keys: every byte of them counts, and they are encoded once.
const RAW_PATH_SERVICES: [&str; 5] = ["s3", "s3express", "s3-object-lambda", "s3-outposts", "s3tables"];

/// What most requests' canonical forms fit into, in bytes.
const CAPACITY: usize = 1024;

/// Whether a service takes paths as they are.
pub(super) fn has_raw_path(service: &str) -> bool {
    RAW_PATH_SERVICES.contains(&service)
}

/// The whole canonical request.
pub(super) fn request(
    parts: &RequestToVerify<'_>,
    signed_headers: &str,
    raw_path: bool,
    presigned: bool,
    payload_hash: &str,
) -> Result<Vec<u8>, SignatureError> {
    let mut out = Vec::with_capacity(CAPACITY);
    out.extend_from_slice(parts.method.as_bytes());
    out.push(b'\n');
    if raw_path {
        push_raw_path(&mut out, parts.path);
    } else {
        push_normalized_path(&mut out, parts.path);
    }
    out.push(b'\n');
    push_query(&mut out, parts.query, presigned);
    out.push(b'\n');
    push_headers(&mut out, parts, signed_headers)?;
    out.push(b'\n');
    out.extend_from_slice(signed_headers.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(payload_hash.as_bytes());
    Ok(out)
}

/// The path of an object: each byte encoded once, however the client wrote it.
fn push_raw_path(out: &mut Vec<u8>, path: &str) {
    if path.is_empty() {
        out.push(b'/');
    }
    for byte in percent_decode_str(path) {
        if byte == b'/' { out.push(byte) } else { push_encoded(out, byte) }
    }
}

/// The path of anything else: dot segments and empty ones resolved, and the rest, which is encoded already,
/// encoded again.
fn push_normalized_path(out: &mut Vec<u8>, path: &str) {
    let start = out.len();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                let written = out.get(start..).unwrap_or_default();
                let parent_length = written.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
                out.truncate(start + parent_length);
            }
            _ => {
                out.push(b'/');
                segment.bytes().for_each(|byte| push_encoded(out, byte));
            }
        }
    }
    if out.len() == start || path.ends_with('/') {
        out.push(b'/');
    }
}

/// The query: names and values decoded as a form's are and encoded anew, sorted by name and then by value.
/// The signature itself is left out where it is part of the query.
fn push_query(out: &mut Vec<u8>, query: &str, presigned: bool) {
    if query.is_empty() {
        return;
    }
    let mut encoded = Vec::with_capacity(query.len() + query.len() / 2);
    let mut pairs: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = push_form_encoded(&mut encoded, name);
        if presigned && encoded.get(name.clone()) == Some(b"X-Amz-Signature") {
            continue;
        }
        let value = push_form_encoded(&mut encoded, value);
        pairs.push((name, value));
    }
    let text = |range: &Range<usize>| encoded.get(range.clone()).unwrap_or_default();
    pairs.sort_unstable_by(|(name_a, value_a), (name_b, value_b)| {
        text(name_a).cmp(text(name_b)).then_with(|| text(value_a).cmp(text(value_b)))
    });
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push(b'&');
        }
        out.extend_from_slice(text(name));
        out.push(b'=');
        out.extend_from_slice(text(value));
    }
}

/// Appends a name or value of the query in its one canonical form; returns where it stands. A plus sign is a
/// space, as it is to whoever reads the query afterwards.
fn push_form_encoded(out: &mut Vec<u8>, text: &str) -> Range<usize> {
    let start = out.len();
    for (index, part) in text.split('+').enumerate() {
        if index > 0 {
            push_encoded(out, b' ');
        }
        percent_decode_str(part).for_each(|byte| push_encoded(out, byte));
    }
    start..out.len()
}

/// The signed headers, each with its values trimmed, their spaces folded, and joined by commas.
fn push_headers(
    out: &mut Vec<u8>,
    parts: &RequestToVerify<'_>,
    signed_headers: &str,
) -> Result<(), SignatureError> {
    let size_max = out.len() + limit::SIGNED_HEADER_BYTES_MAX;
    for name in signed_headers.split(';').filter(|name| !name.is_empty()) {
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        let mut values = parts.headers.get_all(name).iter().map(http::HeaderValue::as_bytes).peekable();
        if values.peek().is_some() {
            for (index, value) in values.enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                push_folded(out, value);
            }
        } else if let (":authority" | "host", Some(authority)) = (name, parts.authority) {
            push_folded(out, authority.as_bytes());
        } else {
            // What is said to be signed and is not there was lost on the way, or never was.
            return Err(SignatureError::Mismatch);
        }
        out.push(b'\n');
        if out.len() > size_max {
            return Err(SignatureError::TooLarge {
                what: "The signed headers",
                max: limit::SIGNED_HEADER_BYTES_MAX,
            });
        }
    }
    Ok(())
}

fn push_folded(out: &mut Vec<u8>, value: &[u8]) {
    let words = value.split(|&byte| byte == b' ' || byte == b'\t').filter(|word| !word.is_empty());
    for (index, word) in words.enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
}

/// Appends a byte as RFC 3986 would have it: itself if unreserved, or else percent-encoded.
fn push_encoded(out: &mut Vec<u8>, byte: u8) {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
        out.push(byte);
    } else {
        out.extend_from_slice(percent_encoding::percent_encode_byte(byte).as_bytes());
    }
}
