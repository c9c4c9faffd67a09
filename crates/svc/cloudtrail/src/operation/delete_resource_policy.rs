//! `DeleteResourcePolicy`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DeleteResourcePolicy.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::error;
use crate::lake::policy;
use crate::lake::sought::SoughtStore;

/// Takes the policy of an event data store away.
pub struct DeleteResourcePolicy;

impl Operation for DeleteResourcePolicy {
    type Api = api::DeleteResourcePolicy;
    type Target = SoughtStore;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteResourcePolicyRequest) -> Result<SoughtStore> {
        SoughtStore::find(reads, &input.resource_arn).await
    }

    fn access(call: &CallInfo, _: &api::DeleteResourcePolicyRequest, sought: &SoughtStore) -> Access {
        Access::one(sought.check(call, "cloudtrail:DeleteResourcePolicy"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DeleteResourcePolicyRequest,
        sought: Allowed<SoughtStore>,
    ) -> Result<Output<Self>> {
        policy::check_arn(&input.resource_arn)?;
        let arn = sought.arn();
        let mut store = sought.there().map_err(|_| error::lake::policy_resource(arn))?.as_ref().clone();
        store.policy.take().ok_or_else(error::lake::no_policy)?;
        store.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
