//! `ListRoles`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::entity;
use alcazar_identity::role::{self, Role};

use crate::named::Holder;
use crate::page;
use crate::{access, document, role as shown};

/// Lists the account's roles under a path.
pub struct ListRoles;

impl Operation for ListRoles {
    type Api = api::ListRoles;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::ListRolesRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, input: &api::ListRolesRequest, (): &()) -> Access {
        let path = input.path_prefix.as_deref().unwrap_or("/");
        let arn = entity::arn(call.account(), "role", path, "");
        Access::one(access::check(call, "iam:ListRoles", arn, Role::TYPE))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListRolesRequest,
        _: Allowed<()>,
    ) -> Result<api::ListRolesResponse> {
        let roles = role::roles(cx.account());
        let mut found = page::all::<Role>(cx, &roles).await?;
        found.retain(|role| role.path.starts_with(input.path_prefix.as_deref().unwrap_or("/")));
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let page = page::of(cx, "roles", asked, found, |role| role.name.to_lowercase())?;
        let mut roles = Vec::with_capacity(page.items.len());
        for role in &page.items {
            let mut answer = shown::listed(role);
            let trust = role.trust.told(cx).await?;
            answer.assume_role_policy_document = Some(document::encoded(&trust));
            roles.push(answer);
        }
        let (is_truncated, marker) = (Some(page.next_token.is_some()), page.next_token);
        Ok(api::ListRolesResponse { roles: roles.into(), is_truncated, marker })
    }
}
