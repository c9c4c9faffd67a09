//! `GetQueueAttributes`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html>

use alcazar_api_sqs::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::attribute::{self, POLICY, Texts};
use crate::error;
use crate::queue::Queue;
use crate::tally::{self, Counts};
use crate::target::Target;

/// Tells a queue's attributes.
pub struct GetQueueAttributes;

const ALL: &str = "All";
const MESSAGES: &str = "ApproximateNumberOfMessages";
const MESSAGES_DELAYED: &str = "ApproximateNumberOfMessagesDelayed";
const MESSAGES_NOT_VISIBLE: &str = "ApproximateNumberOfMessagesNotVisible";
const CREATED_TIMESTAMP: &str = "CreatedTimestamp";
const LAST_MODIFIED_TIMESTAMP: &str = "LastModifiedTimestamp";
const QUEUE_ARN: &str = "QueueArn";

/// What can be asked for beside what can be set.
const TOLD: [&str; 7] = [
    ALL,
    MESSAGES,
    MESSAGES_DELAYED,
    MESSAGES_NOT_VISIBLE,
    CREATED_TIMESTAMP,
    LAST_MODIFIED_TIMESTAMP,
    QUEUE_ARN,
];

impl Operation for GetQueueAttributes {
    type Api = api::GetQueueAttributes;
    type Target = Target;
    const READ_ONLY: bool = true;
    const DATA_EVENT: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetQueueAttributesRequest) -> Result<Target> {
        Target::of_url(reads, &input.queue_url).await
    }

    fn access(call: &CallInfo, _: &api::GetQueueAttributesRequest, target: &Target) -> Access {
        target.access(call, "sqs:GetQueueAttributes")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GetQueueAttributesRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetQueueAttributesResult> {
        let queue = target.queue()?;
        let names = input.attribute_names.as_deref().unwrap_or_default();
        if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
            return Err(error::unknown_attribute(unknown).into());
        }
        let is_asked = |asked: &str| names.iter().any(|name| name == asked || name == ALL);
        let mut attributes = shown(cx, queue).await?;
        if [MESSAGES, MESSAGES_DELAYED, MESSAGES_NOT_VISIBLE].into_iter().any(is_asked) {
            add_counts(cx, queue, &mut attributes).await?;
        }
        attributes.retain(|name, _| is_asked(name));
        let attributes = Some(attributes).filter(|attributes| !attributes.is_empty());
        Ok(api::GetQueueAttributesResult { attributes })
    }
}

fn is_known(name: &str) -> bool {
    TOLD.contains(&name) || attribute::SETTABLE.contains(&name)
}

/// All attributes but the counts.
async fn shown(cx: &mut Cx<'_>, queue: &Queue) -> Result<Texts> {
    let mut shown = queue.settings.shown();
    if let Some(policy) = &queue.policy {
        shown.insert(POLICY.to_owned(), policy.told(cx).await?);
    }
    shown.insert(QUEUE_ARN.to_owned(), queue.arn());
    shown.insert(CREATED_TIMESTAMP.to_owned(), queue.created.as_secs().to_string());
    shown.insert(LAST_MODIFIED_TIMESTAMP.to_owned(), queue.modified.as_secs().to_string());
    Ok(shown)
}

async fn add_counts(cx: &mut Cx<'_>, queue: &Queue, shown: &mut Texts) -> Result<()> {
    let Counts { visible, delayed, in_flight } = tally::counts(cx, queue).await?;
    for (name, count) in [(MESSAGES, visible), (MESSAGES_DELAYED, delayed), (MESSAGES_NOT_VISIBLE, in_flight)]
    {
        shown.insert(name.to_owned(), count.to_string());
    }
    Ok(())
}
