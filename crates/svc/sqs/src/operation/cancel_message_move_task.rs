//! `CancelMessageMoveTask`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CancelMessageMoveTask.html>

use alcazar_api_sqs::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::error;
use crate::move_task::{self, Handle, MoveTask, Status};
use crate::target::Target;

/// Has messages move no longer. Those that have moved stay where they are.
pub struct CancelMessageMoveTask;

/// The queue whose messages move, and which task it is.
#[derive(Debug)]
pub struct Task {
    source: Target,
    task_id: String,
}

impl Operation for CancelMessageMoveTask {
    type Api = api::CancelMessageMoveTask;
    type Target = Task;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CancelMessageMoveTaskRequest) -> Result<Task> {
        let handle = Handle::parse(&input.task_handle).ok_or_else(error::task_handle)?;
        let source = move_task::queue_of(reads, "SourceArn", &handle.source_arn).await?;
        Ok(Task { source, task_id: handle.task_id })
    }

    fn access(call: &CallInfo, _: &api::CancelMessageMoveTaskRequest, task: &Task) -> Access {
        task.source.access_of_owner(call, "sqs:CancelMessageMoveTask")
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::CancelMessageMoveTaskRequest,
        task: Allowed<Task>,
    ) -> Result<api::CancelMessageMoveTaskResult> {
        let source = task.source.found().ok_or_else(|| error::move_task_queue_absent("SourceArn"))?;
        let all = move_task::all(cx, source).await?;
        let is_it = |it: &MoveTask| it.task_id == task.task_id && it.status == Status::Running;
        let (name, it) = all.into_iter().find(|(_, it)| is_it(it)).ok_or_else(error::task_not_found)?;
        cx.put(name, MoveTask { status: Status::Cancelled, ..MoveTask::clone(&it) })?;
        let approximate_number_of_messages_moved = i64::try_from(it.moved).ok();
        Ok(api::CancelMessageMoveTaskResult { approximate_number_of_messages_moved })
    }
}
