//! `AddTagsToResource`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AddTagsToResource.html>

use alcazar_api_ssm::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access;
use crate::parameter::{self, Parameter};
use crate::tag::{self, Tagged};

/// Puts tags on a parameter.
pub struct AddTagsToResource;

impl Operation for AddTagsToResource {
    type Api = api::AddTagsToResource;
    type Target = Tagged;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::AddTagsToResourceRequest) -> Result<Tagged> {
        Tagged::find_to_change(reads, input.resource_type, &input.resource_id).await
    }

    fn access(call: &CallInfo, input: &api::AddTagsToResourceRequest, target: &Tagged) -> Access {
        let mut check = target.check(call, "ssm:AddTagsToResource");
        access::add_request_tags(&mut check, &input.tags);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::AddTagsToResourceRequest,
        target: Allowed<Tagged>,
    ) -> Result<api::AddTagsToResourceResult> {
        let before = target.parameter()?;
        let tags = tag::put_on(cx, &before.tags, &input.tags)?;
        let after = Parameter { tags, ..(**before).clone() };
        parameter::put(cx, Some(before), after)?;
        Ok(api::AddTagsToResourceResult {})
    }
}
