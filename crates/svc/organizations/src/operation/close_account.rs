//! `CloseAccount`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html>

use alcazar_api_organizations::operation as api;
use alcazar_api_organizations::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::account::{self, Account, AccountStatus};

use crate::access::kind;
use crate::place::Audience;
use crate::target::Sought;
use crate::{closing, error};

/// Closes an account: its credentials are refused from now on.
pub struct CloseAccount;

impl Operation for CloseAccount {
    type Api = api::CloseAccount;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CloseAccountRequest) -> Result<Sought> {
        Sought::find(reads, &input.account_id).await
    }

    fn access(call: &CallInfo, _: &api::CloseAccountRequest, target: &Sought) -> Access {
        Access::one(target.check(call, "organizations:CloseAccount", Audience::Management, kind::ACCOUNT))
    }

    async fn run(cx: &mut Cx<'_>, _: &api::CloseAccountRequest, target: Allowed<Sought>) -> Result<Unit> {
        let organization = target.place.organization(Audience::Management)?;
        let account = target.account()?;
        if account.account == organization.management_account {
            return Err(error::constraint::cannot_close_management_account().into());
        }
        if !organization.all_features {
            return Err(error::constraint::not_all_features().into());
        }
        if account.status == AccountStatus::Suspended {
            return Err(error::account_already_closed().into());
        }
        let closed = Account { status: AccountStatus::Suspended, ..account.clone() };
        closing::schedule(cx, organization, &closed)?;
        cx.put(account::account_name(closed.account), closed)?;
        Ok(Unit {})
    }
}
