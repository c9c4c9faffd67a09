//! `ListOrganizationalUnitsForParent`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListOrganizationalUnitsForParent.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::kind;
use crate::place::Audience;
use crate::target::{self as tree, Sought};
use crate::{page, shown};

/// Lists the units that stand directly in a root or organizational unit.
pub struct ListOrganizationalUnitsForParent;

impl Operation for ListOrganizationalUnitsForParent {
    type Api = api::ListOrganizationalUnitsForParent;
    type Target = Sought;
    const READ_ONLY: bool = true;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::ListOrganizationalUnitsForParentRequest,
    ) -> Result<Sought> {
        Sought::find_parent(reads, &input.parent_id).await
    }

    fn access(call: &CallInfo, _: &api::ListOrganizationalUnitsForParentRequest, target: &Sought) -> Access {
        let action = "organizations:ListOrganizationalUnitsForParent";
        Access::one(target.check(call, action, Audience::Readers, kind::PARENT))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListOrganizationalUnitsForParentRequest,
        target: Allowed<Sought>,
    ) -> Result<api::ListOrganizationalUnitsForParentResponse> {
        let organization = target.place.organization(Audience::Readers)?;
        target.parent()?;
        let units = tree::units_in(cx, organization, &input.parent_id).await?;
        let asked = page::asked(input.next_token.as_deref(), input.max_results);
        let list = format!("units of {}", input.parent_id);
        let page = page::of(cx, &list, asked, units, |unit| unit.id.clone())?;
        let mut units = Vec::with_capacity(page.items.len());
        for unit in &page.items {
            units.push(shown::unit(cx, organization, unit).await?);
        }
        let (organizational_units, next_token) = (Some(units.into()), page.next_token);
        Ok(api::ListOrganizationalUnitsForParentResponse { organizational_units, next_token })
    }
}
