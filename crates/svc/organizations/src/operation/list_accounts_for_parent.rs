//! `ListAccountsForParent`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccountsForParent.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::kind;
use crate::place::Audience;
use crate::target::{self as tree, Sought};
use crate::{page, shown};

/// Lists the accounts that stand directly in a root or organizational unit.
pub struct ListAccountsForParent;

impl Operation for ListAccountsForParent {
    type Api = api::ListAccountsForParent;
    type Target = Sought;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListAccountsForParentRequest) -> Result<Sought> {
        Sought::find_parent(reads, &input.parent_id).await
    }

    fn access(call: &CallInfo, _: &api::ListAccountsForParentRequest, target: &Sought) -> Access {
        let action = "organizations:ListAccountsForParent";
        Access::one(target.check(call, action, Audience::Readers, kind::PARENT))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListAccountsForParentRequest,
        target: Allowed<Sought>,
    ) -> Result<api::ListAccountsForParentResponse> {
        let organization = target.place.organization(Audience::Readers)?;
        target.parent()?;
        let members = tree::members_in(cx, organization, &input.parent_id).await?;
        let asked = page::asked(input.next_token.as_deref(), input.max_results);
        let list = format!("accounts of {}", input.parent_id);
        let page = page::of(cx, &list, asked, members, |member| member.account.to_string())?;
        let accounts = shown::accounts(cx, organization, page.items).await?;
        Ok(api::ListAccountsForParentResponse {
            accounts: Some(accounts.into()),
            next_token: page.next_token,
        })
    }
}
