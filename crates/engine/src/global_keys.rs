//! The condition keys that AWS gives every request, whatever service it goes to.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use alcazar_base::{AccountId, Timestamp};
use alcazar_policy::{Context, PrincipalKind};

use crate::caller::{CallInfo, Caller};
use crate::nested::Source;
use crate::session::{Session, SessionKind};
use crate::standing::AccountStanding;

const MFA_PRESENT: &str = "aws:MultiFactorAuthPresent";

/// Adds the global keys of a call on a resource of `owner`, for whose account `owner_standing` counts.
pub(crate) fn add(
    call: &CallInfo,
    owner_standing: &AccountStanding,
    owner: AccountId,
    context: &mut Context,
) {
    add_principal(&call.caller, context);
    for (key, value) in &call.standing.tags {
        context.insert(format!("aws:PrincipalTag/{key}"), value.clone());
    }
    if let Some(source) = &call.source {
        add_source(source, call, context);
    } else if let Some(organization) = &call.standing.account.organization {
        context.insert("aws:PrincipalOrgID", organization.organization_id.clone());
        context.insert("aws:PrincipalOrgPaths", organization.path.clone());
    }
    context.insert("aws:ResourceAccount", owner.to_string());
    if let Some(organization) = &owner_standing.organization {
        context.insert("aws:ResourceOrgID", organization.organization_id.clone());
        context.insert("aws:ResourceOrgPaths", organization.path.clone());
    }
    if let Some(session) = &call.caller.session {
        add_session(session, call, context);
    }
    context.insert("aws:RequestedRegion", call.region.to_string());
    context.insert("aws:CurrentTime", call.now);
    context.insert("aws:EpochTime", call.now.as_secs());
    context.insert("aws:SecureTransport", call.origin.tls.is_some());
    context.insert("aws:UserAgent", call.origin.user_agent.clone());
    context.insert("aws:ViaAWSService", !call.via.is_empty());
    match call.via.as_slice() {
        // The address of a caller behind a service is not the one that the service is called from.
        [] if call.source.is_some() => {}
        [] => context.insert("aws:SourceIp", call.origin.source_ip),
        [first, ..] => {
            context.insert("aws:CalledViaFirst", first.clone());
            for service in &call.via {
                context.insert("aws:CalledVia", service.clone());
            }
            if let Some(last) = call.via.last() {
                context.insert("aws:CalledViaLast", last.clone());
            }
        }
    }
}

/// What a service acts for that calls in its own name.
fn add_source(source: &Source, call: &CallInfo, context: &mut Context) {
    context.insert("aws:SourceArn", source.arn.clone());
    context.insert("aws:SourceAccount", source.account.to_string());
    if let Some(organization) = &call.standing.account.organization {
        context.insert("aws:SourceOrgID", organization.organization_id.clone());
        context.insert("aws:SourceOrgPaths", organization.path.clone());
    }
}

fn add_principal(caller: &Caller, context: &mut Context) {
    let principal = &caller.principal;
    if let PrincipalKind::Service(name) = &principal.kind {
        context.insert("aws:PrincipalIsAWSService", true);
        context.insert("aws:PrincipalServiceName", name.clone());
        context.insert("aws:PrincipalServiceNamesList", name.clone());
        return;
    }
    context.insert("aws:PrincipalType", principal_type(&principal.kind));
    if let PrincipalKind::Federated(provider) = &principal.kind {
        context.insert("aws:FederatedProvider", provider.clone());
        return;
    }
    let arn = match &principal.kind {
        PrincipalKind::AssumedRole { role_arn } => role_arn,
        _ => &principal.arn,
    };
    context.insert("aws:PrincipalArn", arn.clone());
    context.insert("aws:PrincipalAccount", caller.account.to_string());
    context.insert("aws:PrincipalIsAWSService", false);
    context.insert("aws:userid", caller.principal_id.clone());
    if let (PrincipalKind::User, Some((_, name))) = (&principal.kind, caller.arn().rsplit_once('/')) {
        context.insert("aws:username", name.to_owned());
    }
}

fn add_session(session: &Session, call: &CallInfo, context: &mut Context) {
    context.insert("aws:TokenIssueTime", session.issued);
    // The call may have brought a code of the caller's MFA device itself.
    if context.values(MFA_PRESENT).next().is_none() {
        add_mfa(session.mfa_authenticated, call.now, context);
    }
    if let Some(identity) = &session.source_identity {
        context.insert("aws:SourceIdentity", identity.clone());
    }
    if let Some(provider) = &session.federated_provider {
        context.insert("aws:FederatedProvider", provider.clone());
    }
    if let SessionKind::AssumedRoot { .. } = session.kind {
        context.insert("aws:AssumedRoot", true);
    }
    for (key, value) in &session.claims {
        context.insert(key.clone(), value.clone());
    }
}

/// Adds the keys of multi-factor authentication, which a caller with temporary credentials has, and one whose call
/// brought a code of its MFA device.
pub fn add_mfa(authenticated: Option<Timestamp>, now: Timestamp, context: &mut Context) {
    context.insert(MFA_PRESENT, authenticated.is_some());
    if let Some(authenticated) = authenticated {
        context.insert("aws:MultiFactorAuthAge", now.as_secs().saturating_sub(authenticated.as_secs()));
    }
}

fn principal_type(kind: &PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::AccountRoot => "Account",
        PrincipalKind::User => "User",
        PrincipalKind::AssumedRole { .. } => "AssumedRole",
        PrincipalKind::FederatedUser { .. } => "FederatedUser",
        PrincipalKind::Federated(_) | PrincipalKind::Service(_) | PrincipalKind::Anonymous => "Anonymous",
    }
}
