//! `GetAccountAuthorizationDetails`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html>

use alcazar_api_iam::operation as api;
use alcazar_api_iam::types::EntityType;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::details::{self, Item};
use crate::{page, policy};

/// Tells of all users, groups, roles and policies of the account, and how they hang together.
pub struct GetAccountAuthorizationDetails;

impl Operation for GetAccountAuthorizationDetails {
    type Api = api::GetAccountAuthorizationDetails;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::GetAccountAuthorizationDetailsRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::GetAccountAuthorizationDetailsRequest, (): &()) -> Access {
        Access::any(call, "iam:GetAccountAuthorizationDetails")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GetAccountAuthorizationDetailsRequest,
        _: Allowed<()>,
    ) -> Result<api::GetAccountAuthorizationDetailsResponse> {
        let filter: &[EntityType] = input.filter.as_deref().unwrap_or_default();
        let is_asked = |kind| filter.is_empty() || filter.contains(&kind);
        let usages = policy::all_usages(cx).await?;
        let items = details::all(cx, is_asked, &usages).await?;
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let page = page::of(cx, "authorization details", asked, items, Item::place)?;
        let (mut users, mut groups, mut roles) = (Vec::new(), Vec::new(), Vec::new());
        let mut policies = Vec::new();
        for item in &page.items {
            match item {
                Item::User(user) => users.push(details::user(cx, user).await?),
                Item::Group(group) => groups.push(details::group(group)),
                Item::Role(role) => roles.push(details::role(cx, role).await?),
                Item::Policy(policy) => {
                    let used = usages.get(&policy.arn()).copied().unwrap_or_default();
                    policies.push(details::policy(policy, used));
                }
            }
        }
        Ok(api::GetAccountAuthorizationDetailsResponse {
            user_detail_list: Some(users.into()),
            group_detail_list: Some(groups.into()),
            role_detail_list: Some(roles.into()),
            policies: Some(policies.into()),
            is_truncated: Some(page.next_token.is_some()),
            marker: page.next_token,
        })
    }
}
