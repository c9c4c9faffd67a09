//! `AssumeRole`: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use alcazar_api_sts::operation as api;
use alcazar_engine::{
    Access, Allowed, CallInfo, Check, Cx, Input, Operation, Output, Reads, Result, SessionKind, global_keys,
};
use alcazar_policy::{Context, PrincipalKind};

use crate::mfa::Mfa;
use crate::role::NamedRole;
use crate::role_session::{Begun, RoleSession};
use crate::session_policy::SessionPolicies;
use crate::session_tag::{self, SessionTags};
use crate::{error, source_identity};

/// Begins a session of a role, which its trust policy must allow.
pub struct AssumeRole;

/// The role, and what its session is to have.
pub struct Target {
    named: NamedRole,
    policies: SessionPolicies,
    tags: SessionTags,
    source_identity: Option<String>,
    mfa: Option<Mfa>,
}

impl Operation for AssumeRole {
    type Api = api::AssumeRole;
    type Target = Target;
    const READ_ONLY: bool = true;
    const RECORDS_ANSWER: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        if input.provided_contexts.is_some() {
            return Err(error::invalid_context().into());
        }
        let policies = SessionPolicies::read(input.policy.as_deref(), input.policy_arns.as_deref())?;
        let caller = reads.call().caller.clone();
        let calling = caller.session.as_deref();
        let transitive_keys = input.transitive_tag_keys.as_deref().unwrap_or_default();
        let tags = SessionTags::read(session_tag::pairs(input.tags.as_deref()), transitive_keys, calling)?;
        let source_identity = source_identity::settle(input.source_identity.as_deref(), calling)?;
        let named = NamedRole::find(reads, &input.role_arn).await?;
        may_assume(reads.call())?;
        let (serial_number, code) = (input.serial_number.as_deref(), input.token_code.as_deref());
        let mfa = Mfa::verify(reads, serial_number, code).await?;
        Ok(Target { named, policies, tags, source_identity, mfa })
    }

    fn access(call: &CallInfo, input: &Input<Self>, target: &Target) -> Access {
        let mut checks = vec![check("sts:AssumeRole", call, input, target)];
        if !target.tags.tags.is_empty() {
            checks.push(check("sts:TagSession", call, input, target));
        }
        if target.source_identity.is_some() {
            checks.push(check("sts:SetSourceIdentity", call, input, target));
        }
        Access { checks }
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let Target { named, policies, tags, source_identity, mfa } = target.into_inner();
        let calling = cx.call().caller.session.clone();
        let session = RoleSession {
            named: &named,
            name: &input.role_session_name,
            duration_seconds: input.duration_seconds,
            policies,
            tags,
            source_identity: source_identity.clone(),
            mfa_authenticated: mfa.as_ref().map(|mfa| mfa.authenticated),
            federated_provider: None,
            claims: Vec::new(),
            chained: calling.is_some_and(|session| matches!(session.kind, SessionKind::Role { .. })),
        };
        let Begun { credentials, user, packed_policy_size } = session.begin(cx).await?;
        if let Some(mfa) = mfa {
            mfa.spend(cx)?;
        }
        Ok(api::AssumeRoleResponse {
            credentials: Some(credentials),
            assumed_role_user: Some(user),
            packed_policy_size,
            source_identity,
            ..api::AssumeRoleResponse::default()
        })
    }
}

/// Refuses callers whom no policy could allow it.
fn may_assume(call: &CallInfo) -> Result<()> {
    match call.caller.principal.kind {
        PrincipalKind::AccountRoot => Err(error::root_assumes_no_role().into()),
        PrincipalKind::FederatedUser { .. } => {
            Err(error::not_for_sessions(call.caller.arn(), "AssumeRole").into())
        }
        _ => Ok(()),
    }
}

fn check(action: &'static str, call: &CallInfo, input: &api::AssumeRoleRequest, target: &Target) -> Check {
    let mut context = Context::new();
    context.insert("sts:RoleSessionName", input.role_session_name.clone());
    if let Some(external_id) = &input.external_id {
        context.insert("sts:ExternalId", external_id.clone());
    }
    if let Some(source_identity) = &target.source_identity {
        context.insert("sts:SourceIdentity", source_identity.clone());
    }
    if let Some(mfa) = &target.mfa {
        global_keys::add_mfa(Some(mfa.authenticated), call.now, &mut context);
    }
    target.tags.add_to(&mut context);
    target.named.check(action, context)
}
