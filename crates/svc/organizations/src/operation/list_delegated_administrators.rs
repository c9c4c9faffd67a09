//! `ListDelegatedAdministrators`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListDelegatedAdministrators.html>

use std::collections::BTreeMap;

use alcazar_api_organizations::{operation as api, types};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::place::{Audience, Place};
use crate::{access, page, shown, target, trusted};

/// Lists the member accounts that do some of the management account's work, for all services or for one.
pub struct ListDelegatedAdministrators;

impl Operation for ListDelegatedAdministrators {
    type Api = api::ListDelegatedAdministrators;
    type Target = Place;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, _: &api::ListDelegatedAdministratorsRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, input: &api::ListDelegatedAdministratorsRequest, place: &Place) -> Access {
        let action = "organizations:ListDelegatedAdministrators";
        let mut check = place.organization_check(call, action, Audience::Readers);
        if let Some(service_principal) = &input.service_principal {
            access::add_service_principal(&mut check, service_principal);
        }
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListDelegatedAdministratorsRequest,
        place: Allowed<Place>,
    ) -> Result<api::ListDelegatedAdministratorsResponse> {
        let organization = place.organization(Audience::Readers)?;
        if let Some(service_principal) = &input.service_principal {
            trusted::check(service_principal)?;
        }
        let mut since = BTreeMap::new();
        for one in &organization.delegated_administrators {
            if input.service_principal.as_ref().is_none_or(|service| *service == one.service_principal) {
                let first = since.entry(one.account).or_insert(one.enabled);
                *first = one.enabled.min(*first);
            }
        }
        let mut administrators = Vec::new();
        for (account, enabled) in since {
            let Some(member) = target::member(cx, organization, account).await? else { continue };
            let shown = shown::account(cx, organization, &member).await?;
            administrators.push(types::DelegatedAdministrator {
                id: shown.id,
                arn: shown.arn,
                email: shown.email,
                name: shown.name,
                status: shown.status,
                state: shown.state,
                joined_method: shown.joined_method,
                joined_timestamp: shown.joined_timestamp,
                delegation_enabled_date: Some(enabled),
            });
        }
        let asked = page::asked(input.next_token.as_deref(), input.max_results);
        let service = input.service_principal.as_deref().unwrap_or_default();
        let list = format!("delegated administrators {service}");
        let place_of = |one: &types::DelegatedAdministrator| one.id.clone().unwrap_or_default();
        let page = page::of(cx, &list, asked, administrators, place_of)?;
        let (delegated_administrators, _, next_token) = page.into_parts(|one| one);
        Ok(api::ListDelegatedAdministratorsResponse {
            delegated_administrators: Some(delegated_administrators),
            next_token,
        })
    }
}
