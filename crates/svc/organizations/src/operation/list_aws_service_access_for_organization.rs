//! `ListAWSServiceAccessForOrganization`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAWSServiceAccessForOrganization.html>

use alcazar_api_organizations::operation as api;
use alcazar_api_organizations::types::EnabledServicePrincipal;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::page;
use crate::place::{Audience, Place};

/// Lists the services that may work in the organization.
pub struct ListAWSServiceAccessForOrganization;

impl Operation for ListAWSServiceAccessForOrganization {
    type Api = api::ListAWSServiceAccessForOrganization;
    type Target = Place;
    const READ_ONLY: bool = true;

    async fn resolve(
        reads: &mut Reads<'_>,
        _: &api::ListAWSServiceAccessForOrganizationRequest,
    ) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, _: &api::ListAWSServiceAccessForOrganizationRequest, place: &Place) -> Access {
        let action = "organizations:ListAWSServiceAccessForOrganization";
        Access::one(place.organization_check(call, action, Audience::Readers))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListAWSServiceAccessForOrganizationRequest,
        place: Allowed<Place>,
    ) -> Result<api::ListAWSServiceAccessForOrganizationResponse> {
        let services = place.organization(Audience::Readers)?.trusted_services.clone();
        let asked = page::asked(input.next_token.as_deref(), input.max_results);
        let page = page::of(cx, "trusted services", asked, services, |one| one.service_principal.clone())?;
        let (enabled_service_principals, _, next_token) = page.into_parts(|one| EnabledServicePrincipal {
            service_principal: Some(one.service_principal),
            date_enabled: Some(one.enabled),
        });
        Ok(api::ListAWSServiceAccessForOrganizationResponse {
            enabled_service_principals: Some(enabled_service_principals),
            next_token,
        })
    }
}
