//! `CreatePolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html>

use std::sync::Arc;

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::entity;
use alcazar_identity::managed_policy::{self, ManagedPolicy, PolicyVersion};
use alcazar_identity::unique_id::{self, IdKind};

use crate::policy::{self, Usages};
use crate::{access, document, error, named, quota, tag};

/// Makes a managed policy, with its first version.
pub struct CreatePolicy;

/// The policy that has the name already, if there is one.
pub struct Target(Option<Arc<ManagedPolicy>>);

impl Operation for CreatePolicy {
    type Api = api::CreatePolicy;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CreatePolicyRequest) -> Result<Target> {
        let account = reads.account();
        Ok(Target(ManagedPolicy::find(&mut reads.records(), account, &input.policy_name).await?))
    }

    fn access(call: &CallInfo, input: &api::CreatePolicyRequest, _: &Target) -> Access {
        let path = input.path.as_deref().unwrap_or("/");
        let arn = entity::arn(call.account(), "policy", path, &input.policy_name);
        let check = access::check(call, "iam:CreatePolicy", arn, policy::TYPE);
        access::creation(check, "iam:TagPolicy", tag::pairs(input.tags.as_deref()))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreatePolicyRequest,
        target: Allowed<Target>,
    ) -> Result<api::CreatePolicyResponse> {
        let path = named::path(input.path.as_deref())?;
        let tags = tag::read_cased(input.tags.as_deref())?;
        if let Some(other) = &target.0 {
            return Err(error::policy_exists(&other.name).into());
        }
        let document = document::read_managed(cx, &input.policy_document)?;
        let (account, now) = (cx.account(), cx.now());
        let name = managed_policy::policy_name(&cx.keyring(), account, &input.policy_name);
        if let Some(most) = cx.quota(&quota::POLICIES) {
            let room = cx.room_for(&name, &managed_policy::policies(account), most).await?;
            room.map_err(|full| error::quota_exceeded("PoliciesPerAccount", full.quota))?;
        }
        let policy = ManagedPolicy {
            account,
            policy_id: unique_id::new(IdKind::ManagedPolicy, cx.entropy())?,
            path,
            name: input.policy_name.clone(),
            created: now,
            updated: now,
            description: input.description.clone(),
            tags,
            versions: vec![PolicyVersion { number: 1, created: now, document }],
            default_version: 1,
            next_version: 2,
        };
        let mut answer = policy::listed(&policy, Usages::default());
        answer.tags = tag::shown(&policy.tags).map(Into::into);
        cx.put(name, policy)?;
        Ok(api::CreatePolicyResponse { policy: Some(answer) })
    }
}
