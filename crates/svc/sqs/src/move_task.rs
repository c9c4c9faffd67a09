//! Message move tasks: what was asked for, and how far it is.
//!
//! What always holds: of one queue at most one task is running, and where its messages may go was decided when it was
//! started.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html>

use std::sync::Arc;

use alcazar_base::Timestamp;
use alcazar_engine::{Name, NameBuilder, Reads, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::queue::Queue;
use crate::target::Target;
use crate::{error, queue};

pub(crate) const TABLE: &str = "sqs.move_task";

/// How many tasks of a queue are known: as many as can be asked for.
pub(crate) const TASKS_MAX: usize = 10;

/// A task. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct MoveTask {
    /// Its id.
    #[n(0)]
    pub(crate) task_id: String,
    /// The ARN of the queue whose messages move.
    #[n(1)]
    pub(crate) source_arn: String,
    /// That queue's id.
    #[n(2)]
    pub(crate) source_id: String,
    /// Where they go, if that was said; otherwise each goes back to where it came from.
    #[n(3)]
    pub(crate) destination_arn: Option<String>,
    /// The ARNs of the queues that they may go to.
    #[n(4)]
    pub(crate) allowed: Vec<String>,
    /// How many at most in a second.
    #[n(5)]
    pub(crate) per_second: Option<u32>,
    /// When it was started.
    #[n(6)]
    pub(crate) started: Timestamp,
    /// How far it is.
    #[n(7)]
    pub(crate) status: Status,
    /// How many have moved.
    #[n(8)]
    pub(crate) moved: u64,
    /// How many there were when it was started.
    #[n(9)]
    pub(crate) to_move: u64,
    /// Why it failed.
    #[n(10)]
    pub(crate) failure: Option<String>,
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum Status {
    /// Messages are moving.
    #[n(0)]
    Running,
    /// All have moved.
    #[n(1)]
    Completed,
    /// Somebody has cancelled it.
    #[n(2)]
    Cancelled,
    /// It could not go on.
    #[n(3)]
    Failed,
}

impl Status {
    /// As callers are told it.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Cancelled => "CANCELLED",
            Self::Failed => "FAILED",
        }
    }
}

/// What callers name a task by.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Handle {
    /// The task's id.
    pub(crate) task_id: String,
    /// The ARN of the queue whose messages move.
    pub(crate) source_arn: String,
}

impl Handle {
    /// Reads one.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        serde_json::from_slice(&BASE64.decode(text).ok()?).ok()
    }
}

impl MoveTask {
    /// What callers name it by.
    #[must_use]
    pub(crate) fn handle(&self) -> String {
        let Self { task_id, source_arn, .. } = self;
        let handle = Handle { task_id: task_id.clone(), source_arn: source_arn.clone() };
        BASE64.encode(serde_json::to_vec(&handle).unwrap_or_default())
    }

    /// The name of its record.
    #[must_use]
    pub(crate) fn record_name(&self) -> Name {
        of_queue(&self.source_id).time(self.started).part(&self.task_id).name()
    }
}

fn of_queue(queue_id: &str) -> NameBuilder {
    Name::table(TABLE).part(queue_id)
}

/// The tasks of a queue, the oldest first.
///
/// # Errors
/// The store failed.
pub(crate) async fn all(reads: &mut Reads<'_>, source: &Queue) -> Result<Vec<(Name, Arc<MoveTask>)>> {
    reads.scan(&of_queue(&source.queue_id).range(), TASKS_MAX + 1).await
}

/// The queue of an ARN that a request has in the parameter `name`.
///
/// # Errors
/// It is no ARN of a queue, or the store failed.
pub(crate) async fn queue_of(reads: &mut Reads<'_>, name: &str, arn: &str) -> Result<Target> {
    let (account, region, queue) = queue::parse_arn(arn).ok_or_else(|| error::move_task_arn(name))?;
    if region != *reads.region() {
        return Err(error::move_task_queue_absent(name).into());
    }
    Target::of(reads, account, region, &queue).await
}
