//! `UpdateAccountPasswordPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::password_policy::{self, PasswordPolicy};

/// Sets the account's password policy: what a request leaves out has its default again.
pub struct UpdateAccountPasswordPolicy;

impl Operation for UpdateAccountPasswordPolicy {
    type Api = api::UpdateAccountPasswordPolicy;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &api::UpdateAccountPasswordPolicyRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::UpdateAccountPasswordPolicyRequest, (): &()) -> Access {
        Access::any(call, "iam:UpdateAccountPasswordPolicy")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdateAccountPasswordPolicyRequest,
        _: Allowed<()>,
    ) -> Result<Output<Self>> {
        let is = |asked: Option<bool>| asked.unwrap_or(false);
        let number = |asked: Option<i32>| asked.and_then(|asked| u32::try_from(asked).ok());
        let policy = PasswordPolicy {
            minimum_length: number(input.minimum_password_length).unwrap_or(password_policy::LENGTH_DEFAULT),
            require_symbols: is(input.require_symbols),
            require_numbers: is(input.require_numbers),
            require_uppercase: is(input.require_uppercase_characters),
            require_lowercase: is(input.require_lowercase_characters),
            users_may_change: is(input.allow_users_to_change_password),
            max_age_days: number(input.max_password_age),
            reuse_prevention: number(input.password_reuse_prevention),
            hard_expiry: input.hard_expiry,
        };
        cx.put(password_policy::name(cx.account()), policy)?;
        Ok(Output::<Self>::default())
    }
}
