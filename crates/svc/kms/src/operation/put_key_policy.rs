//! `PutKeyPolicy`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::access;
use crate::policy::{self, POLICY_NAME};
use crate::target::{Accepts, Target};
use crate::{error, key};

/// Replaces a key's policy.
pub struct PutKeyPolicy;

const ACTION: &str = "kms:PutKeyPolicy";

impl Operation for PutKeyPolicy {
    type Api = api::PutKeyPolicy;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::PutKeyPolicyRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, input: &api::PutKeyPolicyRequest, target: &Target) -> Access {
        let mut check = access::key_check(call, ACTION, target);
        access::add_bypass(&mut check, input.bypass_policy_lockout_safety_check);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::PutKeyPolicyRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        if input.policy_name.as_deref().is_some_and(|name| name != POLICY_NAME) {
            return Err(error::no_such_policy().into());
        }
        let bypass = input.bypass_policy_lockout_safety_check.unwrap_or(false);
        let principals =
            policy::check(cx, target.key.arn(), target.key.account, &input.policy, bypass).await?;
        let mut changed = target.key.to_changed();
        changed.policy = Some(input.policy.clone());
        changed.policy_principals = Some(principals);
        key::put(cx, changed)?;
        Ok(Output::<Self>::default())
    }
}
