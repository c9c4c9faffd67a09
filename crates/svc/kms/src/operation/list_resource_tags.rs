//! `ListResourceTags`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListResourceTags.html>

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::Tag;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::access;
use crate::page;
use crate::target::{Accepts, Target};

/// Lists a key's tags.
pub struct ListResourceTags;

const ACTION: &str = "kms:ListResourceTags";

impl Operation for ListResourceTags {
    type Api = api::ListResourceTags;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListResourceTagsRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, _: &api::ListResourceTagsRequest, target: &Target) -> Access {
        access::key_access(call, ACTION, target)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListResourceTagsRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        let limit = page::limit(input.limit, 50, 50);
        let (tags, next_marker) = page::of_slice(cx, &target.key.tags, limit, input.marker.as_deref())?;
        let tags = tags.into_iter().map(|tag| Tag { tag_key: tag.key, tag_value: tag.value });
        Ok(api::ListResourceTagsResponse {
            tags: Some(tags.collect::<Vec<_>>().into()),
            truncated: Some(next_marker.is_some()),
            next_marker,
        })
    }
}
