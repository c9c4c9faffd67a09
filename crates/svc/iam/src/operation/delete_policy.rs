//! `DeletePolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::managed_policy;

use crate::error;
use crate::policy::{self, Target, Usages};

/// Deletes a managed policy that nothing uses and that has no other versions than its default one.
pub struct DeletePolicy;

impl Operation for DeletePolicy {
    type Api = api::DeletePolicy;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeletePolicyRequest) -> Result<Target> {
        Target::find(reads, &input.policy_arn).await
    }

    fn access(call: &CallInfo, _: &api::DeletePolicyRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:DeletePolicy"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeletePolicyRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let policy = target.to_changed(cx.call(), "iam:DeletePolicy")?;
        if policy::usages(cx, target.existing()?).await? != Usages::default() {
            return Err(error::policy_in_use().into());
        }
        if policy.versions.len() > 1 {
            return Err(error::policy_has_versions().into());
        }
        cx.delete(managed_policy::policy_name(&cx.keyring(), policy.account, &policy.name))?;
        Ok(Output::<Self>::default())
    }
}
