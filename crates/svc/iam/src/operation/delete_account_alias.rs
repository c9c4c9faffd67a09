//! `DeleteAccountAlias`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccountAlias.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::account_alias;

/// Takes the alias from the account.
pub struct DeleteAccountAlias;

impl Operation for DeleteAccountAlias {
    type Api = api::DeleteAccountAlias;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &api::DeleteAccountAliasRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::DeleteAccountAliasRequest, (): &()) -> Access {
        Access::any(call, "iam:DeleteAccountAlias")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DeleteAccountAliasRequest,
        _: Allowed<()>,
    ) -> Result<Output<Self>> {
        account_alias::delete(cx, &input.account_alias).await?;
        Ok(Output::<Self>::default())
    }
}
