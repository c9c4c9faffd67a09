//! The decision: whether policies, or what is granted beside them, allow what an operation is about to do.

use std::sync::Arc;

use alcazar_policy::{
    CompiledPolicy, Context, Decision, DecisionRequest, PrincipalKind, PrincipalPolicies, Request,
    ResourceRule, decide as evaluate,
};
use alcazar_shape::common_error::ACCESS_DENIED;

use crate::audit::Resource;
use crate::caller::CallInfo;
use crate::context::Reads;
use crate::error::Result;
use crate::operation::{Access, Check, Granted, Input, Operation, Rule};

/// Passes if the policies allow the check, or if none of them denies it and it is granted otherwise.
pub(crate) async fn decide<O: Operation>(
    reads: &mut Reads<'_>,
    input: &Input<O>,
    target: &O::Target,
    mut check: Check,
) -> Result<()> {
    let call = reads.call;
    if call.needs_context(&check.rule) {
        add_global_keys(call, &mut check.context);
    }
    let denial = match evaluate(&request(call, &check)) {
        Decision::Allowed => return Ok(()),
        Decision::Denied(denial) => denial,
    };
    if denial.grants_count() {
        match O::granted(reads, input, target, &check).await? {
            Granted::ToCaller => return Ok(()),
            Granted::ToAccount if own_policies_allow(call, &check) => return Ok(()),
            Granted::ToAccount | Granted::Nothing => {}
        }
    }
    let message = || denial.message(call.caller.arn(), check.action, &check.resource);
    Err(check.denial.take().unwrap_or_else(|| ACCESS_DENIED.because(message())).into())
}

/// Whether the caller's account lets the caller use what was granted to the account: as if the resource were its own.
fn own_policies_allow(call: &CallInfo, check: &Check) -> bool {
    let own = DecisionRequest {
        resource_policy: None,
        resource_account: call.account(),
        resource_rule: ResourceRule::Ordinary,
        ..request(call, check)
    };
    evaluate(&own) == Decision::Allowed
}

/// The resources that the checks are about, for the audit event.
pub(crate) fn resources(access: &Access) -> Vec<Resource> {
    let named = access.checks.iter().filter(|check| check.resource != "*");
    let resource = |check: &Check| Resource {
        arn: check.resource.clone(),
        account: check.owner,
        kind: check.resource_type.to_owned(),
    };
    named.map(resource).collect()
}

/// Users have no policies of their own before IAM is here; a root user needs none.
static NO_POLICIES: PrincipalPolicies =
    PrincipalPolicies { identity: Vec::new(), boundary: None, session: None, service_control: Vec::new() };

fn request<'a>(call: &'a CallInfo, check: &'a Check) -> DecisionRequest<'a> {
    let (policy, rule): (Option<&Arc<CompiledPolicy>>, _) = match &check.rule {
        Rule::IdentityOnly => (None, ResourceRule::Ordinary),
        Rule::ResourcePolicy(policy) => (Some(policy), ResourceRule::Ordinary),
        Rule::KeyPolicy(policy) => (Some(policy), ResourceRule::MustAllow),
    };
    DecisionRequest {
        request: Request {
            principal: &call.caller.principal,
            action: check.action,
            resource: &check.resource,
            context: &check.context,
        },
        principal_policies: &NO_POLICIES,
        resource_control: &[],
        resource_policy: policy.map(AsRef::as_ref),
        resource_account: check.owner,
        resource_rule: rule,
    }
}

/// The condition keys that AWS gives every request.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
fn add_global_keys(call: &CallInfo, context: &mut Context) {
    let caller = &call.caller;
    context.insert("aws:PrincipalArn", caller.arn().to_owned());
    context.insert("aws:PrincipalAccount", caller.account.to_string());
    context.insert("aws:PrincipalType", principal_type(&caller.principal.kind));
    context.insert("aws:userid", caller.principal_id.clone());
    if let (PrincipalKind::User, Some((_, name))) = (&caller.principal.kind, caller.arn().rsplit_once('/')) {
        context.insert("aws:username", name.to_owned());
    }
    context.insert("aws:RequestedRegion", call.region.to_string());
    context.insert("aws:CurrentTime", call.now);
    context.insert("aws:EpochTime", call.now.as_secs());
    context.insert("aws:SecureTransport", call.origin.tls.is_some());
    context.insert("aws:UserAgent", call.origin.user_agent.clone());
    context.insert("aws:ViaAWSService", !call.via.is_empty());
    match call.via.as_slice() {
        // The address of a caller behind a service is not the one that the service is called from.
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

fn principal_type(kind: &PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::AccountRoot => "Account",
        PrincipalKind::User => "User",
        PrincipalKind::AssumedRole { .. } => "AssumedRole",
        PrincipalKind::FederatedUser { .. } => "FederatedUser",
        PrincipalKind::Federated(_) => "Unknown",
        PrincipalKind::Service(_) => "Service",
        PrincipalKind::Anonymous => "Anonymous",
    }
}
