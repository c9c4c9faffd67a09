//! Fills a server before it is measured: makes keys and ciphertexts, and records one answer of each operation for
//! the bare server to repeat.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::{runtime, time};

use crate::connection::{Connection, Response};
use crate::error::BenchError;
use crate::fixture::{Fixture, answer_path};
use crate::operation::{Operation, fixture_encrypt_body};
use crate::request::Request;
use crate::sigv4::{Credentials, Signer};
use crate::{clock, report};

/// Ciphertexts that Decrypt cycles through.
const CIPHERTEXTS: usize = 4096;
/// Requests that are signed together. Far fewer than a server answers while a signature is fresh.
const CHUNK: usize = 4096;
/// How long one answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);

/// What to make.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The server's address.
    #[arg(long)]
    server: SocketAddr,
    /// The directory to write keys, ciphertexts and answers to.
    #[arg(long)]
    fixture: PathBuf,
    #[command(flatten)]
    credentials: Credentials,
    /// Keys to make.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    keys: u32,
    /// Connections that make them.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=4096))]
    connections: u16,
}

/// Makes what was asked for, writes the fixture, and reports.
pub(crate) fn run(options: &Options) -> Result<Value, BenchError> {
    fs::create_dir_all(&options.fixture).map_err(BenchError::file(&options.fixture))?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(prepare(options))
}

async fn prepare(options: &Options) -> Result<Value, BenchError> {
    let wanted = usize::try_from(options.keys).unwrap_or(usize::MAX);
    let mut fixture = Fixture::default();
    let started = clock::now();
    while fixture.keys.len() < wanted {
        let first = fixture.keys.len();
        let bodies = (first..wanted.min(first + CHUNK))
            .map(|index| Operation::CreateKey.body(&fixture, index))
            .collect::<Result<Vec<_>, _>>()?;
        let answers = call_all(options, Operation::CreateKey, &bodies).await?;
        for answer in answers {
            fixture.keys.push(member(&answer, "/KeyMetadata/Arn")?);
        }
    }
    let elapsed = clock::now() - started;

    // The keys of the ciphertexts are spread over all that there are.
    let bodies = (0..CIPHERTEXTS)
        .map(|index| Ok(fixture_encrypt_body(fixture.key(index * wanted / CIPHERTEXTS)?, index)))
        .collect::<Result<Vec<_>, BenchError>>()?;
    for answer in call_all(options, Operation::Encrypt, &bodies).await? {
        fixture.ciphertexts.push(member(&answer, "/CiphertextBlob")?);
    }
    fixture.write(&options.fixture)?;
    record_answers(options, &fixture).await?;
    Ok(json!({
        "keys": fixture.keys.len(),
        "seconds": elapsed.as_secs_f64(),
        "keys_per_second": report::rate(u64::from(options.keys), elapsed),
    }))
}

/// Sends these bodies over all connections, and returns the answers' bodies in the same order.
async fn call_all(
    options: &Options,
    operation: Operation,
    bodies: &[Value],
) -> Result<Vec<Vec<u8>>, BenchError> {
    let signer = Signer::new(&options.credentials, &options.server.to_string(), clock::wall_clock());
    let requests: Arc<[Request]> = bodies
        .iter()
        .enumerate()
        .map(|(index, body)| Request::signed(&signer, operation, body, index))
        .collect::<Vec<_>>()
        .into();
    let next = Arc::new(AtomicUsize::new(0));
    let mut lanes = JoinSet::new();
    for _ in 0..options.connections {
        lanes.spawn(call_some(options.server, Arc::clone(&requests), Arc::clone(&next)));
    }
    let mut answers = Vec::with_capacity(requests.len());
    while let Some(lane) = lanes.join_next().await {
        answers.extend(lane.map_err(|_| BenchError::ThreadLost)??);
    }
    answers.sort_by_key(|(index, _)| *index);
    Ok(answers.into_iter().map(|(_, body)| body).collect())
}

async fn call_some(
    server: SocketAddr,
    requests: Arc<[Request]>,
    next: Arc<AtomicUsize>,
) -> Result<Vec<(usize, Vec<u8>)>, BenchError> {
    let mut connection = Connection::open(server).await?;
    let mut answers = Vec::new();
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(request) = requests.get(index) else { return Ok(answers) };
        answers.push((index, call(&mut connection, request).await?.body.to_vec()));
    }
}

async fn call<'a>(connection: &'a mut Connection, request: &Request) -> Result<Response<'a>, BenchError> {
    time::timeout(ANSWER_TIMEOUT, connection.call(request)).await.map_err(|_| BenchError::Unanswered)?
}

/// One answer of each operation, byte for byte.
async fn record_answers(options: &Options, fixture: &Fixture) -> Result<(), BenchError> {
    let signer = Signer::new(&options.credentials, &options.server.to_string(), clock::wall_clock());
    let mut connection = Connection::open(options.server).await?;
    for operation in Operation::ALL {
        let request = Request::signed(&signer, operation, &operation.body(fixture, 0)?, 0);
        let path = answer_path(&options.fixture, operation);
        let answer = call(&mut connection, &request).await?;
        fs::write(&path, answer.whole).map_err(BenchError::file(&path))?;
    }
    Ok(())
}

fn member(body: &[u8], path: &'static str) -> Result<String, BenchError> {
    let value: Value = serde_json::from_slice(body)?;
    value.pointer(path).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| BenchError::MissingMember {
        member: path,
        body: String::from_utf8_lossy(body).into_owned(),
    })
}
