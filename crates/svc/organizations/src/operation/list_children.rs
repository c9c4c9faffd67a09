//! `ListChildren`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListChildren.html>

use alcazar_api_organizations::operation as api;
use alcazar_api_organizations::types::{Child, ChildType};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::kind;
use crate::page;
use crate::place::Audience;
use crate::target::{self as tree, Sought};

/// Lists the ids of the accounts or of the units that stand directly in a root or organizational unit.
pub struct ListChildren;

impl Operation for ListChildren {
    type Api = api::ListChildren;
    type Target = Sought;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListChildrenRequest) -> Result<Sought> {
        Sought::find_parent(reads, &input.parent_id).await
    }

    fn access(call: &CallInfo, _: &api::ListChildrenRequest, target: &Sought) -> Access {
        Access::one(target.check(call, "organizations:ListChildren", Audience::Readers, kind::PARENT))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListChildrenRequest,
        target: Allowed<Sought>,
    ) -> Result<api::ListChildrenResponse> {
        let organization = target.place.organization(Audience::Readers)?;
        target.parent()?;
        let parent_id = &input.parent_id;
        let ids: Vec<String> = match input.child_type {
            ChildType::Account => {
                let members = tree::members_in(cx, organization, parent_id).await?;
                members.iter().map(|member| member.account.to_string()).collect()
            }
            ChildType::OrganizationalUnit => {
                let units = tree::units_in(cx, organization, parent_id).await?;
                units.iter().map(|unit| unit.id.clone()).collect()
            }
        };
        let asked = page::asked(input.next_token.as_deref(), input.max_results);
        let list = format!("{} in {parent_id}", input.child_type.as_str());
        let page = page::of(cx, &list, asked, ids, String::clone)?;
        let child = |id| Child { id: Some(id), r#type: Some(input.child_type) };
        let (children, _, next_token) = page.into_parts(child);
        Ok(api::ListChildrenResponse { children: Some(children), next_token })
    }
}
