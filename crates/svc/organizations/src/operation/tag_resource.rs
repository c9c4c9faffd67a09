//! `TagResource`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_TagResource.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::place::Audience;
use crate::tag;
use crate::tagged::Tagged;

/// Puts tags on something in the organization.
pub struct TagResource;

impl Operation for TagResource {
    type Api = api::TagResource;
    type Target = Tagged;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::TagResourceRequest) -> Result<Tagged> {
        Tagged::find(reads, &input.resource_id).await
    }

    fn access(call: &CallInfo, input: &api::TagResourceRequest, tagged: &Tagged) -> Access {
        let mut check = tagged.check(call, "organizations:TagResource", Audience::Delegates);
        check.context.add_request_tags(tag::pairs(Some(&input.tags)));
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::TagResourceRequest,
        tagged: Allowed<Tagged>,
    ) -> Result<Output<Self>> {
        let old = tagged.tags(Audience::Delegates)?;
        let tags = tag::merged(&old, tag::read(Some(&input.tags))?)?;
        tagged.put_tags(cx, Audience::Delegates, tags)?;
        Ok(Output::<Self>::default())
    }
}
