//! `AttachPolicy`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::place::Audience;
use crate::policy::{self, Policy};
use crate::policy_attachment::Attachment;
use crate::{error, quota};

/// Attaches a policy to the root, a unit or an account: it counts at once.
pub struct AttachPolicy;

impl Operation for AttachPolicy {
    type Api = api::AttachPolicy;
    type Target = Attachment;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::AttachPolicyRequest) -> Result<Attachment> {
        Attachment::find(reads, &input.policy_id, &input.target_id).await
    }

    fn access(call: &CallInfo, _: &api::AttachPolicyRequest, attachment: &Attachment) -> Access {
        attachment.access(call, "organizations:AttachPolicy")
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::AttachPolicyRequest,
        attachment: Allowed<Attachment>,
    ) -> Result<Output<Self>> {
        let organization = attachment.policy.place.organization(Audience::Delegates)?;
        let attached = attachment.policy.existing()?;
        let target = attachment.target()?;
        if !organization.root.policy_types.contains(&attached.policy_type()) {
            return Err(error::policy_type_not_enabled().into());
        }
        let ids = target.policies(organization).to_vec();
        if ids.iter().any(|id| id == attached.id()) {
            return Err(error::duplicate_policy_attachment().into());
        }
        let mut of_type = 0;
        for id in &ids {
            let policy = Policy::find(cx, organization, id).await?;
            of_type += u64::from(policy.is_some_and(|policy| policy.policy_type() == attached.policy_type()));
        }
        if cx.quota(&quota::POLICIES_PER_TARGET).is_some_and(|most| of_type >= most) {
            return Err(error::constraint::too_many_attached().into());
        }
        policy::attach(cx, organization, target, attached.id())?;
        Ok(Output::<Self>::default())
    }
}
