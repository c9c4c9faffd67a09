//! `DescribeCreateAccountStatus`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeCreateAccountStatus.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::place::{Audience, Place};
use crate::{creation, error};

/// Tells how far a request to make an account is.
pub struct DescribeCreateAccountStatus;

impl Operation for DescribeCreateAccountStatus {
    type Api = api::DescribeCreateAccountStatus;
    type Target = Place;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, _: &api::DescribeCreateAccountStatusRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, _: &api::DescribeCreateAccountStatusRequest, target: &Place) -> Access {
        let action = "organizations:DescribeCreateAccountStatus";
        Access::one(target.organization_check(call, action, Audience::Readers))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DescribeCreateAccountStatusRequest,
        target: Allowed<Place>,
    ) -> Result<api::DescribeCreateAccountStatusResponse> {
        let organization = target.organization(Audience::Readers)?;
        let found = creation::find(cx, &organization.id, &input.create_account_request_id).await?;
        let found = found.ok_or_else(error::create_account_status_not_found)?;
        let answer = Some(found.shown());
        Ok(api::DescribeCreateAccountStatusResponse { create_account_status: answer })
    }
}
