//! `LeaveOrganization`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_LeaveOrganization.html>

use alcazar_api_organizations::operation as api;
use alcazar_api_organizations::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::place::{Audience, Place};
use crate::{error, membership};

/// Takes the caller's account out of its organization.
pub struct LeaveOrganization;

impl Operation for LeaveOrganization {
    type Api = api::LeaveOrganization;
    type Target = Place;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, _: &Unit) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, _: &Unit, target: &Place) -> Access {
        let check = target.organization_check(call, "organizations:LeaveOrganization", Audience::Members);
        Access::one(check)
    }

    async fn run(cx: &mut Cx<'_>, _: &Unit, target: Allowed<Place>) -> Result<Unit> {
        let organization = target.organization(Audience::Members)?;
        let account = target.record().ok_or_else(error::not_in_use)?;
        membership::leave(cx, organization, account).await?;
        Ok(Unit {})
    }
}
