//! `ListTagsForResource`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListTagsForResource.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::place::Audience;
use crate::tagged::Tagged;
use crate::{page, shown};

/// Lists the tags of something in the organization.
pub struct ListTagsForResource;

impl Operation for ListTagsForResource {
    type Api = api::ListTagsForResource;
    type Target = Tagged;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListTagsForResourceRequest) -> Result<Tagged> {
        Tagged::find(reads, &input.resource_id).await
    }

    fn access(call: &CallInfo, _: &api::ListTagsForResourceRequest, tagged: &Tagged) -> Access {
        Access::one(tagged.check(call, "organizations:ListTagsForResource", Audience::Readers))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListTagsForResourceRequest,
        tagged: Allowed<Tagged>,
    ) -> Result<api::ListTagsForResourceResponse> {
        let tags = shown::tags(&tagged.tags(Audience::Readers)?);
        let asked = page::asked(input.next_token.as_deref(), None);
        let list = format!("tags of {}", input.resource_id);
        let page = page::of(cx, &list, asked, tags, |tag| tag.key.clone())?;
        let (tags, _, next_token) = page.into_parts(|tag| tag);
        Ok(api::ListTagsForResourceResponse { tags: Some(tags), next_token })
    }
}
