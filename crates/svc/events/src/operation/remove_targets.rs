//! `RemoveTargets`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RemoveTargets.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::named::NamedRule;
use crate::rule::{self, Rule};

/// Takes targets from a rule. Those that it does not have are gone already.
pub struct RemoveTargets;

impl Operation for RemoveTargets {
    type Api = api::RemoveTargets;
    type Target = NamedRule;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedRule> {
        NamedRule::find(reads, input.event_bus_name.as_deref(), &input.rule).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, target: &NamedRule) -> Access {
        Access::one(target.check_change(call, "events:RemoveTargets"))
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<NamedRule>) -> Result<Output<Self>> {
        let rule = target.rule()?;
        rule.check_unmanaged(input.force)?;
        let mut changed = Rule::clone(rule);
        changed.targets.retain(|target| !input.ids.contains(&target.id));
        if changed.targets.len() != rule.targets.len() {
            rule::put(cx, changed)?;
        }
        Ok(api::RemoveTargetsResponse {
            failed_entry_count: Some(0),
            failed_entries: Some(Vec::new().into()),
        })
    }
}
