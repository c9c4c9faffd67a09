//! `DeleteOrganization`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeleteOrganization.html>

use alcazar_api_organizations::operation as api;
use alcazar_api_organizations::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::organization::{self, OrganizationPolicy};

use crate::place::{Audience, Place};
use crate::{creation, error, handshake, membership, page, target as tree};

/// Deletes an organization that has no account but its management account.
pub struct DeleteOrganization;

impl Operation for DeleteOrganization {
    type Api = api::DeleteOrganization;
    type Target = Place;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, _: &Unit) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, _: &Unit, target: &Place) -> Access {
        let check = target.organization_check(call, "organizations:DeleteOrganization", Audience::Management);
        Access::one(check)
    }

    async fn run(cx: &mut Cx<'_>, _: &Unit, target: Allowed<Place>) -> Result<Unit> {
        let organization = target.organization(Audience::Management)?;
        let members = tree::members(cx, organization).await?;
        if members.len() > 1 || creation::in_progress(cx, &organization.id).await? > 0 {
            return Err(error::organization_not_empty().into());
        }
        for member in members {
            membership::remove(cx, organization, &member)?;
        }
        for unit in tree::units(cx, organization).await? {
            cx.delete(organization::unit_name(&organization.id, &unit.id))?;
        }
        let policies = organization::policies(&organization.id);
        for policy in page::all::<OrganizationPolicy>(cx, &policies).await? {
            cx.delete(organization::policy_name(&organization.id, &policy.id))?;
        }
        creation::forget_all(cx, &organization.id).await?;
        handshake::cancel_all(cx, &organization.id).await?;
        cx.delete(organization::organization_name(&organization.id))?;
        Ok(Unit {})
    }
}
