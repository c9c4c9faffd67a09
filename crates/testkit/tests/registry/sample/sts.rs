//! Samples of STS.

use serde_json::{Value as Json, json};

/// A valid input.
pub(super) fn sample(operation: &str) -> Json {
    match operation {
        "GetCallerIdentity" => json!({}),
        operation => panic!("give {operation} a sample"),
    }
}
