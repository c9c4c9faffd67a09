//! `GetContextKeysForCustomPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForCustomPolicy.html>

use alcazar_api_iam::{operation as api, types};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::context_keys;

/// Lists the condition keys that policies ask for.
pub struct GetContextKeysForCustomPolicy;

impl Operation for GetContextKeysForCustomPolicy {
    type Api = api::GetContextKeysForCustomPolicy;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::GetContextKeysForCustomPolicyRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::GetContextKeysForCustomPolicyRequest, (): &()) -> Access {
        Access::any(call, "iam:GetContextKeysForCustomPolicy")
    }

    async fn run(
        _: &mut Cx<'_>,
        input: &api::GetContextKeysForCustomPolicyRequest,
        _: Allowed<()>,
    ) -> Result<types::GetContextKeysForPolicyResponse> {
        Ok(context_keys::answer(input.policy_input_list.iter().map(String::as_str))?)
    }
}
