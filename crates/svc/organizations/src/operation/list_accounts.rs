//! `ListAccounts`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::page;
use crate::place::{Audience, Place};
use crate::{shown, target as tree};

/// Lists the organization's accounts.
pub struct ListAccounts;

impl Operation for ListAccounts {
    type Api = api::ListAccounts;
    type Target = Place;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, _: &api::ListAccountsRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, _: &api::ListAccountsRequest, target: &Place) -> Access {
        Access::one(target.organization_check(call, "organizations:ListAccounts", Audience::Readers))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListAccountsRequest,
        target: Allowed<Place>,
    ) -> Result<api::ListAccountsResponse> {
        let organization = target.organization(Audience::Readers)?;
        let members = tree::members(cx, organization).await?;
        let asked = page::asked(input.next_token.as_deref(), input.max_results);
        let page = page::of(cx, "accounts", asked, members, |member| member.account.to_string())?;
        let accounts = shown::accounts(cx, organization, page.items).await?;
        Ok(api::ListAccountsResponse { accounts: Some(accounts.into()), next_token: page.next_token })
    }
}
