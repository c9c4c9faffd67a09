//! Measures what auditing takes of the rate of Encrypt: the whole way from a signed request to its answer, without the
//! listener, with the audit log on disk and with one that drops what it is told. Rounds alternate between the two.
//!
//! There is no switch for it in the server: every call leaves its event. What remains here without a log is making the
//! event, about a microsecond; `measure_audit` measures that with the rest.
//!
//! `cargo run --release -p alcazar-testkit --example measure_audited -- ROUNDS MILLISECONDS`

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "it measures, by hand"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use alcazar_api_kms::operation::{CreateKey, CreateKeyRequest, Encrypt};
use alcazar_shape::{ApiOperation, Protocol};
use alcazar_testkit::{TestCloud, WireRequest};
use serde_json::json;

/// How many clients there are, as many as the bench's others have.
const CLIENTS: usize = 64;

const PROTOCOL: Protocol = Protocol::AwsJson1_1;

async fn round(cloud: &Arc<TestCloud>, request: &Arc<WireRequest>, duration: Duration) -> f64 {
    let (done, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (cloud, request) = (cloud.clone(), request.clone());
            let (done, stop) = (done.clone(), stop.clone());
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let answer = cloud.send(PROTOCOL, &request).await;
                    assert_eq!(answer.error_code, None);
                    done.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    tokio::time::sleep(duration).await;
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    f64::from(u32::try_from(done.load(Ordering::Relaxed)).unwrap()) / duration.as_secs_f64()
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>().unwrap());
    let rounds = arguments.next().unwrap_or(5);
    let duration = Duration::from_millis(arguments.next().unwrap_or(3000));
    let home = tempfile::tempdir().unwrap();
    let cloud = Arc::new(TestCloud::builder(1).build_in(home.path()));
    let root = cloud.root("111122223333");
    let key = cloud.call::<CreateKey>(&root, CreateKeyRequest::default()).await.unwrap();
    let input = json!({"KeyId": key.key_metadata.unwrap().key_id, "Plaintext": "aGVsbG8gd29ybGQ="});
    let request = WireRequest::new(PROTOCOL, Encrypt::MODEL, &input).signed(&root, "kms", cloud.wall_time());
    let request = Arc::new(request);
    round(&cloud, &request, duration / 3).await;
    let mut ratios = Vec::new();
    for _ in 0..rounds {
        cloud.audit_log().be_deaf(false);
        let audited = round(&cloud, &request, duration).await;
        cloud.audit_log().be_deaf(true);
        let unaudited = round(&cloud, &request, duration).await;
        ratios.push(audited / unaudited);
        println!("audited {audited:.0}/s, unaudited {unaudited:.0}/s: {:.1} %", 100.0 * audited / unaudited);
    }
    ratios.sort_by(f64::total_cmp);
    println!("median {:.1} %", 100.0 * ratios[ratios.len() / 2]);
}
