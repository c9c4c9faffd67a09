//! `UntagResource`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UntagResource.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::tagged::Tagged;

/// Takes tags from a bus or a rule.
pub struct UntagResource;

impl Operation for UntagResource {
    type Api = api::UntagResource;
    type Target = Tagged;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Tagged> {
        Tagged::find(reads, &input.resource_arn).await
    }

    fn access(call: &CallInfo, input: &Input<Self>, target: &Tagged) -> Access {
        let mut check = target.check(call, "events:UntagResource");
        check.context.add_tag_keys(input.tag_keys.iter());
        Access::one(check)
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Tagged>) -> Result<Output<Self>> {
        let mut tags = target.tags()?.to_vec();
        tags.retain(|tag| !input.tag_keys.contains(&tag.key));
        target.put_tags(cx, tags)?;
        Ok(Output::<Self>::default())
    }
}
