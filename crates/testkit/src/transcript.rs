//! Transcripts: what goes over the wire, to the letter, to be compared with a golden file.
//!
//! What is random is masked. Setting `ALCAZAR_WRITE_TRANSCRIPTS` writes the files anew; look at the difference
//! before it is committed.

use std::fmt::Write as _;
use std::path::Path;

use alcazar_shape::{OperationModel, Protocol};
use http::HeaderMap;
use serde_json::Value as Json;

use crate::caller::TestCaller;
use crate::client::WireRequest;
use crate::cloud::TestCloud;

/// What stands for every request's id.
const REQUEST_ID: &str = "00000000-0000-0000-0000-000000000000";

/// Calls in one protocol, written down with their answers.
pub struct Transcript<'a> {
    cloud: &'a TestCloud,
    protocol: Protocol,
    text: String,
    masks: Vec<(String, String)>,
}

impl<'a> Transcript<'a> {
    /// An empty transcript of calls in `protocol`.
    #[must_use]
    pub fn new(cloud: &'a TestCloud, protocol: Protocol) -> Self {
        Self { cloud, protocol, text: String::new(), masks: Vec::new() }
    }

    /// Has `mask` stand for a text that is random.
    pub fn mask(&mut self, random: &str, mask: &str) {
        self.masks.push((random.to_owned(), mask.to_owned()));
    }

    /// Calls an operation, unsigned if nobody is to have called, and writes down request and answer.
    pub async fn call(&mut self, model: &OperationModel, input: &Json, caller: Option<&TestCaller>) {
        let mut request = WireRequest::new(self.protocol, model, input);
        if let Some(caller) = caller {
            request = request.signed(caller, model.service.signing_name, self.cloud.wall_time());
        }
        let response = self.cloud.send(self.protocol, &request).await;
        let request_id = response.encoded.headers["x-amzn-requestid"].to_str().unwrap();
        self.mask(request_id, REQUEST_ID);
        writeln!(self.text, "> {} {}", request.method, request.path).unwrap();
        self.message('>', &request.headers, &request.body);
        writeln!(self.text, "< {}", response.status()).unwrap();
        self.message('<', &response.encoded.headers, &response.encoded.body);
        self.text.push('\n');
    }

    fn message(&mut self, sign: char, headers: &HeaderMap, body: &[u8]) {
        let mut lines: Vec<String> = headers
            .iter()
            .map(|(name, value)| format!("{sign} {name}: {}", without_signature(value.to_str().unwrap())))
            .collect();
        lines.sort();
        for line in lines {
            writeln!(self.text, "{line}").unwrap();
        }
        if !body.is_empty() {
            let body = match self.protocol {
                Protocol::RpcV2Cbor => minicbor::display(body).to_string(),
                _ => String::from_utf8(body.to_vec()).unwrap(),
            };
            writeln!(self.text, "{sign}\n{sign} {body}").unwrap();
        }
    }

    /// Passes if the transcript is what the golden file holds.
    pub fn compare(mut self, golden: &Path) {
        for (random, mask) in &self.masks {
            self.text = self.text.replace(random, mask);
        }
        if std::env::var_os("ALCAZAR_WRITE_TRANSCRIPTS").is_some() {
            std::fs::write(golden, &self.text).unwrap();
        }
        let expected = std::fs::read_to_string(golden).unwrap();
        assert_eq!(self.text, expected, "what goes over the wire has changed: {}", golden.display());
    }
}

/// A signature covers what is masked, so it is masked too.
fn without_signature(value: &str) -> String {
    match value.split_once("Signature=") {
        Some((before, _)) => format!("{before}Signature=0"),
        None => value.to_owned(),
    }
}
