//! `GetContextKeysForPrincipalPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForPrincipalPolicy.html>

use alcazar_api_iam::{operation as api, types};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::context_keys;
use crate::simulation::Exclusions;
use crate::source::Target;

/// Lists the condition keys that the policies of a user, group or role ask for.
pub struct GetContextKeysForPrincipalPolicy;

impl Operation for GetContextKeysForPrincipalPolicy {
    type Api = api::GetContextKeysForPrincipalPolicy;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::GetContextKeysForPrincipalPolicyRequest,
    ) -> Result<Target> {
        Target::find(reads, &input.policy_source_arn).await
    }

    fn access(call: &CallInfo, _: &api::GetContextKeysForPrincipalPolicyRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:GetContextKeysForPrincipalPolicy"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GetContextKeysForPrincipalPolicyRequest,
        target: Allowed<Target>,
    ) -> Result<types::GetContextKeysForPolicyResponse> {
        let policies = target.source.policies(cx, &Exclusions::default()).await?;
        let own = policies.identity.iter().map(|source| source.document.text.as_str());
        let inputs = input.policy_input_list.iter().flat_map(|texts| texts.iter()).map(String::as_str);
        Ok(context_keys::answer(own.chain(inputs))?)
    }
}
