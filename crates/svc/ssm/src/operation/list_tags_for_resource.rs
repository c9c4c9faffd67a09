//! `ListTagsForResource`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ListTagsForResource.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::tag::{self, Tagged};

/// Reads the tags of a parameter.
pub struct ListTagsForResource;

impl Operation for ListTagsForResource {
    type Api = api::ListTagsForResource;
    type Target = Tagged;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListTagsForResourceRequest) -> Result<Tagged> {
        Tagged::find(reads, input.resource_type, &input.resource_id).await
    }

    fn access(call: &CallInfo, _: &api::ListTagsForResourceRequest, target: &Tagged) -> Access {
        Access::one(target.check(call, "ssm:ListTagsForResource"))
    }

    async fn run(
        _: &mut Cx<'_>,
        _: &api::ListTagsForResourceRequest,
        target: Allowed<Tagged>,
    ) -> Result<api::ListTagsForResourceResult> {
        let parameter = target.parameter()?;
        Ok(api::ListTagsForResourceResult { tag_list: Some(tag::shown(&parameter.tags).into()) })
    }
}
