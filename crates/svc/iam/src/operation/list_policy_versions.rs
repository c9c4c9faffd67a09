//! `ListPolicyVersions`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyVersions.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::page;
use crate::policy::Target;

/// Lists the versions of a managed policy, the newest first.
pub struct ListPolicyVersions;

impl Operation for ListPolicyVersions {
    type Api = api::ListPolicyVersions;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListPolicyVersionsRequest) -> Result<Target> {
        Target::find(reads, &input.policy_arn).await
    }

    fn access(call: &CallInfo, _: &api::ListPolicyVersionsRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:ListPolicyVersions"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListPolicyVersionsRequest,
        target: Allowed<Target>,
    ) -> Result<api::ListPolicyVersionsResponse> {
        let versions = target.existing()?.versions();
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        // The newest one has the highest number.
        let page = page::of(cx, "policy versions", asked, versions, |version| {
            format!("{:010}", u32::MAX - version.number)
        })?;
        let (versions, is_truncated, marker) = page.into_parts(|version| version.listed());
        Ok(api::ListPolicyVersionsResponse { versions: Some(versions), is_truncated, marker })
    }
}
