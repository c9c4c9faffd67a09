//! `ListHandshakesForOrganization`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListHandshakesForOrganization.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::place::{Audience, Place};
use crate::{handshake, page};

/// Lists the handshakes of the organization.
pub struct ListHandshakesForOrganization;

impl Operation for ListHandshakesForOrganization {
    type Api = api::ListHandshakesForOrganization;
    type Target = Place;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, _: &api::ListHandshakesForOrganizationRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, _: &api::ListHandshakesForOrganizationRequest, target: &Place) -> Access {
        let action = "organizations:ListHandshakesForOrganization";
        Access::one(target.organization_check(call, action, Audience::Readers))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListHandshakesForOrganizationRequest,
        target: Allowed<Place>,
    ) -> Result<api::ListHandshakesForOrganizationResponse> {
        let organization = target.organization(Audience::Readers)?;
        let sent = handshake::of_organization(cx, &organization.id).await?;
        let asked = page::asked(input.next_token.as_deref(), input.max_results);
        let (handshakes, next_token) =
            handshake::filtered(cx, "handshakes of organization", asked, input.filter.as_ref(), sent)?;
        Ok(api::ListHandshakesForOrganizationResponse { handshakes, next_token })
    }
}
