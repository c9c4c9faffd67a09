//! The decision: whether policies, or what is granted beside them, allow what an operation is about to do.

use std::sync::Arc;

use alcazar_policy::{CompiledPolicy, Decision, DecisionRequest, Request, ResourceRule, decide as evaluate};
use alcazar_shape::ApiOperation;
use alcazar_shape::common_error::ACCESS_DENIED;

use crate::audit::Resource;
use crate::authorization_message::unauthorized;
use crate::caller::CallInfo;
use crate::context::Reads;
use crate::error::Result;
use crate::global_keys;
use crate::operation::{Access, Check, Granted, Input, Operation, Rule};
use crate::standing::AccountStanding;

/// Passes if the policies allow the check, or if none of them denies it and it is granted otherwise.
pub(crate) async fn decide<O: Operation>(
    reads: &mut Reads<'_>,
    input: &Input<O>,
    target: &O::Target,
    mut check: Check,
) -> Result<()> {
    let call = reads.call;
    let owner = owner_standing(reads, &check).await?;
    let limited = reads.cloud.is_under_resource_control::<O>() && !call.standing.is_service_linked;
    let control: &[Vec<Arc<CompiledPolicy>>] =
        if limited && !check.beyond_resource_control { &owner.resource_control } else { &[] };
    let encodes = reads.cloud.encodes_denials::<O>();
    if encodes || call.needs_context(check.owner, &check.rule) {
        global_keys::add(call, &owner, check.owner, &mut check.context);
    }
    let denial = match evaluate(&request(call, &check, control)) {
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
    let message = || {
        let (caller, owner) = (&call.caller.principal, check.owner);
        match check.rule {
            Rule::TrustPolicy(_) => denial.message_of_trust(caller, check.action, &check.resource, owner),
            _ => denial.message(&caller.arn, check.action, &check.resource),
        }
    };
    if encodes {
        return Err(unauthorized(reads, &request(call, &check, control), &message())?.into());
    }
    let service = reads.cloud.service(O::Api::MODEL.service.name);
    let told = || service.map_or_else(|| ACCESS_DENIED.because(message()), |it| it.denial(&message()));
    Err(check.denial.take().unwrap_or_else(told).into())
}

/// What counts for the account that owns the resource.
async fn owner_standing(reads: &Reads<'_>, check: &Check) -> Result<Arc<AccountStanding>> {
    if check.owner == reads.call.account() {
        return Ok(reads.call.standing.account.clone());
    }
    reads.cloud.account_standing(check.owner).await
}

/// Whether the caller's account lets the caller use what was granted to the account: as if the resource were its own.
fn own_policies_allow(call: &CallInfo, check: &Check) -> bool {
    let own = DecisionRequest {
        resource_policy: None,
        resource_account: call.account(),
        resource_rule: ResourceRule::Ordinary,
        ..request(call, check, &[])
    };
    evaluate(&own) == Decision::Allowed
}

/// The resources that the checks are about, for the audit event.
pub(crate) fn resources(access: &Access) -> Vec<Resource> {
    let named = access.checks.iter().filter(|check| !check.resource.ends_with('*'));
    let resource = |check: &Check| Resource {
        arn: check.resource.clone(),
        account: check.owner,
        kind: check.resource_type.to_owned(),
    };
    let mut resources: Vec<Resource> = Vec::new();
    for resource in named.map(resource) {
        if !resources.contains(&resource) {
            resources.push(resource);
        }
    }
    resources
}

fn request<'a>(
    call: &'a CallInfo,
    check: &'a Check,
    resource_control: &'a [Vec<Arc<CompiledPolicy>>],
) -> DecisionRequest<'a> {
    DecisionRequest {
        request: Request {
            principal: &call.caller.principal,
            action: check.action,
            resource: &check.resource,
            context: &check.context,
        },
        principal_policies: &call.standing.policies,
        resource_control,
        resource_policy: check.rule.policy(),
        resource_account: check.owner,
        resource_rule: match check.rule {
            Rule::IdentityOnly | Rule::ResourcePolicy(_) => ResourceRule::Ordinary,
            Rule::RulingPolicy(_) | Rule::TrustPolicy(_) => ResourceRule::MustAllow,
        },
    }
}
