//! `UntagResource`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_UntagResource.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::place::Audience;
use crate::tag;
use crate::tagged::Tagged;

/// Takes tags from something in the organization.
pub struct UntagResource;

impl Operation for UntagResource {
    type Api = api::UntagResource;
    type Target = Tagged;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UntagResourceRequest) -> Result<Tagged> {
        Tagged::find(reads, &input.resource_id).await
    }

    fn access(call: &CallInfo, input: &api::UntagResourceRequest, tagged: &Tagged) -> Access {
        let mut check = tagged.check(call, "organizations:UntagResource", Audience::Delegates);
        check.context.add_tag_keys(input.tag_keys.iter());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UntagResourceRequest,
        tagged: Allowed<Tagged>,
    ) -> Result<Output<Self>> {
        let mut tags = tagged.tags(Audience::Delegates)?;
        tag::check_keys(&input.tag_keys)?;
        tags.retain(|tag| !input.tag_keys.contains(&tag.key));
        tagged.put_tags(cx, Audience::Delegates, tags)?;
        Ok(Output::<Self>::default())
    }
}
