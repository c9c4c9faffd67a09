//! `GetFederationToken`: <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>

use alcazar_api_sts::operation as api;
use alcazar_api_sts::types::FederatedUser;
use alcazar_base::AccountId;
use alcazar_engine::credentials::Owner;
use alcazar_engine::{
    Access, Allowed, CallInfo, Check, Cx, Input, Operation, Output, Reads, Result, Session, SessionKind,
};

use crate::duration::{self, Span};
use crate::session_policy::SessionPolicies;
use crate::session_tag::{self, SessionTags};
use crate::{caller, credentials, packed};

/// Begins a session for someone whom the user or root user who calls vouches for.
pub struct GetFederationToken;

/// Who calls, and what the session is to have.
pub struct Target {
    owner: Owner,
    policies: SessionPolicies,
    tags: SessionTags,
}

impl Operation for GetFederationToken {
    type Api = api::GetFederationToken;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        let policies = SessionPolicies::read(input.policy.as_deref(), input.policy_arns.as_deref())?;
        let tags = SessionTags::read(session_tag::pairs(input.tags.as_deref()), &[], None)?;
        let owner = caller::owner(&reads.call().caller, "GetFederationToken")?;
        Ok(Target { owner, policies, tags })
    }

    fn access(call: &CallInfo, input: &Input<Self>, target: &Target) -> Access {
        let account = call.account();
        let check = |action, arn, kind| {
            let mut check = Check::new(action, arn, kind, account);
            target.tags.add_to(&mut check.context);
            check
        };
        let session = federated_user_arn(account, &input.name);
        let mut checks = vec![check("sts:GetFederationToken", session, "AWS::STS::FederatedUser")];
        if !target.tags.tags.is_empty() {
            // AWS's reference has it ask about the user whose session it is.
            checks.push(check("sts:TagSession", call.caller.arn().to_owned(), "AWS::IAM::User"));
        }
        Access { checks }
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let Target { owner, policies, tags } = target.into_inner();
        let account = cx.account();
        policies.must_exist(cx, account).await?;
        let packed_policy_size = packed::size(&policies, &tags)?;
        let Span { issued, expires } = Span::of(cx.now(), duration::of_owner(input.duration_seconds, &owner));
        let kind = SessionKind::FederatedUser { owner, name: input.name.clone() };
        let issued = cx.issue(Session {
            policy: policies.text,
            policy_arns: policies.arns,
            tags: tags.tags,
            ..Session::new(kind, account, issued, expires)
        })?;
        Ok(api::GetFederationTokenResponse {
            credentials: Some(credentials::shown(issued)),
            federated_user: Some(FederatedUser {
                federated_user_id: format!("{account}:{}", input.name),
                arn: federated_user_arn(account, &input.name),
            }),
            packed_policy_size: Some(packed_policy_size.unwrap_or(0)),
            ..api::GetFederationTokenResponse::default()
        })
    }
}

fn federated_user_arn(account: AccountId, name: &str) -> String {
    format!("arn:aws:sts::{account}:federated-user/{name}")
}
