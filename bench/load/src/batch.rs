//! Requests that are sent once each, over many connections, and whose answers are kept.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time;

use crate::clock;
use crate::connection::{Connection, Response};
use crate::error::BenchError;
use crate::operation::Operation;
use crate::request::Request;
use crate::sigv4::{Credentials, Signer};

/// Requests that are signed together. Far fewer than a server answers while a signature is fresh.
pub(crate) const CHUNK: usize = 4096;
/// How long one answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);

/// Whom to ask, as whom, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct Calls {
    /// The server's address.
    #[arg(long)]
    server: SocketAddr,
    #[command(flatten)]
    credentials: Credentials,
    /// Connections that the requests are sent over.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=4096))]
    connections: u16,
}

impl Calls {
    fn signer(&self, operation: Operation) -> Signer {
        Signer::of(operation.service(), &self.credentials, &self.server.to_string(), clock::wall_clock())
    }

    /// Sends these bodies over all connections, and returns the answers' bodies in the same order.
    pub(crate) async fn call_all(
        &self,
        operation: Operation,
        bodies: &[Value],
    ) -> Result<Vec<Vec<u8>>, BenchError> {
        let signer = self.signer(operation);
        let requests: Arc<[Request]> = bodies
            .iter()
            .enumerate()
            .map(|(index, body)| Request::signed(&signer, operation, body, index))
            .collect::<Vec<_>>()
            .into();
        let next = Arc::new(AtomicUsize::new(0));
        let mut lanes = JoinSet::new();
        for _ in 0..self.connections {
            lanes.spawn(call_some(self.server, Arc::clone(&requests), Arc::clone(&next)));
        }
        let mut answers = Vec::with_capacity(requests.len());
        while let Some(lane) = lanes.join_next().await {
            answers.extend(lane.map_err(|_| BenchError::ThreadLost)??);
        }
        answers.sort_by_key(|(index, _)| *index);
        Ok(answers.into_iter().map(|(_, body)| body).collect())
    }

    /// Makes `count` bodies and sends them, as many together as are signed together. `keep` gets each answer's body
    /// in the order of its request.
    pub(crate) async fn call_each(
        &self,
        operation: Operation,
        count: usize,
        body: impl Fn(usize) -> Result<Value, BenchError>,
        mut keep: impl FnMut(&[u8]) -> Result<(), BenchError>,
    ) -> Result<(), BenchError> {
        for first in (0..count).step_by(CHUNK) {
            let bodies = (first..count.min(first + CHUNK)).map(&body).collect::<Result<Vec<_>, _>>()?;
            for answer in self.call_all(operation, &bodies).await? {
                keep(&answer)?;
            }
        }
        Ok(())
    }

    /// Sends one request, and returns the answer whole, byte for byte.
    pub(crate) async fn call_one(&self, operation: Operation, body: &Value) -> Result<Answer, BenchError> {
        let request = Request::signed(&self.signer(operation), operation, body, 0);
        let mut connection = Connection::open(self.server).await?;
        let response = call(&mut connection, &request).await?;
        Ok(Answer { whole: response.whole.to_vec(), body: response.body.to_vec() })
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Head and body.
    pub(crate) whole: Vec<u8>,
    /// The body.
    pub(crate) body: Vec<u8>,
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
