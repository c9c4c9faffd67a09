//! `ListRuleNamesByTarget`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRuleNamesByTarget.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::named::NamedBus;
use crate::{access, page, rule};

/// Lists the rules of a bus that have a target.
pub struct ListRuleNamesByTarget;

impl Operation for ListRuleNamesByTarget {
    type Api = api::ListRuleNamesByTarget;
    type Target = NamedBus;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedBus> {
        NamedBus::find(reads, input.event_bus_name.as_deref()).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, target: &NamedBus) -> Access {
        Access::one(access::list_check(call, "events:ListRuleNamesByTarget", target))
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<NamedBus>) -> Result<Output<Self>> {
        target.bus()?;
        let mut rules = rule::all(cx, &target.id).await?;
        rules.retain(|rule| rule.targets.iter().any(|target| target.arn == input.target_arn));
        let list = format!("events.rules-of/{}/{}", target.id.arn(), input.target_arn);
        let asked = page::asked(input.next_token.as_deref(), input.limit);
        let page = page::of(cx, &list, asked, rules, |rule| rule.name.clone())?;
        let names: Vec<_> = page.items.iter().map(|rule| rule.name.clone()).collect();
        Ok(api::ListRuleNamesByTargetResponse { rule_names: Some(names.into()), next_token: page.next_token })
    }
}
