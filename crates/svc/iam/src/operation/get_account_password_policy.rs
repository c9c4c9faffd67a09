//! `GetAccountPasswordPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountPasswordPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Input, Operation, Reads, Result};

use crate::error;
use crate::password_policy::{self, PasswordPolicy};

/// Tells the account's password policy.
pub struct GetAccountPasswordPolicy;

impl Operation for GetAccountPasswordPolicy {
    type Api = api::GetAccountPasswordPolicy;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::any(call, "iam:GetAccountPasswordPolicy")
    }

    async fn granted(reads: &mut Reads<'_>, _: &Input<Self>, _: &(), _: &Check) -> Result<Granted> {
        password_policy::granted(reads).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &Input<Self>,
        _: Allowed<()>,
    ) -> Result<api::GetAccountPasswordPolicyResponse> {
        let account = cx.account();
        let policy = PasswordPolicy::find(cx, account).await?;
        let policy = policy.ok_or_else(|| error::no_password_policy(account.as_str()))?;
        Ok(api::GetAccountPasswordPolicyResponse { password_policy: policy.shown() })
    }
}
