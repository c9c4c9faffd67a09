//! `GetCallerIdentity`: <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>

use alcazar_api_sts::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

/// Tells who calls. No permission is needed, and none can take it away.
pub struct GetCallerIdentity;

impl Operation for GetCallerIdentity {
    type Api = api::GetCallerIdentity;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::GetCallerIdentityRequest) -> Result<()> {
        Ok(())
    }

    fn access(_: &CallInfo, _: &api::GetCallerIdentityRequest, (): &()) -> Access {
        Access::open()
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::GetCallerIdentityRequest,
        _: Allowed<()>,
    ) -> Result<api::GetCallerIdentityResponse> {
        let caller = &cx.call().caller;
        Ok(api::GetCallerIdentityResponse {
            user_id: Some(caller.principal_id.clone()),
            account: Some(caller.account.to_string()),
            arn: Some(caller.arn().to_owned()),
        })
    }
}
