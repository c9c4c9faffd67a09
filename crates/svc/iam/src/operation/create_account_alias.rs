//! `CreateAccountAlias`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccountAlias.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::account_alias;

/// Gives the account an alias, in the place of the one that it has.
pub struct CreateAccountAlias;

impl Operation for CreateAccountAlias {
    type Api = api::CreateAccountAlias;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &api::CreateAccountAliasRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::CreateAccountAliasRequest, (): &()) -> Access {
        Access::any(call, "iam:CreateAccountAlias")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateAccountAliasRequest,
        _: Allowed<()>,
    ) -> Result<Output<Self>> {
        account_alias::put(cx, &input.account_alias).await?;
        Ok(Output::<Self>::default())
    }
}
