//! The closed loop of a queue: each connection sends a message, receives one, and deletes it, or sends alone. What is
//! sent next depends on what was answered, so requests are signed as they go.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::runtime;
use tokio::task::JoinSet;

use crate::connection::Connection;
use crate::error::BenchError;
use crate::histogram::Histogram;
use crate::request::Request;
use crate::sigv4::{Credentials, Service, Signer};
use crate::{clock, process, report};

/// How many bytes a message's body has.
const BODY_BYTES: usize = 256;

/// What to do with a queue, and how long.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The server's address.
    #[arg(long)]
    server: SocketAddr,
    /// The queue's URL.
    #[arg(long)]
    queue_url: String,
    #[command(flatten)]
    credentials: Credentials,
    /// Connections, each with one request under way.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=4096))]
    connections: u16,
    /// Send, and neither receive nor delete.
    #[arg(long)]
    send_alone: bool,
    /// Milliseconds that are measured; signatures are good for five minutes.
    #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u64).range(1..=200_000))]
    measure_ms: u64,
    /// Milliseconds of load before that.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u64).range(0..=60_000))]
    warm_up_ms: u64,
    /// The server's process, for its CPU time.
    #[arg(long)]
    pid: u32,
}

/// What every connection works by.
struct Shared {
    signer: Signer,
    server: SocketAddr,
    queue_url: String,
    send_alone: bool,
    start: Instant,
    end: Instant,
}

/// Runs the load, and reports.
pub(crate) fn run(options: &Options) -> Result<Value, BenchError> {
    let start = clock::now() + Duration::from_millis(options.warm_up_ms);
    let end = start + Duration::from_millis(options.measure_ms);
    let host = options.server.to_string();
    let shared = Arc::new(Shared {
        signer: Signer::of(Service::SQS, &options.credentials, &host, clock::wall_clock()),
        server: options.server,
        queue_url: options.queue_url.clone(),
        send_alone: options.send_alone,
        start,
        end,
    });
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    let (latencies, used) = runtime.block_on(async {
        let mut lanes = JoinSet::new();
        for _ in 0..options.connections {
            lanes.spawn(run_lane(Arc::clone(&shared)));
        }
        tokio::time::sleep_until(start.into()).await;
        let before = process::cpu_time(options.pid)?;
        tokio::time::sleep_until(end.into()).await;
        let used = process::cpu_time(options.pid)?.saturating_sub(before);
        let mut latencies = Histogram::new();
        while let Some(lane) = lanes.join_next().await {
            latencies.merge(&lane.map_err(|_| BenchError::ThreadLost)??);
        }
        Ok::<_, BenchError>((latencies, used))
    })?;
    let requests = latencies.total();
    if requests == 0 {
        return Err(BenchError::NothingMeasured);
    }
    Ok(json!({
        "requests": requests,
        "requests_per_second": report::rate(requests, Duration::from_millis(options.measure_ms)),
        "latency_p50_us": latencies.percentile(50),
        "latency_p99_us": latencies.percentile(99),
        "server_cpu_us_per_request": report::per(report::micros(used), requests),
    }))
}

async fn run_lane(shared: Arc<Shared>) -> Result<Histogram, BenchError> {
    let mut lane = Lane {
        connection: Connection::open(shared.server).await?,
        latencies: Histogram::new(),
        shared,
        sequence: 0,
    };
    let body = "x".repeat(BODY_BYTES);
    while clock::now() < lane.shared.end {
        lane.call("SendMessage", json!({ "MessageBody": body }), "MessageId").await?;
        if lane.shared.send_alone {
            continue;
        }
        // Another connection may have been given the message; its own is there then, or a moment later.
        let received = lane.call("ReceiveMessage", json!({ "WaitTimeSeconds": 1 }), "").await?;
        let received: Value = serde_json::from_slice(&received)?;
        if let Some(handle) = received.pointer("/Messages/0/ReceiptHandle") {
            lane.call("DeleteMessage", json!({ "ReceiptHandle": handle }), "").await?;
        }
    }
    Ok(lane.latencies)
}

struct Lane {
    shared: Arc<Shared>,
    connection: Connection,
    latencies: Histogram,
    sequence: usize,
}

impl Lane {
    async fn call(
        &mut self,
        operation: &str,
        mut body: Value,
        expected: &str,
    ) -> Result<Vec<u8>, BenchError> {
        if let Some(members) = body.as_object_mut() {
            members.insert("QueueUrl".to_owned(), Value::from(self.shared.queue_url.as_str()));
        }
        self.sequence += 1;
        let request = Request::of(&self.shared.signer, operation, &body, expected.to_owned(), self.sequence);
        let sent = clock::now();
        let answer = self.connection.call(&request).await?.body.to_vec();
        let answered = clock::now();
        if answered >= self.shared.start && answered < self.shared.end {
            self.latencies.record(answered - sent);
        }
        Ok(answer)
    }
}
