//! `DeletePolicyVersion`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicyVersion.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::error;
use crate::policy::{self, Target};

/// Deletes a version of a managed policy that is not the default one.
pub struct DeletePolicyVersion;

impl Operation for DeletePolicyVersion {
    type Api = api::DeletePolicyVersion;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeletePolicyVersionRequest) -> Result<Target> {
        Target::find(reads, &input.policy_arn).await
    }

    fn access(call: &CallInfo, _: &api::DeletePolicyVersionRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:DeletePolicyVersion"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DeletePolicyVersionRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let (number, is_default) = {
            let version = target.version(&input.version_id)?;
            (version.number, version.is_default)
        };
        let mut policy = target.to_changed(cx.call(), "iam:DeletePolicyVersion")?;
        if is_default {
            return Err(error::default_version().into());
        }
        policy.versions.retain(|version| version.number != number);
        policy::put(cx, policy)?;
        Ok(Output::<Self>::default())
    }
}
