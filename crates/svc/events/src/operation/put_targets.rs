//! `PutTargets`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html>

use std::collections::BTreeSet;

use alcazar_api_events::operation as api;
use alcazar_api_events::types;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};
use alcazar_shape::ApiError;

use crate::named::NamedRule;
use crate::rule::{self, Rule};
use crate::target::{Kind, Queue, Target as RuleTarget};
use crate::{access, error, input, quota, role};

/// Gives a rule targets, in the place of those with the same ids.
pub struct PutTargets;

/// How many targets a request has at most.
const ENTRIES_MAX: usize = 10;

impl Operation for PutTargets {
    type Api = api::PutTargets;
    type Target = NamedRule;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedRule> {
        if input.targets.len() > ENTRIES_MAX {
            return Err(error::rule::too_many_entries(input.targets.len(), ENTRIES_MAX).into());
        }
        NamedRule::find(reads, input.event_bus_name.as_deref(), &input.rule).await
    }

    fn access(call: &CallInfo, input: &Input<Self>, target: &NamedRule) -> Access {
        let mut check = target.check_change(call, "events:PutTargets");
        for entry in input.targets.iter() {
            check.context.insert("events:TargetArn", entry.arn.clone());
        }
        let rule_arn = target.on.id.rule_arn(&target.name);
        let roles: BTreeSet<_> = input.targets.iter().filter_map(|entry| entry.role_arn.as_deref()).collect();
        let passed = roles.into_iter().map(|role_arn| access::pass_role(call, role_arn, &rule_arn));
        Access { checks: [check].into_iter().chain(passed).collect() }
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<NamedRule>) -> Result<Output<Self>> {
        let rule = target.rule()?;
        rule.check_unmanaged(None)?;
        let mut changed = Rule::clone(rule);
        let mut ids = BTreeSet::new();
        for entry in input.targets.iter() {
            if !ids.insert(&entry.id) {
                return Err(error::rule::repeated_target(&entry.id).into());
            }
            let put = read(entry, rule)?;
            if let Some(role_arn) = &put.role_arn {
                role::check_trust(cx, rule, role_arn).await?;
            }
            match changed.targets.iter_mut().find(|target| target.id == put.id) {
                Some(target) => *target = put,
                None => changed.targets.push(put),
            }
        }
        if cx.quota(&quota::TARGETS).is_some_and(|most| changed.targets.len() as u64 > most) {
            return Err(error::limit_exceeded().into());
        }
        changed.targets.sort_by(|one, other| one.id.cmp(&other.id));
        rule::put(cx, changed)?;
        Ok(api::PutTargetsResponse { failed_entry_count: Some(0), failed_entries: Some(Vec::new().into()) })
    }
}

/// The target that an entry describes.
fn read(entry: &types::Target, rule: &Rule) -> Result<RuleTarget, ApiError> {
    let input = input::Input::of_request(entry)?;
    let kind = Kind::of_arn(&entry.arn).filter(|kind| kind.may_be_target_in(&rule.region));
    let kind = kind.ok_or_else(|| error::rule::invalid_target_arn(&entry.arn))?;
    if let Some(parameters) = foreign_parameters(entry, &kind) {
        return Err(error::rule::parameters_not_supported(parameters, &entry.id));
    }
    match &kind {
        Kind::Queue(queue) if queue.is_fifo() => {
            let group = entry.sqs_parameters.as_ref().and_then(|sqs| sqs.message_group_id.as_ref());
            group.ok_or_else(|| error::rule::sqs_parameters_required(&entry.id))?;
        }
        Kind::Bus(_) if input.is_some() => return Err(error::rule::input_of_bus(&entry.arn)),
        _ => {}
    }
    match &entry.role_arn {
        None if kind.requires_role() => return Err(error::rule::role_required(&entry.arn)),
        Some(role_arn) if !role::is_role(role_arn) => {
            return Err(error::rule::role_not_assumable(role_arn));
        }
        _ => {}
    }
    let dead_letter = entry.dead_letter_config.as_ref().and_then(|config| config.arn.as_deref());
    if let Some(arn) = dead_letter {
        let queue = Queue::of_arn(arn).filter(|queue| !queue.is_fifo() && *queue.region() == rule.region);
        queue.ok_or_else(|| error::rule::invalid_dead_letter(arn))?;
    }
    Ok(RuleTarget::of_request(entry, input))
}

/// The name of parameters that another kind of target has.
fn foreign_parameters(entry: &types::Target, kind: &Kind) -> Option<&'static str> {
    let is_queue = matches!(kind, Kind::Queue(_));
    let is_http = matches!(kind, Kind::ApiDestination { .. });
    let given = [
        ("KinesisParameters", entry.kinesis_parameters.is_some()),
        ("RunCommandParameters", entry.run_command_parameters.is_some()),
        ("EcsParameters", entry.ecs_parameters.is_some()),
        ("BatchParameters", entry.batch_parameters.is_some()),
        ("RedshiftDataParameters", entry.redshift_data_parameters.is_some()),
        ("SageMakerPipelineParameters", entry.sage_maker_pipeline_parameters.is_some()),
        ("AppSyncParameters", entry.app_sync_parameters.is_some()),
        ("SqsParameters", entry.sqs_parameters.is_some() && !is_queue),
        ("HttpParameters", entry.http_parameters.is_some() && !is_http),
    ];
    given.into_iter().find(|(_, given)| *given).map(|(name, _)| name)
}
