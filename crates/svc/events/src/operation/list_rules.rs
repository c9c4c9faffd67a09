//! `ListRules`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html>

use alcazar_api_events::operation as api;
use alcazar_api_events::types;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::named::NamedBus;
use crate::rule::{self, Rule};
use crate::{access, page};

/// Lists the rules of a bus.
pub struct ListRules;

impl Operation for ListRules {
    type Api = api::ListRules;
    type Target = NamedBus;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedBus> {
        NamedBus::find(reads, input.event_bus_name.as_deref()).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, target: &NamedBus) -> Access {
        Access::one(access::list_check(call, "events:ListRules", target))
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<NamedBus>) -> Result<Output<Self>> {
        target.bus()?;
        let mut rules = rule::all(cx, &target.id).await?;
        rules.retain(|rule| rule.name.starts_with(input.name_prefix.as_deref().unwrap_or_default()));
        let list = format!("events.rules/{}", target.id.arn());
        let asked = page::asked(input.next_token.as_deref(), input.limit);
        let page = page::of(cx, &list, asked, rules, |rule| rule.name.clone())?;
        let rules: Vec<_> = page.items.iter().map(|rule| shown(rule)).collect();
        Ok(api::ListRulesResponse { rules: Some(rules.into()), next_token: page.next_token })
    }
}

fn shown(rule: &Rule) -> types::Rule {
    types::Rule {
        name: Some(rule.name.clone()),
        arn: Some(rule.arn()),
        event_pattern: rule.pattern.clone(),
        state: Some(rule.state.into()),
        description: rule.description.clone(),
        schedule_expression: rule.schedule.clone(),
        role_arn: rule.role_arn.clone(),
        managed_by: rule.managed_by.clone(),
        event_bus_name: Some(rule.bus.clone()),
    }
}
