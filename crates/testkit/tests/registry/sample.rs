//! A valid input for each operation, as a JSON document with the members' names, in a file for each service.
//!
//! Every sensitive member holds [`CANARY`], so that it is found wherever it leaks to. What a sample names has whatever
//! the service's condition keys tell of it, such as tags.

mod kms;
mod sts;

use alcazar_shape::{OperationModel, Protocol};
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::Value as Json;

/// What stands in sensitive members. Its length is a multiple of three, so that its base64 text is the same
/// wherever it begins at one.
pub(crate) const CANARY: &str = "CANARY";

/// What the samples name.
pub(crate) struct Things {
    kms: kms::Things,
}

impl Things {
    /// New things of the caller's own.
    pub(crate) async fn new(cloud: &TestCloud, caller: &TestCaller) -> Self {
        Self { kms: kms::Things::new(cloud, caller).await }
    }
}

/// The operations of every service, each with a protocol of its service.
pub(crate) fn operations(cloud: &TestCloud) -> Vec<(&'static OperationModel, Protocol)> {
    let mut operations = Vec::new();
    for service in cloud.cloud().services() {
        for entry in service.operations {
            operations.extend(service.model.protocols.iter().map(|protocol| (entry.model, *protocol)));
        }
    }
    assert!(operations.len() >= 2 * 25, "{}", operations.len());
    operations
}

/// A valid input.
pub(crate) fn of(operation: &OperationModel, things: &Things) -> Json {
    match operation.service.name {
        "kms" => kms::sample(operation.name, &things.kms),
        "sts" => sts::sample(operation.name),
        service => panic!("give {service} its samples"),
    }
}
