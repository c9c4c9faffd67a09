//! The CloudTrail record of every operation, as its account sees it, against the one that was reviewed.
//!
//! `golden/<service>/<Operation>.json` has it, with all that differs from run to run replaced. Run the tests with
//! `ALCAZAR_GOLDEN=write` to write the files again, and look at what has changed.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use alcazar_engine::audit::render::to_cloudtrail;
use alcazar_shape::OperationModel;
use alcazar_testkit::{TestCloud, WireRequest};
use regex_lite::Regex;
use serde_json::Value as Json;

use crate::recorded::Recorded;
use crate::sample::{self, CANARY, Things};

const ACCOUNT: &str = "111122223333";

/// What says that the files are to be written.
const WRITE: &str = "ALCAZAR_GOLDEN";

/// What differs from run to run, and what stands there instead.
const RANDOM: &[(&str, &str)] = &[
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>"),
    (r"\b(AKIA|ASIA|AROA|AIDA|ANPA|AGPA|AIPA|ANVA)[A-Z0-9]{10,}", "<$1>"),
    (r"\b(mrk|cks)-[0-9a-f]+", "<$1>"),
    (r"\b(o|p|rp)-[a-z0-9]{8,32}\b", "<$1>"),
    (r"\b(h|car)-[a-z0-9]{8,32}\b", "<$1>"),
    (r"\bou-[a-z0-9]{4,32}-[a-z0-9]{8,32}\b", "<ou>"),
    (r"\br-[a-z0-9]{4,32}\b", "<r>"),
    (r"\b[0-9a-f]{64}\b", "<hash>"),
    (r"[A-Za-z0-9+/=_-]{60,}", "<blob>"),
];

/// The record of an operation's sample, with what differs from run to run.
pub(crate) async fn record_of(operation: &'static OperationModel) -> Json {
    let cloud = TestCloud::new(40);
    let root = cloud.root(ACCOUNT);
    let now = cloud.wall_time();
    let things = Things::of(operation.service.name, &cloud, &root).await;
    let mut recorded = Recorded::new(cloud);
    recorded.skip();
    let caller = things.caller(operation).clone();
    let protocol = operation.service.protocols[0];
    let request = WireRequest::new(protocol, operation, &sample::of(operation, &things));
    let request = request.signed(&caller, operation.service.signing_name, now);
    let response = recorded.send(protocol, &request, operation.name).await;
    let event = recorded.last_event();
    assert_eq!(response.status(), 200, "{}: {:?}", operation.name, event.error_message);
    to_cloudtrail(&event, event.recipient())
}

fn settled(record: &Json) -> String {
    let mut text = serde_json::to_string_pretty(record).unwrap();
    for (random, instead) in RANDOM {
        text = Regex::new(random).unwrap().replace_all(&text, *instead).into_owned();
    }
    // Accounts that the samples make have numbers of their own, and other things names with such digits.
    let digits = Regex::new(r"\b[0-9a-f]{12}\b").unwrap();
    let instead = |found: &regex_lite::Captures<'_>| match &found[0] {
        ACCOUNT | "444455556666" | "999988887777" => found[0].to_owned(),
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => "<account>".to_owned(),
        _ => "<tag>".to_owned(),
    };
    digits.replace_all(&text, instead).into_owned() + "\n"
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/registry/golden")
}

#[tokio::test]
async fn every_operation_leaves_the_record_that_was_reviewed() {
    let writes = env::var_os(WRITE).is_some();
    let (mut faults, mut wanted) = (Vec::new(), BTreeMap::new());
    for operation in sample::models(&TestCloud::new(40)) {
        let path = directory().join(operation.service.name).join(format!("{}.json", operation.name));
        let Ok(record) = tokio::spawn(record_of(operation)).await else {
            faults.push(format!("{} does not succeed", operation.name));
            continue;
        };
        let text = settled(&record);
        assert!(!text.contains(CANARY), "{}: {text}", operation.name);
        if writes {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &text).unwrap();
        }
        match fs::read_to_string(&path) {
            Ok(golden) if golden == text => {}
            Ok(golden) => faults.push(format!("{} is not as it was:\n{golden}\nbut\n{text}", operation.name)),
            Err(_) => faults.push(format!("{} has no golden record", operation.name)),
        }
        wanted.insert(path, ());
    }
    let services = fs::read_dir(directory()).unwrap().map(|entry| entry.unwrap().path());
    for service in services.filter(|path| path.is_dir()) {
        for file in fs::read_dir(service).unwrap().map(|entry| entry.unwrap().path()) {
            if !wanted.contains_key(&file) {
                faults.push(format!("{} is of no operation", file.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}\nIf that is meant, run with {WRITE}=write.", faults.join("\n"));
}
