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
        let limit = page::limit(input.limit, 100, 1000);
        let names = [POLICY_NAME.to_owned()];
        let (names, next_marker) = page::of_slice(cx, &names, limit, input.marker.as_deref())?;
        Ok(api::ListKeyPoliciesResponse {
            policy_names: Some(names.into()),
            truncated: Some(next_marker.is_some()),
            next_marker,
        })
    }
}
