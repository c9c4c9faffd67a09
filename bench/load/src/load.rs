//! The closed loop: each connection sends its next request when the last one is answered. What ends inside the
//! measured time is counted, against the CPU time that the server used in it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::{runtime, time};

use crate::connection::Connection;
use crate::error::BenchError;
use crate::fixture::Fixture;
use crate::histogram::Histogram;
use crate::operation::Operation;
use crate::request::{POOL_MAX, Request, pool};
use crate::sigv4::Credentials;
use crate::{clock, process, report};

/// How long after the end of the measured time the last answers are waited for.
const LAST_ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// What to send, and how long.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The operation to send.
    operation: Operation,
    /// The server's address.
    #[arg(long)]
    server: SocketAddr,
    /// The directory that `prepare` filled.
    #[arg(long)]
    fixture: PathBuf,
    #[command(flatten)]
    credentials: Credentials,
    /// Connections, each with one request under way.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=4096))]
    connections: u16,
    /// Threads that the connections are spread over.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: u16,
    /// Milliseconds that are measured. Requests are signed when the run begins and servers take signatures for
    /// five minutes, so a run ends before that.
    #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u64).range(1..=200_000))]
    measure_ms: u64,
    /// Milliseconds of load before that.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u64).range(0..=60_000))]
    warm_up_ms: u64,
    /// Send for keys drawn at random, other ones for another seed, rather than for each in its turn.
    #[arg(long)]
    seed: Option<u64>,
    /// The server's process, for its CPU time and memory.
    #[arg(long)]
    pid: Option<u32>,
}

/// The time that is measured.
#[derive(Debug, Clone, Copy)]
struct Window {
    start: Instant,
    end: Instant,
}

/// Runs the load, and reports.
pub(crate) fn run(options: &Options) -> Result<Value, BenchError> {
    let mut fixture = Fixture::read(&options.fixture)?;
    fixture.run = clock::wall_clock().as_millis();
    if let Some(seed) = options.seed {
        fixture.draw(seed, POOL_MAX);
    }
    let host = options.server.to_string();
    let requests = pool(&options.credentials, &host, clock::wall_clock(), options.operation, &fixture)?;
    let requests: Arc<[Request]> = requests.into();

    let start = clock::now() + Duration::from_millis(options.warm_up_ms);
    let window = Window { start, end: start + Duration::from_millis(options.measure_ms) };
    let threads: Vec<_> = (0..options.threads)
        .map(|thread| {
            let lanes: Vec<u16> =
                (0..options.connections).filter(|lane| lane % options.threads == thread).collect();
            let (server, stride) = (options.server, usize::from(options.connections));
            let requests = Arc::clone(&requests);
            thread::spawn(move || run_thread(server, &lanes, stride, &requests, window))
        })
        .collect();

    let before = sleep_and_read(window.start, options.pid)?;
    let after = sleep_and_read(window.end, options.pid)?;
    let mut latencies = Histogram::new();
    for thread in threads {
        latencies.merge(&thread.join().map_err(|_| BenchError::ThreadLost)??);
    }
    summary(options, &latencies, &before, &after)
}

/// What was used when: the moment, the server's and this process's CPU time.
#[derive(Debug)]
struct Reading {
    moment: Instant,
    server: Option<Duration>,
    client: Duration,
}

fn sleep_and_read(until: Instant, pid: Option<u32>) -> Result<Reading, BenchError> {
    thread::sleep(until.saturating_duration_since(clock::now()));
    let server = pid.map(process::cpu_time).transpose()?;
    Ok(Reading { moment: clock::now(), server, client: process::cpu_time(std::process::id())? })
}

fn summary(
    options: &Options,
    latencies: &Histogram,
    before: &Reading,
    after: &Reading,
) -> Result<Value, BenchError> {
    let requests = latencies.total();
    if requests == 0 {
        return Err(BenchError::NothingMeasured);
    }
    let elapsed = after.moment - before.moment;
    let server = before.server.zip(after.server).map(|(before, after)| after.saturating_sub(before));
    let client = after.client.saturating_sub(before.client);
    Ok(json!({
        "operation": options.operation.name(),
        "requests": requests,
        "seconds": elapsed.as_secs_f64(),
        "requests_per_second": report::rate(requests, elapsed),
        "latency_p50_us": latencies.percentile(50),
        "latency_p99_us": latencies.percentile(99),
        "server_cpu_us_per_request": server.map(|used| report::per(report::micros(used), requests)),
        "client_cpu_us_per_request": report::per(report::micros(client), requests),
        "server_resident_kib": options.pid.map(process::resident_kib).transpose()?,
    }))
}

/// One thread's connections, on a runtime of its own.
fn run_thread(
    server: SocketAddr,
    lanes: &[u16],
    stride: usize,
    requests: &Arc<[Request]>,
    window: Window,
) -> Result<Histogram, BenchError> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let all_lanes = async {
        let mut connections = JoinSet::new();
        for &lane in lanes {
            connections.spawn(run_lane(server, lane, stride, Arc::clone(requests), window));
        }
        let mut latencies = Histogram::new();
        while let Some(lane) = connections.join_next().await {
            latencies.merge(&lane.map_err(|_| BenchError::ThreadLost)??);
        }
        Ok(latencies)
    };
    runtime.block_on(async {
        let deadline = time::Instant::from_std(window.end + LAST_ANSWER_TIMEOUT);
        time::timeout_at(deadline, all_lanes).await.map_err(|_| BenchError::Unanswered)?
    })
}

/// One connection's loop. The lanes' strides interleave, so that together they send the whole pool.
async fn run_lane(
    server: SocketAddr,
    lane: u16,
    stride: usize,
    requests: Arc<[Request]>,
    window: Window,
) -> Result<Histogram, BenchError> {
    let mut connection = Connection::open(server).await?;
    let mut latencies = Histogram::new();
    let mut sent = clock::now();
    let mut turns = requests.iter().cycle().skip(usize::from(lane)).step_by(stride);
    while let Some(request) = turns.next()
        && sent < window.end
    {
        connection.call(request).await?;
        let answered = clock::now();
        if answered >= window.start && answered < window.end {
            latencies.record(answered - sent);
        }
        sent = answered;
    }
    Ok(latencies)
}
