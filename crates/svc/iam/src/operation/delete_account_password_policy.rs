//! `DeleteAccountPasswordPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccountPasswordPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::error;
use crate::password_policy::{self, PasswordPolicy};

/// Deletes the account's password policy.
pub struct DeleteAccountPasswordPolicy;

impl Operation for DeleteAccountPasswordPolicy {
    type Api = api::DeleteAccountPasswordPolicy;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::any(call, "iam:DeleteAccountPasswordPolicy")
    }

    async fn run(cx: &mut Cx<'_>, _: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        let account = cx.account();
        if PasswordPolicy::find(cx, account).await?.is_none() {
            return Err(error::no_password_policy_to_delete().into());
        }
        cx.delete(password_policy::name(account))?;
        Ok(Output::<Self>::default())
    }
}
