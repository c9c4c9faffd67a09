//! `EnableRule`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EnableRule.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::named::NamedRule;
use crate::rule::{self, Rule, State};
use crate::schedule;

/// Has a rule act.
pub struct EnableRule;

impl Operation for EnableRule {
    type Api = api::EnableRule;
    type Target = NamedRule;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedRule> {
        NamedRule::find(reads, input.event_bus_name.as_deref(), &input.name).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, target: &NamedRule) -> Access {
        Access::one(target.check_change(call, "events:EnableRule"))
    }

    async fn run(cx: &mut Cx<'_>, _: &Input<Self>, target: Allowed<NamedRule>) -> Result<Output<Self>> {
        let rule = target.rule()?;
        rule.check_unmanaged(None)?;
        if rule.is_enabled() {
            return Ok(Output::<Self>::default());
        }
        let mut changed = Rule::clone(rule);
        changed.state = State::Enabled;
        changed.since = cx.now();
        schedule::schedule(cx, &mut changed)?;
        rule::put(cx, changed)?;
        Ok(Output::<Self>::default())
    }
}
