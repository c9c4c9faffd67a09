//! `PutResourcePolicy`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutResourcePolicy.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::error;
use crate::lake::policy;
use crate::lake::sought::SoughtStore;

/// Gives an event data store a policy.
pub struct PutResourcePolicy;

impl Operation for PutResourcePolicy {
    type Api = api::PutResourcePolicy;
    type Target = SoughtStore;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::PutResourcePolicyRequest) -> Result<SoughtStore> {
        SoughtStore::find(reads, &input.resource_arn).await
    }

    fn access(call: &CallInfo, _: &api::PutResourcePolicyRequest, sought: &SoughtStore) -> Access {
        Access::one(sought.check(call, "cloudtrail:PutResourcePolicy"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::PutResourcePolicyRequest,
        sought: Allowed<SoughtStore>,
    ) -> Result<Output<Self>> {
        policy::check_arn(&input.resource_arn)?;
        let arn = sought.arn();
        let mut store = sought.there().map_err(|_| error::lake::policy_resource(arn))?.as_ref().clone();
        let document = policy::read(cx, &store, &input.resource_policy).await?;
        store.policy = Some(document);
        let resource_arn = Some(store.arn());
        store.put(cx)?;
        let resource_policy = Some(input.resource_policy.clone());
        Ok(Output::<Self> { resource_arn, resource_policy, ..Output::<Self>::default() })
    }
}
