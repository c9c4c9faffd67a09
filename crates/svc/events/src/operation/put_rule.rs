//! `PutRule`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};
use alcazar_event::{Pattern, Schedule};
use serde_json::Value as Json;

use crate::named::NamedRule;
use crate::rule::{self, Rule, State};
use crate::{access, error, schedule, tag};

/// Makes a rule, or replaces what one says.
pub struct PutRule;

/// The condition keys that say what a pattern asks for, with where it does.
///
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html>
const PATTERN_KEYS: [(&str, &[&str]); 5] = [
    ("events:source", &["source"]),
    ("events:detail-type", &["detail-type"]),
    ("events:detail.service", &["detail", "service"]),
    ("events:detail.eventTypeCode", &["detail", "eventTypeCode"]),
    ("events:detail.userIdentity.principalId", &["detail", "userIdentity", "principalId"]),
];

impl Operation for PutRule {
    type Api = api::PutRule;
    type Target = NamedRule;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedRule> {
        NamedRule::find(reads, input.event_bus_name.as_deref(), &input.name).await
    }

    fn access(call: &CallInfo, input: &Input<Self>, target: &NamedRule) -> Access {
        let mut check = target.check_change(call, "events:PutRule");
        let pattern = input.event_pattern.as_deref().and_then(|text| serde_json::from_str(text).ok());
        for (key, path) in PATTERN_KEYS {
            let asked =
                path.iter().try_fold(pattern.as_ref().unwrap_or(&Json::Null), |part, name| part.get(name));
            for value in asked.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str) {
                check.context.insert(key, value.to_owned());
            }
        }
        // Tags are left alone where there is a rule already.
        let tags = input.tags.as_deref().filter(|_| target.rule.is_none());
        let mut access = Access::creation(
            check,
            || target.check(call, "events:TagResource"),
            tag::pairs(tags.unwrap_or_default()),
        );
        let rule_arn = target.on.id.rule_arn(&target.name);
        let role = input.role_arn.iter().map(|role_arn| access::pass_role(call, role_arn, &rule_arn));
        access.checks.extend(role);
        access
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<NamedRule>) -> Result<Output<Self>> {
        target.on.bus()?;
        check(input, &target)?;
        let state = input.state.map_or(State::Enabled, State::from);
        let mut changed = match &target.rule {
            Some(rule) => {
                rule.check_unmanaged(None)?;
                Rule::clone(rule)
            }
            None => Rule {
                tags: tag::merge(cx, &[], tag::read(input.tags.as_deref().unwrap_or_default())?)?,
                ..new_rule(cx, &target)
            },
        };
        let acts_as_before = target.rule.is_some()
            && changed.is_enabled()
            && changed.pattern == input.event_pattern
            && changed.schedule == input.schedule_expression;
        if !acts_as_before {
            schedule::unschedule(cx, &mut changed)?;
            changed.since = cx.now();
        }
        changed.pattern.clone_from(&input.event_pattern);
        changed.schedule.clone_from(&input.schedule_expression);
        changed.state = state;
        changed.description.clone_from(&input.description);
        changed.role_arn.clone_from(&input.role_arn);
        if !acts_as_before {
            schedule::schedule(cx, &mut changed)?;
        } else if !changed.is_enabled() {
            schedule::unschedule(cx, &mut changed)?;
        }
        let rule_arn = changed.arn();
        match target.rule {
            Some(_) => rule::put(cx, changed)?,
            None => rule::put_new(cx, changed).await?,
        }
        Ok(api::PutRuleResponse { rule_arn: Some(rule_arn) })
    }
}

/// Passes if the rule says when it acts, in words that are understood.
fn check(input: &api::PutRuleRequest, target: &NamedRule) -> Result<()> {
    let schedule = input.schedule_expression.as_deref().filter(|text| !text.is_empty());
    if input.event_pattern.is_none() && schedule.is_none() {
        return Err(error::rule::pattern_or_schedule_required().into());
    }
    if let Some(expression) = schedule {
        if !target.on.id.is_default() {
            return Err(error::rule::schedule_on_custom_bus().into());
        }
        Schedule::parse(expression).map_err(|_| error::rule::invalid_schedule())?;
    }
    if let Some(pattern) = &input.event_pattern {
        Pattern::parse(pattern).map_err(|fault| error::rule::invalid_pattern(fault.to_string()))?;
    }
    Ok(())
}

fn new_rule(cx: &Cx<'_>, target: &NamedRule) -> Rule {
    Rule {
        account: target.on.id.account,
        region: target.on.id.region.clone(),
        bus: target.on.id.name.clone(),
        name: target.name.clone(),
        pattern: None,
        schedule: None,
        state: State::Enabled,
        description: None,
        role_arn: None,
        managed_by: None,
        created_by: cx.account(),
        tags: Vec::new(),
        targets: Vec::new(),
        since: cx.now(),
        next: None,
    }
}
