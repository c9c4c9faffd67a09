//! `GetPolicyVersion`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html>

use alcazar_api_iam::operation as api;
use alcazar_api_iam::types;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::document;
use crate::policy::Target;

/// Tells what a version of a managed policy says.
pub struct GetPolicyVersion;

impl Operation for GetPolicyVersion {
    type Api = api::GetPolicyVersion;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetPolicyVersionRequest) -> Result<Target> {
        Target::find(reads, &input.policy_arn).await
    }

    fn access(call: &CallInfo, _: &api::GetPolicyVersionRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:GetPolicyVersion"))
    }

    async fn run(
        _: &mut Cx<'_>,
        input: &api::GetPolicyVersionRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetPolicyVersionResponse> {
        let version = target.version(&input.version_id)?;
        let document = Some(document::shown(version.document));
        let policy_version = types::PolicyVersion { document, ..version.listed() };
        Ok(api::GetPolicyVersionResponse { policy_version: Some(policy_version) })
    }
}
