//! `MoveAccount`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_MoveAccount.html>

use alcazar_api_organizations::operation as api;
use alcazar_api_organizations::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::account::{self, Account, AccountMembership};

use crate::access::kind;
use crate::error;
use crate::place::Audience;
use crate::target::Sought;

/// Moves an account to another root or organizational unit; what limits it changes at once.
pub struct MoveAccount;

/// The account, where it is, and where it is to be.
pub struct Target {
    account: Sought,
    source: Sought,
    destination: Sought,
}

impl Operation for MoveAccount {
    type Api = api::MoveAccount;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::MoveAccountRequest) -> Result<Target> {
        Ok(Target {
            account: Sought::find(reads, &input.account_id).await?,
            source: Sought::find_parent(reads, &input.source_parent_id).await?,
            destination: Sought::find_parent(reads, &input.destination_parent_id).await?,
        })
    }

    fn access(call: &CallInfo, _: &api::MoveAccountRequest, target: &Target) -> Access {
        let check = |sought: &Sought, kind| {
            sought.check(call, "organizations:MoveAccount", Audience::Management, kind)
        };
        let Target { account, source, destination } = target;
        Access {
            checks: vec![
                check(account, kind::ACCOUNT),
                check(source, kind::PARENT),
                check(destination, kind::PARENT),
            ],
        }
    }

    async fn run(cx: &mut Cx<'_>, input: &api::MoveAccountRequest, target: Allowed<Target>) -> Result<Unit> {
        target.account.place.organization(Audience::Management)?;
        let account = target.account.account()?;
        let membership = account.membership.as_ref().ok_or_else(error::account_not_found)?;
        if target.source.found.is_none() {
            return Err(error::source_parent_not_found().into());
        }
        if target.destination.found.is_none() {
            return Err(error::destination_parent_not_found().into());
        }
        if membership.parent_id == input.destination_parent_id {
            return Err(error::account_already_there().into());
        }
        if membership.parent_id != input.source_parent_id {
            return Err(error::source_parent_not_found().into());
        }
        let parent_id = input.destination_parent_id.clone();
        let membership = AccountMembership { parent_id, ..membership.clone() };
        let moved = Account { membership: Some(membership), ..account.clone() };
        cx.put(account::account_name(moved.account), moved)?;
        Ok(Unit {})
    }
}
