//! `DeleteRule`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::named::NamedRule;
use crate::rule::{self, Rule};
use crate::{error, schedule};

/// Deletes a rule that has no targets. One that is not there is deleted already.
pub struct DeleteRule;

impl Operation for DeleteRule {
    type Api = api::DeleteRule;
    type Target = NamedRule;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedRule> {
        NamedRule::find(reads, input.event_bus_name.as_deref(), &input.name).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, target: &NamedRule) -> Access {
        Access::one(target.check_change(call, "events:DeleteRule"))
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<NamedRule>) -> Result<Output<Self>> {
        target.on.bus()?;
        let Some(rule) = &target.rule else { return Ok(Output::<Self>::default()) };
        rule.check_unmanaged(input.force)?;
        if !rule.targets.is_empty() {
            return Err(error::rule::has_targets().into());
        }
        schedule::unschedule(cx, &mut Rule::clone(rule))?;
        rule::delete(cx, rule)?;
        Ok(Output::<Self>::default())
    }
}
