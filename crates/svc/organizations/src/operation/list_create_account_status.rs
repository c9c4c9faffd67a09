//! `ListCreateAccountStatus`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListCreateAccountStatus.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::place::{Audience, Place};
use crate::{creation, page};

/// Lists the requests to make accounts.
pub struct ListCreateAccountStatus;

impl Operation for ListCreateAccountStatus {
    type Api = api::ListCreateAccountStatus;
    type Target = Place;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, _: &api::ListCreateAccountStatusRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, _: &api::ListCreateAccountStatusRequest, target: &Place) -> Access {
        let action = "organizations:ListCreateAccountStatus";
        Access::one(target.organization_check(call, action, Audience::Readers))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListCreateAccountStatusRequest,
        target: Allowed<Place>,
    ) -> Result<api::ListCreateAccountStatusResponse> {
        let organization = target.organization(Audience::Readers)?;
        let mut found = creation::all(cx, &organization.id).await?;
        if let Some(states) = &input.states {
            found.retain(|creation| creation.shown().state.is_some_and(|state| states.contains(&state)));
        }
        let asked = page::asked(input.next_token.as_deref(), input.max_results);
        let place = |creation: &std::sync::Arc<creation::Creation>| {
            format!("{:020} {}", creation.requested.as_millis(), creation.id)
        };
        let page = page::of(cx, "creations", asked, found, place)?;
        let (create_account_statuses, _, next_token) = page.into_parts(|creation| creation.shown());
        Ok(api::ListCreateAccountStatusResponse {
            create_account_statuses: Some(create_account_statuses),
            next_token,
        })
    }
}
