//! `ListPolicies`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPolicies.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::place::{Audience, Place};
use crate::policy::{Policy, known_type};
use crate::{access, page};

/// Lists the policies of a type.
pub struct ListPolicies;

impl Operation for ListPolicies {
    type Api = api::ListPolicies;
    type Target = Place;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, _: &api::ListPoliciesRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, input: &api::ListPoliciesRequest, place: &Place) -> Access {
        let mut check = place.organization_check(call, "organizations:ListPolicies", Audience::Readers);
        access::add_policy_type(&mut check, input.filter.as_str());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListPoliciesRequest,
        place: Allowed<Place>,
    ) -> Result<api::ListPoliciesResponse> {
        let organization = place.organization(Audience::Readers)?;
        let policies = match known_type(input.filter) {
            Some(policy_type) => Policy::all(cx, organization, policy_type).await?,
            None => Vec::new(),
        };
        let asked = page::asked(input.next_token.as_deref(), input.max_results);
        let list = format!("policies {}", input.filter.as_str());
        let page = page::of(cx, &list, asked, policies, |policy| policy.id().to_owned())?;
        let (policies, _, next_token) = page.into_parts(|policy| policy.summary(organization));
        Ok(api::ListPoliciesResponse { policies: Some(policies), next_token })
    }
}
