//! `DescribeRule`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::named::NamedRule;

/// Tells of a rule.
pub struct DescribeRule;

impl Operation for DescribeRule {
    type Api = api::DescribeRule;
    type Target = NamedRule;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedRule> {
        NamedRule::find(reads, input.event_bus_name.as_deref(), &input.name).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, target: &NamedRule) -> Access {
        Access::one(target.check(call, "events:DescribeRule"))
    }

    async fn run(_: &mut Cx<'_>, _: &Input<Self>, target: Allowed<NamedRule>) -> Result<Output<Self>> {
        let rule = target.rule()?;
        Ok(api::DescribeRuleResponse {
            name: Some(rule.name.clone()),
            arn: Some(rule.arn()),
            event_pattern: rule.pattern.clone(),
            schedule_expression: rule.schedule.clone(),
            state: Some(rule.state.into()),
            description: rule.description.clone(),
            role_arn: rule.role_arn.clone(),
            managed_by: rule.managed_by.clone(),
            event_bus_name: Some(rule.bus.clone()),
            created_by: Some(rule.created_by.to_string()),
        })
    }
}
