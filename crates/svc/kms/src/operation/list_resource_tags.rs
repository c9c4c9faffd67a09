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
        let asked = page::asked(input.marker.as_deref(), input.limit, 50, 50);
        let page = page::in_order(cx, "kms.tags", asked, target.key.tags.iter().cloned())?;
        let (tags, truncated, next_marker) =
            page.into_parts(|tag| Tag { tag_key: tag.key, tag_value: tag.value });
        Ok(api::ListResourceTagsResponse { tags: Some(tags), truncated, next_marker })
    }
}
