//! `PutResourcePolicy`: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutResourcePolicy.html>

use alcazar_api_ssm::operation as api;
use alcazar_crypto::entropy::random;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::Target;
use crate::parameter::{self, Parameter};
use crate::{error, resource_policy};

/// Gives a parameter a resource policy, or changes the one that it has.
pub struct PutResourcePolicy;

impl Operation for PutResourcePolicy {
    type Api = api::PutResourcePolicy;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::PutResourcePolicyRequest) -> Result<Target> {
        let reference = resource_policy::reference(reads.call(), &input.resource_arn)?;
        Target::find_to_change(reads, reference).await
    }

    fn access(call: &CallInfo, _: &api::PutResourcePolicyRequest, target: &Target) -> Access {
        target.access(call, "ssm:PutResourcePolicy")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::PutResourcePolicyRequest,
        target: Allowed<Target>,
    ) -> Result<api::PutResourcePolicyResponse> {
        let Target { reference, parameter, .. } = target.into_inner();
        let arn = reference.arn();
        let before = parameter.ok_or_else(|| error::resource_policy::parameter_not_found(&arn))?;
        resource_policy::check_shareable(&before)?;
        let policy_id = match (before.resource_policies.first(), &input.policy_id, &input.policy_hash) {
            (None, None, None) => {
                uuid::Builder::from_random_bytes(random(cx.entropy())?).into_uuid().to_string()
            }
            (Some(_), None, None) => return Err(error::resource_policy::too_many().into()),
            (Some(policy), Some(id), Some(_)) if policy.policy_id != *id => {
                return Err(error::resource_policy::not_found().into());
            }
            (Some(policy), Some(_), Some(hash)) if policy.policy_hash != *hash => {
                return Err(error::resource_policy::conflict().into());
            }
            (Some(policy), Some(_), Some(_)) => policy.policy_id.clone(),
            (None, Some(_), Some(_)) => return Err(error::resource_policy::not_found().into()),
            (_, None, Some(_)) | (_, Some(_), None) => {
                return Err(error::resource_policy::id_without_hash().into());
            }
        };
        let policy = resource_policy::read(cx, &arn, policy_id, &input.policy).await?;
        let answer = api::PutResourcePolicyResponse {
            policy_id: Some(policy.policy_id.clone()),
            policy_hash: Some(policy.policy_hash.clone()),
        };
        let after = Parameter { resource_policies: vec![policy], ..(*before).clone() };
        parameter::put(cx, Some(&before), after)?;
        Ok(answer)
    }
}
