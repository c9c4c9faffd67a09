//! `DescribeAccount`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeAccount.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::kind;
use crate::place::Audience;
use crate::shown;
use crate::target::Sought;

/// Tells of an account of the organization.
pub struct DescribeAccount;

impl Operation for DescribeAccount {
    type Api = api::DescribeAccount;
    type Target = Sought;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DescribeAccountRequest) -> Result<Sought> {
        Sought::find(reads, &input.account_id).await
    }

    fn access(call: &CallInfo, _: &api::DescribeAccountRequest, target: &Sought) -> Access {
        Access::one(target.check(call, "organizations:DescribeAccount", Audience::Readers, kind::ACCOUNT))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DescribeAccountRequest,
        target: Allowed<Sought>,
    ) -> Result<api::DescribeAccountResponse> {
        let organization = target.place.organization(Audience::Readers)?;
        let account = shown::account(cx, organization, target.account()?).await?;
        Ok(api::DescribeAccountResponse { account: Some(account) })
    }
}
