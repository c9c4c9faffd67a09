//! `TagResource`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TagResource.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::tag;
use crate::tagged::Tagged;

/// Puts tags on a bus or a rule.
pub struct TagResource;

impl Operation for TagResource {
    type Api = api::TagResource;
    type Target = Tagged;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Tagged> {
        Tagged::find(reads, &input.resource_arn).await
    }

    fn access(call: &CallInfo, input: &Input<Self>, target: &Tagged) -> Access {
        let mut check = target.check(call, "events:TagResource");
        check.context.add_request_tags(tag::pairs(&input.tags));
        Access::one(check)
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Tagged>) -> Result<Output<Self>> {
        let tags = tag::merge(cx, target.tags()?, tag::read(&input.tags)?)?;
        target.put_tags(cx, tags)?;
        Ok(Output::<Self>::default())
    }
}
