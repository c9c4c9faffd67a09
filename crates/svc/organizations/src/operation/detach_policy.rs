//! `DetachPolicy`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DetachPolicy.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::organization::OrganizationPolicyType;

use crate::error;
use crate::place::Audience;
use crate::policy::{self, Policy};
use crate::policy_attachment::Attachment;

/// Detaches a policy from the root, a unit or an account. The last service control policy stays.
pub struct DetachPolicy;

impl Operation for DetachPolicy {
    type Api = api::DetachPolicy;
    type Target = Attachment;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DetachPolicyRequest) -> Result<Attachment> {
        Attachment::find(reads, &input.policy_id, &input.target_id).await
    }

    fn access(call: &CallInfo, _: &api::DetachPolicyRequest, attachment: &Attachment) -> Access {
        attachment.access(call, "organizations:DetachPolicy")
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DetachPolicyRequest,
        attachment: Allowed<Attachment>,
    ) -> Result<Output<Self>> {
        let organization = attachment.policy.place.organization(Audience::Delegates)?;
        let detached = attachment.policy.existing()?;
        let target = attachment.target()?;
        let ids = target.policies(organization).to_vec();
        if !ids.iter().any(|id| id == detached.id()) {
            return Err(error::policy_not_attached().into());
        }
        match detached.policy_type() {
            OrganizationPolicyType::ResourceControl if matches!(detached, Policy::Aws(_)) => {
                return Err(error::input::non_detachable_policy().into());
            }
            OrganizationPolicyType::ResourceControl => {}
            OrganizationPolicyType::ServiceControl => {
                let mut others = false;
                for id in ids.iter().filter(|id| *id != detached.id()) {
                    let policy = Policy::find(cx, organization, id).await?;
                    others |= policy.is_some_and(|policy| policy.policy_type() == detached.policy_type());
                }
                if !others {
                    return Err(error::constraint::last_policy().into());
                }
            }
        }
        policy::detach(cx, organization, target, detached.id())?;
        Ok(Output::<Self>::default())
    }
}
