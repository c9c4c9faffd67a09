//! `StartMessageMoveTask`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html>

use alcazar_api_sqs::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::move_task::{self, MoveTask, Status, TASKS_MAX};
use crate::redrive::{self, Source};
use crate::target::Target;
use crate::{error, mover, queue, tally};

/// Begins to move the messages of a dead-letter queue.
pub struct StartMessageMoveTask;

const SOURCE: &str = "SourceArn";
const DESTINATION: &str = "DestinationArn";

/// How many messages may be asked to move in a second.
const RATE_MAX: u32 = 500;

/// To how many queues messages go back.
const DESTINATIONS_MAX: usize = 1000;

/// The queues of a task.
#[derive(Debug)]
pub struct Queues {
    source: Target,
    /// Where messages may go: to the queue that is named, or to those whose dead-letter queue this is.
    destinations: Vec<Target>,
}

impl Operation for StartMessageMoveTask {
    type Api = api::StartMessageMoveTask;
    type Target = Queues;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::StartMessageMoveTaskRequest) -> Result<Queues> {
        let source = move_task::queue_of(reads, SOURCE, &input.source_arn).await?;
        let destinations = match &input.destination_arn {
            Some(arn) => vec![move_task::queue_of(reads, DESTINATION, arn).await?],
            None => sources(reads, &source).await?,
        };
        Ok(Queues { source, destinations })
    }

    fn access(call: &CallInfo, _: &api::StartMessageMoveTaskRequest, queues: &Queues) -> Access {
        let mut checks = vec![queues.source.check_of_owner(call, "sqs:StartMessageMoveTask")];
        for action in ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"] {
            checks.push(queues.source.check(call, action));
        }
        checks.extend(queues.destinations.iter().map(|queue| queue.check(call, "sqs:SendMessage")));
        Access { checks }
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::StartMessageMoveTaskRequest,
        queues: Allowed<Queues>,
    ) -> Result<api::StartMessageMoveTaskResult> {
        let source = queues.source.found().ok_or_else(|| error::move_task_queue_absent(SOURCE))?;
        let named = queues.destinations.first().filter(|_| input.destination_arn.is_some());
        if let Some(destination) = named {
            let destination =
                destination.found().ok_or_else(|| error::move_task_queue_absent(DESTINATION))?;
            if destination.is_fifo() != source.is_fifo() {
                return Err(error::move_task_type().into());
            }
        }
        let per_second = input.max_number_of_messages_per_second.map(rate).transpose()?;
        let is_dead_letter_queue = match named {
            Some(_) => !sources(cx, &queues.source).await?.is_empty(),
            None => !queues.destinations.is_empty(),
        };
        if !is_dead_letter_queue {
            return Err(error::not_a_dead_letter_queue().into());
        }
        let earlier = move_task::all(cx, source).await?;
        if earlier.iter().any(|(_, task)| task.status == Status::Running) {
            return Err(error::move_task_running().into());
        }
        let old = (earlier.len() + 1).saturating_sub(TASKS_MAX);
        for (name, _) in earlier.into_iter().take(old) {
            cx.delete(name)?;
        }
        let task = MoveTask {
            task_id: queue::new_id(cx)?,
            source_arn: source.arn(),
            source_id: source.queue_id.clone(),
            destination_arn: input.destination_arn.clone(),
            allowed: queues.destinations.iter().map(Target::arn).collect(),
            per_second,
            started: cx.now(),
            status: Status::Running,
            moved: 0,
            to_move: u64::try_from(tally::counts(cx, source).await?.visible).unwrap_or(0),
            failure: None,
        };
        let task_handle = Some(task.handle());
        mover::begin(cx, &task)?;
        cx.put(task.record_name(), task)?;
        Ok(api::StartMessageMoveTaskResult { task_handle })
    }
}

/// The queues whose dead-letter queue this is.
async fn sources(reads: &mut Reads<'_>, target: &Target) -> Result<Vec<Target>> {
    let range = redrive::sources(&reads.keyring(), target.account, &target.region, &target.name);
    let mut sources = Vec::new();
    for (_, source) in reads.scan::<Source>(&range, DESTINATIONS_MAX).await? {
        let (account, region) = (target.account, target.region.clone());
        sources.push(Target::of(reads, account, region, &source.name).await?);
    }
    Ok(sources)
}

fn rate(asked: i32) -> Result<u32> {
    let rate = u32::try_from(asked).ok().filter(|rate| (1..=RATE_MAX).contains(rate));
    Ok(rate.ok_or_else(|| error::move_rate(asked, RATE_MAX))?)
}
