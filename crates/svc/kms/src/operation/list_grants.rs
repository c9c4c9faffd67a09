//! `ListGrants`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html>

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::{GrantListEntry, ListGrantsResponse};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::error::grant as error;
use crate::grant::{self, Grant, GrantPrincipal};
use crate::target::{Accepts, Target};
use crate::{access, page};

/// Lists the grants on a key: all, those of a grantee, or one.
pub struct ListGrants;

const ACTION: &str = "kms:ListGrants";

impl Operation for ListGrants {
    type Api = api::ListGrants;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListGrantsRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, _: &api::ListGrantsRequest, target: &Target) -> Access {
        let mut check = access::key_check(call, ACTION, target);
        access::add_is_for_resource(call, &mut check);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListGrantsRequest,
        target: Allowed<Target>,
    ) -> Result<ListGrantsResponse> {
        let (region, key_id) = (&target.key.region, target.key.key_id.as_str());
        let grantee = match (&input.grantee_principal, &input.grantee_service_principal) {
            (Some(_), Some(_)) => return Err(error::one_principal("Grantee").into()),
            (Some(principal), None) => Some(GrantPrincipal::find_any(cx, principal).await?),
            (None, service) => service.clone().map(GrantPrincipal::Service),
        };
        if let Some(grant_id) = &input.grant_id {
            grant::check_grant_id(grant_id)?;
            let found = cx.get::<Grant>(&grant::grant_name(region, key_id, grant_id)).await?;
            let found =
                found.filter(|grant| grantee.as_ref().is_none_or(|grantee| grant.grantee == *grantee));
            return Ok(response(found.iter().map(|grant| grant.entry()).collect(), None));
        }
        let range = match &grantee {
            Some(grantee) => grant::grants_of_grantee(&cx.keyring(), region, key_id, grantee),
            None => grant::grants_of_key(region, key_id),
        };
        let asked = page::asked(input.marker.as_deref(), input.limit, grant::PAGE, grant::PAGE_MAX);
        let page = page::read::<Grant>(cx, &range, asked).await?;
        Ok(response(page.items.iter().map(|grant| grant.entry()).collect(), page.next_token))
    }
}

/// A page of grants as two operations answer it.
pub(super) fn response(grants: Vec<GrantListEntry>, next_marker: Option<String>) -> ListGrantsResponse {
    ListGrantsResponse { grants: Some(grants.into()), truncated: Some(next_marker.is_some()), next_marker }
}
