//! `DisableRule`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DisableRule.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::named::NamedRule;
use crate::rule::{self, Rule, State};
use crate::schedule;

/// Has a rule act no longer.
pub struct DisableRule;

impl Operation for DisableRule {
    type Api = api::DisableRule;
    type Target = NamedRule;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedRule> {
        NamedRule::find(reads, input.event_bus_name.as_deref(), &input.name).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, target: &NamedRule) -> Access {
        Access::one(target.check_change(call, "events:DisableRule"))
    }

    async fn run(cx: &mut Cx<'_>, _: &Input<Self>, target: Allowed<NamedRule>) -> Result<Output<Self>> {
        let rule = target.rule()?;
        rule.check_unmanaged(None)?;
        let mut changed = Rule::clone(rule);
        changed.state = State::Disabled;
        schedule::unschedule(cx, &mut changed)?;
        rule::put(cx, changed)?;
        Ok(Output::<Self>::default())
    }
}
