//! `ListRetirableGrants`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListRetirableGrants.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_policy::PrincipalKind;

use super::list_grants::response;
use crate::error::grant as error;
use crate::grant::{self, Grant, GrantPrincipal};
use crate::page;

/// Lists the grants in the region that a principal may retire, whosever the keys are.
pub struct ListRetirableGrants;

impl Operation for ListRetirableGrants {
    type Api = api::ListRetirableGrants;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::ListRetirableGrantsRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::ListRetirableGrantsRequest, (): &()) -> Access {
        Access::any(call, "kms:ListRetirableGrants")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListRetirableGrantsRequest,
        _: Allowed<()>,
    ) -> Result<Output<Self>> {
        let region = cx.region().clone();
        let caller = cx.call().caller.clone();
        let retiring = match (&input.retiring_principal, &input.retiring_service_principal) {
            (Some(principal), None) => GrantPrincipal::find_any(cx, principal).await?,
            (None, Some(service)) => match &caller.principal.kind {
                PrincipalKind::Service(name) if name == service => GrantPrincipal::Service(service.clone()),
                _ => return Err(error::only_services_filter().into()),
            },
            _ => return Err(error::one_principal("Retiring").into()),
        };
        if !retiring.is_service() && retiring.account() != Some(caller.account) {
            return Err(error::retiring_principal_of_other_account(caller.arn()).into());
        }
        let range = grant::grants_of_retiring(&cx.keyring(), &region, &retiring);
        let asked = page::asked(input.marker.as_deref(), input.limit, grant::PAGE, grant::PAGE_MAX);
        let page = page::read::<Grant>(cx, &range, asked).await?;
        Ok(response(page.items.iter().map(|grant| grant.entry()).collect(), page.next_token))
    }
}
