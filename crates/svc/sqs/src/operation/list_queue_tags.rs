//! `ListQueueTags`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueueTags.html>

use alcazar_api_sqs::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::target::Target;

/// Tells a queue's tags.
pub struct ListQueueTags;

impl Operation for ListQueueTags {
    type Api = api::ListQueueTags;
    type Target = Target;
    const READ_ONLY: bool = true;
    const DATA_EVENT: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListQueueTagsRequest) -> Result<Target> {
        Target::of_url(reads, &input.queue_url).await
    }

    fn access(call: &CallInfo, _: &api::ListQueueTagsRequest, target: &Target) -> Access {
        target.access_of_owner(call, "sqs:ListQueueTags")
    }

    async fn run(
        _: &mut Cx<'_>,
        _: &api::ListQueueTagsRequest,
        target: Allowed<Target>,
    ) -> Result<api::ListQueueTagsResult> {
        let tags = &target.queue()?.tags;
        let tags = Some(tags).filter(|tags| !tags.is_empty());
        let pairs = |tags: &Vec<_>| tags.iter().map(pair).collect();
        Ok(api::ListQueueTagsResult { tags: tags.map(pairs) })
    }
}

fn pair(tag: &alcazar_identity::tag::Tag) -> (String, String) {
    (tag.key.clone(), tag.value.clone())
}
