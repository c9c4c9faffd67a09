//! `RemoveAccountFromOrganization`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_RemoveAccountFromOrganization.html>

use alcazar_api_organizations::operation as api;
use alcazar_api_organizations::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::kind;
use crate::membership;
use crate::place::Audience;
use crate::target::Sought;

/// Removes an account from the organization; it then stands by itself.
pub struct RemoveAccountFromOrganization;

impl Operation for RemoveAccountFromOrganization {
    type Api = api::RemoveAccountFromOrganization;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::RemoveAccountFromOrganizationRequest,
    ) -> Result<Sought> {
        Sought::find(reads, &input.account_id).await
    }

    fn access(call: &CallInfo, _: &api::RemoveAccountFromOrganizationRequest, target: &Sought) -> Access {
        let action = "organizations:RemoveAccountFromOrganization";
        Access::one(target.check(call, action, Audience::Management, kind::ACCOUNT))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::RemoveAccountFromOrganizationRequest,
        target: Allowed<Sought>,
    ) -> Result<Unit> {
        let organization = target.place.organization(Audience::Management)?;
        membership::leave(cx, organization, target.account()?).await?;
        Ok(Unit {})
    }
}
