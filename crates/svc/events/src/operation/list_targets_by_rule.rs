//! `ListTargetsByRule`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTargetsByRule.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::named::NamedRule;
use crate::page;
use crate::target::Target as RuleTarget;

/// Lists a rule's targets.
pub struct ListTargetsByRule;

impl Operation for ListTargetsByRule {
    type Api = api::ListTargetsByRule;
    type Target = NamedRule;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedRule> {
        NamedRule::find(reads, input.event_bus_name.as_deref(), &input.rule).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, target: &NamedRule) -> Access {
        Access::one(target.check(call, "events:ListTargetsByRule"))
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<NamedRule>) -> Result<Output<Self>> {
        let rule = target.rule()?;
        let (list, targets) = (format!("events.targets/{}", rule.arn()), rule.targets.iter().collect());
        let asked = page::asked(input.next_token.as_deref(), input.limit);
        let page = page::of(cx, &list, asked, targets, |target: &&RuleTarget| target.id.clone())?;
        let (targets, _, next_token) = page.into_parts(RuleTarget::shown);
        Ok(api::ListTargetsByRuleResponse { targets: Some(targets), next_token })
    }
}
