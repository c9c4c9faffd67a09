//! `ListDelegatedServicesForAccount`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListDelegatedServicesForAccount.html>

use alcazar_api_organizations::operation as api;
use alcazar_api_organizations::types::DelegatedService;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::kind;
use crate::place::Audience;
use crate::target::Sought;
use crate::{error, page};

/// Lists the services that a member account is delegated administrator for.
pub struct ListDelegatedServicesForAccount;

impl Operation for ListDelegatedServicesForAccount {
    type Api = api::ListDelegatedServicesForAccount;
    type Target = Sought;
    const READ_ONLY: bool = true;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::ListDelegatedServicesForAccountRequest,
    ) -> Result<Sought> {
        Sought::find(reads, &input.account_id).await
    }

    fn access(call: &CallInfo, _: &api::ListDelegatedServicesForAccountRequest, target: &Sought) -> Access {
        let action = "organizations:ListDelegatedServicesForAccount";
        Access::one(target.check(call, action, Audience::Readers, kind::ACCOUNT))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListDelegatedServicesForAccountRequest,
        target: Allowed<Sought>,
    ) -> Result<api::ListDelegatedServicesForAccountResponse> {
        let organization = target.place.organization(Audience::Readers)?;
        let account = target.account()?.account;
        let delegated = organization.delegated_administrators.iter();
        let delegated: Vec<_> = delegated.filter(|one| one.account == account).cloned().collect();
        if delegated.is_empty() {
            return Err(error::account_not_registered().into());
        }
        let asked = page::asked(input.next_token.as_deref(), input.max_results);
        let list = format!("delegated services of {account}");
        let page = page::of(cx, &list, asked, delegated, |one| one.service_principal.clone())?;
        let (delegated_services, _, next_token) = page.into_parts(|one| DelegatedService {
            service_principal: Some(one.service_principal),
            delegation_enabled_date: Some(one.enabled),
        });
        Ok(api::ListDelegatedServicesForAccountResponse {
            delegated_services: Some(delegated_services),
            next_token,
        })
    }
}
