//! `EnableAllFeatures`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnableAllFeatures.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::place::{Audience, Place};
use crate::{error, handshake};

/// Asks the members that were invited to approve of all features.
pub struct EnableAllFeatures;

impl Operation for EnableAllFeatures {
    type Api = api::EnableAllFeatures;
    type Target = Place;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, _: &api::EnableAllFeaturesRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, _: &api::EnableAllFeaturesRequest, target: &Place) -> Access {
        let check = target.organization_check(call, "organizations:EnableAllFeatures", Audience::Management);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::EnableAllFeaturesRequest,
        target: Allowed<Place>,
    ) -> Result<api::EnableAllFeaturesResponse> {
        let organization = target.organization(Audience::Management)?;
        if organization.all_features {
            return Err(error::handshake::already_all_features().into());
        }
        if handshake::is_asking(cx, &organization.id).await? {
            return Err(error::handshake::already_enabling_all_features().into());
        }
        let asked = handshake::ask(cx, organization).await?;
        Ok(api::EnableAllFeaturesResponse { handshake: Some(handshake::shown(&asked)) })
    }
}
