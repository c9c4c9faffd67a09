//! `CreatePolicyVersion`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::managed_policy::{PolicyVersion, VERSIONS_MAX};

use crate::policy::{self, Target, Version};
use crate::{document, error};

/// Makes a new version of a managed policy, which may count at once.
pub struct CreatePolicyVersion;

impl Operation for CreatePolicyVersion {
    type Api = api::CreatePolicyVersion;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CreatePolicyVersionRequest) -> Result<Target> {
        Target::find(reads, &input.policy_arn).await
    }

    fn access(call: &CallInfo, _: &api::CreatePolicyVersionRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:CreatePolicyVersion"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreatePolicyVersionRequest,
        target: Allowed<Target>,
    ) -> Result<api::CreatePolicyVersionResponse> {
        let mut policy = target.to_changed(cx.call(), "iam:CreatePolicyVersion")?;
        let document = document::read_managed(cx, &input.policy_document)?;
        if policy.versions.len() >= VERSIONS_MAX {
            return Err(error::too_many_versions(VERSIONS_MAX).into());
        }
        let version = PolicyVersion { number: policy.next_version, created: cx.now(), document };
        if input.set_as_default == Some(true) {
            policy.default_version = version.number;
        }
        policy.next_version += 1;
        policy.updated = cx.now();
        let answer = Version::of(&policy, &version).listed();
        policy.versions.push(version);
        policy::put(cx, policy)?;
        Ok(api::CreatePolicyVersionResponse { policy_version: Some(answer) })
    }
}
