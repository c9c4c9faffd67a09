//! `GetResourcePolicy`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetResourcePolicy.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::error;
use crate::lake::policy;
use crate::lake::sought::SoughtStore;

/// Tells the policy of an event data store.
pub struct GetResourcePolicy;

impl Operation for GetResourcePolicy {
    type Api = api::GetResourcePolicy;
    type Target = SoughtStore;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetResourcePolicyRequest) -> Result<SoughtStore> {
        SoughtStore::find(reads, &input.resource_arn).await
    }

    fn access(call: &CallInfo, _: &api::GetResourcePolicyRequest, sought: &SoughtStore) -> Access {
        Access::one(sought.check(call, "cloudtrail:GetResourcePolicy"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GetResourcePolicyRequest,
        sought: Allowed<SoughtStore>,
    ) -> Result<Output<Self>> {
        policy::check_arn(&input.resource_arn)?;
        let arn = sought.arn();
        let store = sought.there().map_err(|_| error::lake::policy_resource(arn))?;
        let policy = store.policy.as_ref().ok_or_else(error::lake::no_policy)?;
        let resource_policy = Some(policy.told(cx).await?);
        let resource_arn = Some(store.arn());
        Ok(Output::<Self> { resource_arn, resource_policy, ..Output::<Self>::default() })
    }
}
