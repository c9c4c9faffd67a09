//! Calls by documents: inputs and answers as JSON with the members' names, in no protocol in particular.
//!
//! Blobs are base64 texts, times are seconds, as [`encode`](crate::encode_input) has them.

use alcazar_shape::{ApiError, Kind, OperationModel, Protocol, Schema, Value};
use alcazar_wire::{RequestParts, codec};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use crate::caller::TestCaller;
use crate::client::WireRequest;
use crate::cloud::TestCloud;

impl TestCloud {
    /// Calls an operation of a service by its name.
    ///
    /// # Errors
    /// What a client would be told.
    pub async fn ask(
        &self,
        caller: &TestCaller,
        service: &str,
        operation: &str,
        input: &Json,
    ) -> Result<Json, ApiError> {
        let operation = self.cloud().service(service).unwrap().operation(operation).unwrap().model;
        let answer = self.invoke(caller, operation, value(operation, input)).await?;
        Ok(document(operation.output, &answer))
    }
}

/// A document as an operation reads it.
#[must_use]
pub fn value(operation: &OperationModel, document: &Json) -> Value {
    let protocol = Protocol::RpcV2Cbor;
    let request = WireRequest::new(protocol, operation, document);
    let parts = RequestParts {
        method: &request.method,
        path: &request.path,
        query: &request.query,
        headers: &request.headers,
        body: &request.body,
        secure: false,
        authority: None,
    };
    codec(protocol).decode_input(operation, &parts).unwrap()
}

/// A value as a document.
fn document(schema: &Schema, value: &Value) -> Json {
    match (&schema.kind, value) {
        (Kind::Structure { members, .. }, Value::Structure(slots)) => {
            let filled =
                members.iter().zip(slots).filter_map(|(member, slot)| Some((member, slot.as_ref()?)));
            filled.map(|(member, value)| (member.name.to_owned(), document(member.schema, value))).collect()
        }
        (Kind::List { member, .. }, Value::List(items)) => {
            items.iter().map(|item| document(member.schema, item)).collect()
        }
        (Kind::Map { value: member, .. }, Value::Map(entries)) => {
            entries.iter().map(|(key, value)| (key.clone(), document(member.schema, value))).collect()
        }
        (_, Value::Boolean(flag)) => json!(flag),
        (_, Value::Integer(number)) => json!(number),
        (_, Value::Double(number)) => json!(number),
        (_, Value::Timestamp(time)) => json!(time.as_secs()),
        (_, value) => match value.as_bytes() {
            Some(bytes) => json!(STANDARD.encode(bytes)),
            None => json!(value.as_str()),
        },
    }
}
