//! `ListOpenIDConnectProviderTags`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOpenIDConnectProviderTags.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::oidc_provider::Target;
use crate::{page, tag};

/// Lists the tags of an OpenID Connect provider.
pub struct ListOpenIDConnectProviderTags;

impl Operation for ListOpenIDConnectProviderTags {
    type Api = api::ListOpenIDConnectProviderTags;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::ListOpenIDConnectProviderTagsRequest,
    ) -> Result<Target> {
        Target::find(reads, &input.open_id_connect_provider_arn).await
    }

    fn access(call: &CallInfo, _: &api::ListOpenIDConnectProviderTagsRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:ListOpenIDConnectProviderTags"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListOpenIDConnectProviderTagsRequest,
        target: Allowed<Target>,
    ) -> Result<api::ListOpenIDConnectProviderTagsResponse> {
        let provider = target.existing()?;
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let (tags, is_truncated, marker) = tag::page(cx, asked, &provider.tags)?.into_parts(|tag| tag);
        Ok(api::ListOpenIDConnectProviderTagsResponse { tags, is_truncated, marker })
    }
}
