//! `DescribeOrganizationalUnit`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganizationalUnit.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::kind;
use crate::place::Audience;
use crate::shown;
use crate::target::Sought;

/// Tells of an organizational unit.
pub struct DescribeOrganizationalUnit;

impl Operation for DescribeOrganizationalUnit {
    type Api = api::DescribeOrganizationalUnit;
    type Target = Sought;
    const READ_ONLY: bool = true;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::DescribeOrganizationalUnitRequest,
    ) -> Result<Sought> {
        Sought::find_parent(reads, &input.organizational_unit_id).await
    }

    fn access(call: &CallInfo, _: &api::DescribeOrganizationalUnitRequest, target: &Sought) -> Access {
        let action = "organizations:DescribeOrganizationalUnit";
        Access::one(target.check(call, action, Audience::Readers, kind::UNIT))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DescribeOrganizationalUnitRequest,
        target: Allowed<Sought>,
    ) -> Result<api::DescribeOrganizationalUnitResponse> {
        let organization = target.place.organization(Audience::Readers)?;
        let unit = shown::unit(cx, organization, target.unit()?).await?;
        Ok(api::DescribeOrganizationalUnitResponse { organizational_unit: Some(unit) })
    }
}
