//! `DeleteResourcePolicy`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeleteResourcePolicy.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::place::{Audience, Place};
use crate::{error, target as tree};

/// Takes back what the organization delegates to member accounts.
pub struct DeleteResourcePolicy;

impl Operation for DeleteResourcePolicy {
    type Api = api::DeleteResourcePolicy;
    type Target = Place;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, _: &Input<Self>) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, place: &Place) -> Access {
        let action = "organizations:DeleteResourcePolicy";
        Access::one(place.organization_check(call, action, Audience::Management))
    }

    async fn run(cx: &mut Cx<'_>, _: &Input<Self>, place: Allowed<Place>) -> Result<Output<Self>> {
        let mut changed = place.organization(Audience::Management)?.as_ref().clone();
        if changed.resource_policy.take().is_none() {
            return Err(error::resource_policy_not_found().into());
        }
        tree::put_organization(cx, changed)?;
        Ok(Output::<Self>::default())
    }
}
