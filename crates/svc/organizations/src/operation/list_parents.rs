//! `ListParents`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListParents.html>

use alcazar_api_organizations::operation as api;
use alcazar_api_organizations::types::{Parent, ParentType};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::kind;
use crate::place::Audience;
use crate::target::{Sought, Target};
use crate::{error, page};

/// Lists the root or unit that an account or unit stands directly in; there is one.
pub struct ListParents;

impl Operation for ListParents {
    type Api = api::ListParents;
    type Target = Sought;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListParentsRequest) -> Result<Sought> {
        Sought::find(reads, &input.child_id).await
    }

    fn access(call: &CallInfo, input: &api::ListParentsRequest, target: &Sought) -> Access {
        let kind = if input.child_id.starts_with("ou-") { kind::UNIT } else { kind::ACCOUNT };
        Access::one(target.check(call, "organizations:ListParents", Audience::Readers, kind))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListParentsRequest,
        target: Allowed<Sought>,
    ) -> Result<api::ListParentsResponse> {
        let organization = target.place.organization(Audience::Readers)?;
        let parent_id = match &target.found {
            Some(Target::Unit(unit)) => Some(unit.parent_id.clone()),
            Some(Target::Account(account)) => {
                account.membership.as_ref().map(|membership| membership.parent_id.clone())
            }
            Some(Target::Root) | None => None,
        };
        let parent_id = parent_id.ok_or_else(error::child_not_found)?;
        let is_root = parent_id == organization.root.id;
        let kind = if is_root { ParentType::Root } else { ParentType::OrganizationalUnit };
        let asked = page::asked(input.next_token.as_deref(), input.max_results);
        let page = page::of(cx, "parents", asked, vec![parent_id], String::clone)?;
        let parent = |id| Parent { id: Some(id), r#type: Some(kind) };
        let (parents, _, next_token) = page.into_parts(parent);
        Ok(api::ListParentsResponse { parents: Some(parents), next_token })
    }
}
