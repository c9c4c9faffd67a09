//! `RemoveTagsFromResource`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_RemoveTagsFromResource.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access;
use crate::parameter::{self, Parameter};
use crate::tag::Tagged;

/// Takes tags off a parameter.
pub struct RemoveTagsFromResource;

impl Operation for RemoveTagsFromResource {
    type Api = api::RemoveTagsFromResource;
    type Target = Tagged;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::RemoveTagsFromResourceRequest) -> Result<Tagged> {
        Tagged::find_to_change(reads, input.resource_type, &input.resource_id).await
    }

    fn access(call: &CallInfo, input: &api::RemoveTagsFromResourceRequest, target: &Tagged) -> Access {
        let mut check = target.check(call, "ssm:RemoveTagsFromResource");
        access::add_tag_keys(&mut check, &input.tag_keys);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::RemoveTagsFromResourceRequest,
        target: Allowed<Tagged>,
    ) -> Result<api::RemoveTagsFromResourceResult> {
        let before = target.parameter()?;
        let mut tags = before.tags.clone();
        tags.retain(|tag| !input.tag_keys.contains(&tag.key));
        let after = Parameter { tags, ..(**before).clone() };
        parameter::put(cx, Some(before), after)?;
        Ok(api::RemoveTagsFromResourceResult {})
    }
}
