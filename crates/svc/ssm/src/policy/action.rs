//! Policies acting at their time.
//!
//! Each acts in the transaction that takes away its task and notes in the parameter that it has acted, or deletes the
//! parameter: so each acts once, whenever the process dies. A task names the parameter's id, which no later parameter
//! of the name has.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html>

use alcazar_engine::audit::Resource;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::schedule::{Effect, Task, TaskHandler};
use alcazar_engine::{Cx, Name, Result};
use serde_json::json;

use super::{Policy, Rule};
use crate::access::PARAMETER_TYPE;
use crate::parameter::{self, Parameter};
use crate::{deletion, event};

const KIND: &str = "policy";

/// What Parameter Store does when a policy falls due; the audit log hears of deletions alone.
pub(crate) const HANDLER: TaskHandler = TaskHandler { kind: KIND, event_name: "DeleteParameter", run };

/// What the policies of a parameter that have not acted want.
pub(super) fn tasks(cx: &Cx<'_>, parameter: &Parameter) -> Vec<Task> {
    let latest = &parameter.latest;
    if latest.policies.is_empty() {
        return Vec::new();
    }
    // Names may not be read in the store: the task has the name of the record.
    let record = hex::encode(parameter.record_name(&cx.keyring()).as_bytes());
    let waiting = latest.policies.iter().enumerate().filter(|(_, policy)| !policy.is_done);
    waiting
        .map(|(index, policy)| Task {
            at: policy.rule.due(latest),
            service: alcazar_api_ssm::SERVICE.name.to_owned(),
            kind: KIND.to_owned(),
            subject: format!("{record}/{}/{index}", parameter.id),
        })
        .collect()
}

fn run<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(act(cx, task))
}

async fn act(cx: &mut Cx<'_>, task: &Task) -> Result<Option<Effect>> {
    let Some((record, id, index)) = subject(task) else { return Ok(None) };
    let Some(parameter) = cx.get::<Parameter>(&record).await? else { return Ok(None) };
    let Some(policy) = parameter.latest.policies.get(index).filter(|_| parameter.id == id) else {
        return Ok(None);
    };
    if policy.is_done || policy.rule.due(&parameter.latest) > cx.now() {
        return Ok(None);
    }
    if let Rule::Expiration(_) = policy.rule {
        return expire(cx, &parameter, policy).map(Some);
    }
    tell(cx, &parameter, policy)?;
    let mut after = parameter.as_ref().clone();
    if let Some(policy) = after.latest.policies.get_mut(index) {
        policy.is_done = true;
    }
    parameter::put(cx, Some(&parameter), after)?;
    Ok(None)
}

/// The parameter's record, its id, and which of its policies it is.
fn subject(task: &Task) -> Option<(Name, &str, usize)> {
    let mut parts = task.subject.split('/');
    let record = Name::from_stored(hex::decode(parts.next()?).ok()?.into());
    Some((record, parts.next()?, parts.next()?.parse().ok()?))
}

/// Deletes a parameter. What was to be told by now, and was not, is told before it.
fn expire(cx: &mut Cx<'_>, parameter: &Parameter, expiration: &Policy) -> Result<Effect> {
    let latest = &parameter.latest;
    let is_late = |policy: &&Policy| {
        !policy.is_done && !matches!(policy.rule, Rule::Expiration(_)) && policy.rule.due(latest) <= cx.now()
    };
    let mut late: Vec<&Policy> = latest.policies.iter().filter(is_late).collect();
    late.sort_by_key(|policy| policy.rule.due(latest));
    for policy in late {
        tell(cx, parameter, policy)?;
    }
    tell(cx, parameter, expiration)?;
    deletion::delete(cx, parameter)?;
    let resource =
        Resource { arn: parameter.arn(), account: parameter.account, kind: PARAMETER_TYPE.to_owned() };
    Ok(Effect {
        resource,
        details: Some(json!({"name": parameter.name, "policyType": expiration.rule.name()})),
    })
}

/// Tells that a policy acted.
fn tell(cx: &mut Cx<'_>, parameter: &Parameter, policy: &Policy) -> Result<()> {
    let reason = match policy.rule {
        Rule::Expiration(_) => "Parameter expired and was deleted".to_owned(),
        Rule::ExpirationNotification(_) => match parameter.latest.expiration() {
            Some(at) => format!("Parameter expires at {at}"),
            None => "Parameter expires".to_owned(),
        },
        Rule::NoChangeNotification(_) => {
            format!("Parameter has not been changed since {}", parameter.latest.modified)
        }
    };
    let detail = json!({
        "policy-type": policy.rule.name(),
        "parameter-name": parameter.name,
        "parameter-type": parameter.latest.kind.shown().as_str(),
        "action-status": "SUCCESS",
        "policy-content": policy.text,
        "action-reason": reason,
    });
    event::tell(cx, parameter, "Parameter Store Policy Action", detail)
}
