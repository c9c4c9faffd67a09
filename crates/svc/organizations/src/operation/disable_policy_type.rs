//! `DisablePolicyType`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DisablePolicyType.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::organization::OrganizationPolicyType;

use crate::access::kind;
use crate::place::Audience;
use crate::policy::{self, Policy};
use crate::target::{self as tree, Sought};
use crate::{access, error, shown};

/// Lets policies of a type count no more, and detaches all of them. They stay, to be attached again.
pub struct DisablePolicyType;

impl Operation for DisablePolicyType {
    type Api = api::DisablePolicyType;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DisablePolicyTypeRequest) -> Result<Sought> {
        Sought::find_parent(reads, &input.root_id).await
    }

    fn access(call: &CallInfo, input: &api::DisablePolicyTypeRequest, target: &Sought) -> Access {
        let mut check =
            target.check(call, "organizations:DisablePolicyType", Audience::Delegates, kind::ROOT);
        access::add_policy_type(&mut check, input.policy_type.as_str());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DisablePolicyTypeRequest,
        target: Allowed<Sought>,
    ) -> Result<api::DisablePolicyTypeResponse> {
        let organization = target.place.organization(Audience::Delegates)?;
        target.root()?;
        let enabled =
            |policy_type: &OrganizationPolicyType| organization.root.policy_types.contains(policy_type);
        let policy_type = policy::known_type(input.policy_type).filter(enabled);
        let policy_type = policy_type.ok_or_else(error::policy_type_not_enabled)?;
        let policies = Policy::all(cx, organization, policy_type).await?;
        let is_of_type = |id: &String| policies.iter().any(|policy| policy.id() == id);
        for target in tree::everything(cx, organization).await? {
            let attached: Vec<_> =
                target.policies(organization).iter().filter(|id| is_of_type(id)).cloned().collect();
            policy::change(cx, organization, &target, |ids| ids.retain(|id| !attached.contains(id)))?;
        }
        let mut changed = organization.as_ref().clone();
        changed.root.policy_types.retain(|enabled| *enabled != policy_type);
        changed.root.policies.retain(|id| !is_of_type(id));
        let answer = shown::root(&changed);
        tree::put_organization(cx, changed)?;
        Ok(api::DisablePolicyTypeResponse { root: Some(answer) })
    }
}
