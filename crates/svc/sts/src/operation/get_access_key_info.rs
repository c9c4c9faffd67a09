//! `GetAccessKeyInfo`: <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html>

use alcazar_api_sts::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result, issue};

use crate::{caller, error};

/// Tells whose account an access key id is of, whether or not there is such a key.
pub struct GetAccessKeyInfo;

impl Operation for GetAccessKeyInfo {
    type Api = api::GetAccessKeyInfo;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(caller::must_not_have_token(&reads.call().caller, "GetAccessKeyInfo")?)
    }

    fn access(call: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::any(call, "sts:GetAccessKeyInfo")
    }

    async fn run(_: &mut Cx<'_>, input: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        let account = issue::account_of(&input.access_key_id);
        let account = account.ok_or_else(|| error::invalid_access_key_id(&input.access_key_id))?;
        Ok(api::GetAccessKeyInfoResponse { account: Some(account.to_string()) })
    }
}
