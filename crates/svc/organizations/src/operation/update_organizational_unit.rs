//! `UpdateOrganizationalUnit`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_UpdateOrganizationalUnit.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::organization::{self, Unit};

use crate::access::kind;
use crate::place::Audience;
use crate::shown;
use crate::target::{self as tree, Sought};

/// Gives an organizational unit another name.
pub struct UpdateOrganizationalUnit;

impl Operation for UpdateOrganizationalUnit {
    type Api = api::UpdateOrganizationalUnit;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UpdateOrganizationalUnitRequest) -> Result<Sought> {
        Sought::find_parent(reads, &input.organizational_unit_id).await
    }

    fn access(call: &CallInfo, _: &api::UpdateOrganizationalUnitRequest, target: &Sought) -> Access {
        let action = "organizations:UpdateOrganizationalUnit";
        Access::one(target.check(call, action, Audience::Management, kind::UNIT))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdateOrganizationalUnitRequest,
        target: Allowed<Sought>,
    ) -> Result<api::UpdateOrganizationalUnitResponse> {
        let organization = target.place.organization(Audience::Management)?;
        let mut unit = Unit::clone(target.unit()?);
        if let Some(name) = input.name.as_ref().filter(|name| **name != unit.name) {
            tree::name_must_be_free(cx, organization, &unit.parent_id, name).await?;
            unit.name.clone_from(name);
        }
        let answer = shown::unit(cx, organization, &unit).await?;
        cx.put(organization::unit_name(&organization.id, &unit.id), unit)?;
        Ok(api::UpdateOrganizationalUnitResponse { organizational_unit: Some(answer) })
    }
}
