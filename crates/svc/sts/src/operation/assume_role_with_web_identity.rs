//! `AssumeRoleWithWebIdentity`:
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>

use alcazar_api_sts::operation as api;
use alcazar_engine::{
    Access, Allowed, CallInfo, Check, Cx, Input, Operation, Output, Reads, Result, Signing, WebIdentity,
};
use alcazar_policy::Context;

use crate::error;
use crate::role::NamedRole;
use crate::role_session::{Begun, RoleSession};
use crate::session_policy::SessionPolicies;
use crate::web_identity::Vouched;

/// Begins a session of a role for someone whom an OpenID Connect provider vouches for.
pub struct AssumeRoleWithWebIdentity;

/// The role, who calls, and what the session is to have.
pub struct Target {
    named: NamedRole,
    policies: SessionPolicies,
    vouched: Vouched,
}

impl Operation for AssumeRoleWithWebIdentity {
    type Api = api::AssumeRoleWithWebIdentity;
    type Target = Target;
    const READ_ONLY: bool = true;
    const RECORDS_ANSWER: bool = true;
    const SIGNING: Signing = Signing::PassedOver;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        let policies = SessionPolicies::read(input.policy.as_deref(), input.policy_arns.as_deref())?;
        let named = NamedRole::find(reads, &input.role_arn).await?;
        // The providers that are named so vouch by access tokens, which only they can check.
        if input.provider_id.is_some() {
            return Err(error::no_id_token().into());
        }
        let vouched = Vouched::verify(reads, named.account, input.web_identity_token.expose()).await?;
        reads.identify(WebIdentity {
            provider: vouched.provider.clone(),
            audience: vouched.audience.clone(),
            subject: vouched.subject.clone(),
            account: named.account,
        });
        Ok(Target { named, policies, vouched })
    }

    fn access(_: &CallInfo, input: &Input<Self>, target: &Target) -> Access {
        let mut checks = vec![check("sts:AssumeRoleWithWebIdentity", input, target)];
        if !target.vouched.tags.tags.is_empty() {
            checks.push(check("sts:TagSession", input, target));
        }
        if target.vouched.source_identity.is_some() {
            checks.push(check("sts:SetSourceIdentity", input, target));
        }
        Access { checks }
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let Target { named, policies, vouched } = target.into_inner();
        let claims = vouched.keys();
        let Vouched { provider, audience, subject, tags, source_identity, .. } = vouched;
        let session = RoleSession {
            named: &named,
            name: &input.role_session_name,
            duration_seconds: input.duration_seconds,
            policies,
            tags,
            source_identity: source_identity.clone(),
            mfa_authenticated: None,
            federated_provider: Some(provider.clone()),
            claims,
            chained: false,
        };
        let Begun { credentials, user, packed_policy_size } = session.begin(cx).await?;
        Ok(api::AssumeRoleWithWebIdentityResponse {
            credentials: Some(credentials),
            subject_from_web_identity_token: Some(subject),
            assumed_role_user: Some(user),
            packed_policy_size,
            provider: Some(provider),
            audience: Some(audience),
            source_identity,
            ..api::AssumeRoleWithWebIdentityResponse::default()
        })
    }
}

fn check(action: &'static str, input: &api::AssumeRoleWithWebIdentityRequest, target: &Target) -> Check {
    let mut context = Context::new();
    context.insert("sts:RoleSessionName", input.role_session_name.clone());
    target.vouched.add_to(&mut context);
    Check { denial: Some(error::web_identity_denied(action)), ..target.named.check(action, context) }
}
