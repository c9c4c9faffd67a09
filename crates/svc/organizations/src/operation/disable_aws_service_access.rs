//! `DisableAWSServiceAccess`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DisableAWSServiceAccess.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::place::{Audience, Place};
use crate::{access, error, target as tree, trusted};

/// Lets a service work in the organization no more.
pub struct DisableAWSServiceAccess;

impl Operation for DisableAWSServiceAccess {
    type Api = api::DisableAWSServiceAccess;
    type Target = Place;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, _: &api::DisableAWSServiceAccessRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, input: &api::DisableAWSServiceAccessRequest, place: &Place) -> Access {
        let action = "organizations:DisableAWSServiceAccess";
        let mut check = place.organization_check(call, action, Audience::Management);
        access::add_service_principal(&mut check, &input.service_principal);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DisableAWSServiceAccessRequest,
        place: Allowed<Place>,
    ) -> Result<Output<Self>> {
        let organization = place.organization(Audience::Management)?;
        if !organization.all_features {
            return Err(error::constraint::not_all_features().into());
        }
        trusted::check(&input.service_principal)?;
        let mut changed = organization.as_ref().clone();
        changed.trusted_services.retain(|one| one.service_principal != input.service_principal);
        tree::put_organization(cx, changed)?;
        Ok(Output::<Self>::default())
    }
}
