//! `ListRoots`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListRoots.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::place::{Audience, Place};
use crate::{page, shown};

/// Lists the organization's root; there is one.
pub struct ListRoots;

impl Operation for ListRoots {
    type Api = api::ListRoots;
    type Target = Place;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, _: &api::ListRootsRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, _: &api::ListRootsRequest, target: &Place) -> Access {
        Access::one(target.organization_check(call, "organizations:ListRoots", Audience::Readers))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListRootsRequest,
        target: Allowed<Place>,
    ) -> Result<api::ListRootsResponse> {
        let organization = target.organization(Audience::Readers)?;
        let asked = page::asked(input.next_token.as_deref(), input.max_results);
        let roots = vec![shown::root(organization)];
        let page = page::of(cx, "roots", asked, roots, |root| root.id.clone().unwrap_or_default())?;
        let (roots, _, next_token) = page.into_parts(|root| root);
        Ok(api::ListRootsResponse { roots: Some(roots), next_token })
    }
}
