//! `ListMessageMoveTasks`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html>

use alcazar_api_sqs::operation as api;
use alcazar_api_sqs::types::ListMessageMoveTasksResultEntry;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::error;
use crate::move_task::{self, MoveTask, Status, TASKS_MAX};
use crate::target::Target;

/// Tells how far the moving of a queue's messages is.
pub struct ListMessageMoveTasks;

impl Operation for ListMessageMoveTasks {
    type Api = api::ListMessageMoveTasks;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListMessageMoveTasksRequest) -> Result<Target> {
        move_task::queue_of(reads, "SourceArn", &input.source_arn).await
    }

    fn access(call: &CallInfo, _: &api::ListMessageMoveTasksRequest, source: &Target) -> Access {
        source.access_of_owner(call, "sqs:ListMessageMoveTasks")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListMessageMoveTasksRequest,
        source: Allowed<Target>,
    ) -> Result<api::ListMessageMoveTasksResult> {
        let source = source.found().ok_or_else(|| error::move_task_queue_absent("SourceArn"))?;
        let asked = input.max_results.unwrap_or(1);
        let most = usize::try_from(asked).ok().filter(|most| (1..=TASKS_MAX).contains(most));
        let most = most.ok_or_else(|| error::max_results(asked, TASKS_MAX))?;
        let tasks = move_task::all(cx, source).await?;
        let results: Vec<_> = tasks.iter().rev().take(most).map(|(_, task)| shown(task)).collect();
        Ok(api::ListMessageMoveTasksResult { results: Some(results.into()) })
    }
}

fn shown(task: &MoveTask) -> ListMessageMoveTasksResultEntry {
    ListMessageMoveTasksResultEntry {
        task_handle: Some(task.handle()).filter(|_| task.status == Status::Running),
        status: Some(task.status.as_str().to_owned()),
        source_arn: Some(task.source_arn.clone()),
        destination_arn: task.destination_arn.clone(),
        max_number_of_messages_per_second: task.per_second.and_then(|rate| i32::try_from(rate).ok()),
        approximate_number_of_messages_moved: i64::try_from(task.moved).ok(),
        approximate_number_of_messages_to_move: i64::try_from(task.to_move).ok(),
        failure_reason: task.failure.clone(),
        started_timestamp: Some(task.started.as_millis()),
    }
}
