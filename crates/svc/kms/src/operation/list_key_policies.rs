//! `ListKeyPolicies`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyPolicies.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::access;
use crate::page;
use crate::policy::POLICY_NAME;
use crate::target::{Accepts, Target};

/// Lists the names of a key's policies: there is one.
pub struct ListKeyPolicies;

const ACTION: &str = "kms:ListKeyPolicies";

impl Operation for ListKeyPolicies {
    type Api = api::ListKeyPolicies;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListKeyPoliciesRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, _: &api::ListKeyPoliciesRequest, target: &Target) -> Access {
        access::key_access(call, ACTION, target)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListKeyPoliciesRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        let asked = page::asked(input.marker.as_deref(), input.limit, 100, 1000);
        let page = page::in_order(cx, "kms.policies", asked, [POLICY_NAME.to_owned()])?;
        let (policy_names, truncated, next_marker) = page.into_parts(|name| name);
        Ok(api::ListKeyPoliciesResponse { policy_names: Some(policy_names), truncated, next_marker })
    }
}
