//! `AssumeRole`: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use alcazar_api_sts::operation as api;
use alcazar_api_sts::types::{AssumedRoleUser, Credentials};
use alcazar_engine::issue::IssuedCredentials;
use alcazar_engine::{
    Access, Allowed, CallInfo, Check, Cx, Input, Operation, Output, Reads, Result, Session, SessionKind,
};
use alcazar_identity::entity::PolicyHolder;
use alcazar_policy::{Context, PrincipalKind};

use crate::duration::{self, Span};
use crate::role::{NamedRole, session_arn};
use crate::session_policy::SessionPolicies;
use crate::session_tag::SessionTags;
use crate::{error, packed, source_identity};

/// Begins a session of a role, which its trust policy must allow.
pub struct AssumeRole;

/// The role, and what its session is to have.
pub struct Target {
    named: NamedRole,
    policies: SessionPolicies,
    tags: SessionTags,
    source_identity: Option<String>,
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
        let passed = input.tags.as_deref().unwrap_or_default();
        let passed = passed.iter().map(|tag| (tag.key.as_str(), tag.value.as_str()));
        let transitive_keys = input.transitive_tag_keys.as_deref().unwrap_or_default();
        let tags = SessionTags::read(passed, transitive_keys, calling)?;
        let source_identity = source_identity::settle(input.source_identity.as_deref(), calling)?;
        let named = NamedRole::find(reads, &input.role_arn).await?;
        may_assume(reads.call())?;
        Ok(Target { named, policies, tags, source_identity })
    }

    fn access(_: &CallInfo, input: &Input<Self>, target: &Target) -> Access {
        let mut checks = vec![check("sts:AssumeRole", input, target)];
        if !target.tags.tags.is_empty() {
            checks.push(check("sts:TagSession", input, target));
        }
        if target.source_identity.is_some() {
            checks.push(check("sts:SetSourceIdentity", input, target));
        }
        Access { checks }
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let Target { named, policies, tags, source_identity } = target.into_inner();
        let role = named.role()?;
        let calling = cx.call().caller.session.clone();
        let chained = calling.is_some_and(|session| matches!(session.kind, SessionKind::Role { .. }));
        let seconds = duration::of_role(input.duration_seconds, role.max_session_seconds, chained)?;
        policies.must_exist(cx, named.account).await?;
        let packed_policy_size = packed::size(&policies, &tags)?;
        let Span { issued, expires } = Span::of(cx.now(), seconds);
        let session_name = &input.role_session_name;
        let credentials = cx.issue(Session {
            kind: SessionKind::Role {
                path_and_name: role.path_and_name(),
                role_id: role.id().to_owned(),
                session_name: session_name.clone(),
            },
            account: named.account,
            issued,
            expires,
            policy: policies.text,
            policy_arns: policies.arns,
            tags: tags.tags,
            transitive_tag_keys: tags.transitive_keys,
            source_identity: source_identity.clone(),
            mfa_authenticated: None,
            federated_provider: None,
            claims: Vec::new(),
            chained,
            id: String::new(),
        })?;
        Ok(api::AssumeRoleResponse {
            credentials: Some(shown(credentials)),
            assumed_role_user: Some(AssumedRoleUser {
                assumed_role_id: format!("{}:{session_name}", role.id()),
                arn: session_arn(role, session_name),
            }),
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

fn check(action: &'static str, input: &api::AssumeRoleRequest, target: &Target) -> Check {
    let mut context = Context::new();
    context.insert("sts:RoleSessionName", input.role_session_name.clone());
    if let Some(external_id) = &input.external_id {
        context.insert("sts:ExternalId", external_id.clone());
    }
    if let Some(source_identity) = &target.source_identity {
        context.insert("sts:SourceIdentity", source_identity.clone());
    }
    target.tags.add_to(&mut context);
    target.named.check(action, context)
}

/// Credentials as answers have them.
pub(super) fn shown(credentials: IssuedCredentials) -> Credentials {
    Credentials {
        access_key_id: credentials.access_key_id,
        secret_access_key: credentials.secret,
        session_token: credentials.session_token.expose().to_owned(),
        expiration: credentials.expires,
    }
}
