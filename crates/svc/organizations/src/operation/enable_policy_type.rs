//! `EnablePolicyType`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnablePolicyType.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access::kind;
use crate::place::Audience;
use crate::policy;
use crate::target::{self as tree, Sought};
use crate::{access, error, shown};

/// Lets policies of a type count. Everything in the organization gets the one of AWS's own that allows everything.
pub struct EnablePolicyType;

impl Operation for EnablePolicyType {
    type Api = api::EnablePolicyType;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::EnablePolicyTypeRequest) -> Result<Sought> {
        Sought::find_parent(reads, &input.root_id).await
    }

    fn access(call: &CallInfo, input: &api::EnablePolicyTypeRequest, target: &Sought) -> Access {
        let mut check = target.check(call, "organizations:EnablePolicyType", Audience::Delegates, kind::ROOT);
        access::add_policy_type(&mut check, input.policy_type.as_str());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::EnablePolicyTypeRequest,
        target: Allowed<Sought>,
    ) -> Result<api::EnablePolicyTypeResponse> {
        let organization = target.place.organization(Audience::Delegates)?;
        target.root()?;
        let policy_type = policy::available_type(organization, input.policy_type)?;
        if organization.root.policy_types.contains(&policy_type) {
            return Err(error::policy_type_already_enabled().into());
        }
        for target in tree::everything(cx, organization).await? {
            policy::attach(cx, organization, &target, policy_type.full_access())?;
        }
        let mut changed = organization.as_ref().clone();
        changed.root.policy_types.push(policy_type);
        changed.root.policies.push(policy_type.full_access().to_owned());
        let answer = shown::root(&changed);
        tree::put_organization(cx, changed)?;
        Ok(api::EnablePolicyTypeResponse { root: Some(answer) })
    }
}
