//! `CreateOrganizationalUnit`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateOrganizationalUnit.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::organization::{self, UNIT_DEPTH_MAX, Unit};

use crate::access::{self, kind};
use crate::place::Audience;
use crate::target::{self as tree, Sought};
use crate::{arn, error, id, quota, shown, tag};

/// Makes an organizational unit in the root or in another unit.
pub struct CreateOrganizationalUnit;

impl Operation for CreateOrganizationalUnit {
    type Api = api::CreateOrganizationalUnit;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CreateOrganizationalUnitRequest) -> Result<Sought> {
        Sought::find_parent(reads, &input.parent_id).await
    }

    fn access(call: &CallInfo, input: &api::CreateOrganizationalUnitRequest, target: &Sought) -> Access {
        let action = "organizations:CreateOrganizationalUnit";
        let check = target.check(call, action, Audience::Management, kind::PARENT);
        let new = |action| target.place.check(call, action, Audience::Management, kind::UNIT, arn::any_unit);
        access::creation(check, new, tag::pairs(input.tags.as_deref()))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateOrganizationalUnitRequest,
        target: Allowed<Sought>,
    ) -> Result<api::CreateOrganizationalUnitResponse> {
        let organization = target.place.organization(Audience::Management)?;
        target.parent()?;
        let tags = tag::read(input.tags.as_deref())?;
        tree::name_must_be_free(cx, organization, &input.parent_id, &input.name).await?;
        if tree::ancestors(cx, organization, &input.parent_id).await?.len() >= UNIT_DEPTH_MAX {
            return Err(error::constraint::units_too_deep().into());
        }
        let unit = Unit {
            id: id::unit(&organization.root.id, cx.entropy())?,
            name: input.name.clone(),
            parent_id: input.parent_id.clone(),
            policies: tree::first_policies(organization),
            tags,
        };
        let name = organization::unit_name(&organization.id, &unit.id);
        if let Some(most) = cx.quota(&quota::UNITS) {
            let room = cx.room_for(&name, &organization::units(&organization.id), most).await?;
            room.map_err(|_| error::constraint::too_many_units())?;
        }
        let answer = shown::unit(cx, organization, &unit).await?;
        cx.put(name, unit)?;
        Ok(api::CreateOrganizationalUnitResponse { organizational_unit: Some(answer) })
    }
}
