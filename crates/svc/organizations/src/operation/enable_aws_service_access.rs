//! `EnableAWSServiceAccess`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnableAWSServiceAccess.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::organization::TrustedService;

use crate::place::{Audience, Place};
use crate::{access, error, target as tree, trusted};

/// Lets a service work in the organization.
pub struct EnableAWSServiceAccess;

impl Operation for EnableAWSServiceAccess {
    type Api = api::EnableAWSServiceAccess;
    type Target = Place;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, _: &api::EnableAWSServiceAccessRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, input: &api::EnableAWSServiceAccessRequest, place: &Place) -> Access {
        let action = "organizations:EnableAWSServiceAccess";
        let mut check = place.organization_check(call, action, Audience::Management);
        access::add_service_principal(&mut check, &input.service_principal);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::EnableAWSServiceAccessRequest,
        place: Allowed<Place>,
    ) -> Result<Output<Self>> {
        let organization = place.organization(Audience::Management)?;
        if !organization.all_features {
            return Err(error::constraint::not_all_features().into());
        }
        trusted::check(&input.service_principal)?;
        let mut changed = organization.as_ref().clone();
        let known = changed.trusted_services.iter();
        if !known.map(|one| &one.service_principal).any(|known| known == &input.service_principal) {
            let service_principal = input.service_principal.clone();
            changed.trusted_services.push(TrustedService { service_principal, enabled: cx.now() });
            tree::put_organization(cx, changed)?;
        }
        Ok(Output::<Self>::default())
    }
}
