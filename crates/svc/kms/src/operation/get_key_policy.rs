//! `GetKeyPolicy`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::access;
use crate::error;
use crate::policy::POLICY_NAME;
use crate::target::{Accepts, Target};

/// Gives a key's policy, byte for byte as it was put.
pub struct GetKeyPolicy;

const ACTION: &str = "kms:GetKeyPolicy";

impl Operation for GetKeyPolicy {
    type Api = api::GetKeyPolicy;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetKeyPolicyRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, _: &api::GetKeyPolicyRequest, target: &Target) -> Access {
        access::key_access(call, ACTION, target)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GetKeyPolicyRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        if input.policy_name.as_deref().is_some_and(|name| name != POLICY_NAME) {
            return Err(error::no_such_policy().into());
        }
        let text = target.key.policy_text();
        let policy = match &target.key.policy_principals {
            Some(bound) => cx.told(&text, bound).await?,
            None => text,
        };
        Ok(api::GetKeyPolicyResponse { policy: Some(policy), policy_name: Some(POLICY_NAME.to_owned()) })
    }
}
