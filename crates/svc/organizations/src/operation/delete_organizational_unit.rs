//! `DeleteOrganizationalUnit`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeleteOrganizationalUnit.html>

use alcazar_api_organizations::operation as api;
use alcazar_api_organizations::types::Unit as Nothing;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::organization;

use crate::access::kind;
use crate::error;
use crate::place::Audience;
use crate::target::{self as tree, Sought};

/// Deletes an organizational unit that nothing stands in.
pub struct DeleteOrganizationalUnit;

impl Operation for DeleteOrganizationalUnit {
    type Api = api::DeleteOrganizationalUnit;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteOrganizationalUnitRequest) -> Result<Sought> {
        Sought::find_parent(reads, &input.organizational_unit_id).await
    }

    fn access(call: &CallInfo, _: &api::DeleteOrganizationalUnitRequest, target: &Sought) -> Access {
        let action = "organizations:DeleteOrganizationalUnit";
        Access::one(target.check(call, action, Audience::Management, kind::UNIT))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteOrganizationalUnitRequest,
        target: Allowed<Sought>,
    ) -> Result<Nothing> {
        let organization = target.place.organization(Audience::Management)?;
        let unit = target.unit()?;
        let has_accounts = !tree::members_in(cx, organization, &unit.id).await?.is_empty();
        if has_accounts || !tree::units_in(cx, organization, &unit.id).await?.is_empty() {
            return Err(error::unit_not_empty().into());
        }
        cx.delete(organization::unit_name(&organization.id, &unit.id))?;
        Ok(Nothing {})
    }
}
