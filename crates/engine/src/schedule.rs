//! Work due later: rotation, expiry, deletion.
//!
//! A task is a record ordered by its due time, written in the transaction that wants it. When its time has
//! come it runs in a transaction of its own, which also deletes it: so each task is done once, and one that
//! was interrupted is done again.

use alcazar_base::Timestamp;
use minicbor::{Decode, Encode};
use serde_json::Value as Json;

use crate::audit::Resource;
use crate::context::Cx;
use crate::error::Result;
use crate::name::Name;
use crate::port::BoxFuture;
use crate::port::store::NameRange;

const TABLE: &str = "due";

/// Something to be done at a time.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Task {
    /// When.
    #[n(0)]
    pub at: Timestamp,
    /// The service whose handler does it, e.g. `kms`.
    #[n(1)]
    pub service: String,
    /// What is to be done: the handler's name.
    #[n(2)]
    pub kind: String,
    /// What it is to be done to: unique among the tasks of one kind and time.
    #[n(3)]
    pub subject: String,
}

/// What a service does when one of its tasks falls due.
pub struct TaskHandler {
    /// The kind of task.
    pub kind: &'static str,
    /// The event that the audit log gets.
    pub event_name: &'static str,
    /// Does it. A task that no longer applies does nothing and says so with `None`.
    pub run: for<'a> fn(&'a mut Cx<'_>, &'a Task) -> BoxFuture<'a, Result<Option<Effect>>>,
}

/// What a service did by itself, as the audit log tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// What it was done to.
    pub resource: Resource,
    /// What CloudTrail calls `serviceEventDetails`: an object with nothing secret in it.
    pub details: Option<Json>,
}

impl From<Resource> for Effect {
    fn from(resource: Resource) -> Self {
        Self { resource, details: None }
    }
}

/// The name of a task's record.
pub(crate) fn task_name(task: &Task) -> Name {
    Name::table(TABLE).time(task.at).part(&task.service).part(&task.kind).part(&task.subject).name()
}

/// All tasks, the earliest first.
pub(crate) fn all_tasks() -> NameRange {
    Name::table(TABLE).range()
}
