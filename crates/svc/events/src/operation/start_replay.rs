//! `StartReplay`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html>

use std::sync::Arc;

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Input, Operation, Output, Reads, Result};

use crate::archive::{self, Archive, NamedArchive};
use crate::arn::{BusId, TaggedId};
use crate::named::NamedBus;
use crate::replay::{self, NamedReplay, Replay, State};
use crate::{error, rule};

/// Has events of an archive come to their bus again.
pub struct StartReplay;

/// What the request names.
pub struct Target {
    replay: NamedReplay,
    /// The archive, or else what is no archive's ARN.
    archive: Option<NamedArchive>,
    bus: Option<NamedBus>,
}

impl Operation for StartReplay {
    type Api = api::StartReplay;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        let archive = match archive::name_in(&input.event_source_arn) {
            Some(name) => Some(NamedArchive::find(reads, &name).await?),
            None => None,
        };
        let bus = match BusId::of_arn(&input.destination.arn) {
            Some(bus) => Some(NamedBus::find(reads, Some(&bus.arn())).await?),
            None => None,
        };
        Ok(Target { replay: NamedReplay::find(reads, &input.replay_name).await?, archive, bus })
    }

    fn access(call: &CallInfo, input: &Input<Self>, target: &Target) -> Access {
        let action = "events:StartReplay";
        let of_text = |text: &str| -> Check { Check::new(action, text.to_owned(), "", call.account()) };
        let (archive, bus) = (&target.archive, &target.bus);
        let archive = archive
            .as_ref()
            .map_or_else(|| of_text(&input.event_source_arn), |archive| archive.check(action));
        let bus = bus.as_ref().map_or_else(|| of_text(&input.destination.arn), |bus| bus.check(action));
        Access { checks: vec![target.replay.check(action), archive, bus] }
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let bus = target.bus.as_ref().ok_or_else(error::archive::destination_no_bus)?;
        let archive = found_archive(&target, &input.event_source_arn)?;
        if bus.id != archive.bus_id() {
            return Err(error::archive::destination_other_bus().into());
        }
        bus.bus()?;
        if input.event_start_time >= input.event_end_time {
            return Err(error::archive::no_window().into());
        }
        if target.replay.found.is_some() {
            return Err(error::archive::replay_exists(&input.replay_name).into());
        }
        let filters = input.destination.filter_arns.as_deref().unwrap_or_default();
        for arn in filters {
            let no_rule = || error::archive::filter_no_rule(arn);
            let Some(TaggedId::Rule(on, name)) = TaggedId::of_arn(arn) else { return Err(no_rule().into()) };
            let found = if on == bus.id { rule::find(cx, &on, &name).await? } else { None };
            found.ok_or_else(no_rule)?;
        }
        let replay = Replay {
            account: cx.account(),
            region: cx.region().clone(),
            name: input.replay_name.clone(),
            description: input.description.clone(),
            archive_arn: archive.arn(),
            archive: archive.name.clone(),
            archive_id: archive.id.clone(),
            bus_arn: bus.id.arn(),
            filter_arns: (!filters.is_empty()).then(|| filters.to_vec()),
            event_start: input.event_start_time,
            event_end: input.event_end_time,
            state: State::Starting,
            reason: None,
            started: cx.now(),
            ended: None,
            last_replayed: None,
            position: None,
        };
        let answer = api::StartReplayResponse {
            replay_arn: Some(replay.arn()),
            state: Some(replay.state.into()),
            state_reason: None,
            replay_start_time: Some(replay.started),
        };
        replay::start(cx, replay).await?;
        Ok(answer)
    }
}

/// The archive of the request.
fn found_archive<'t>(target: &'t Target, arn: &str) -> Result<&'t Arc<Archive>> {
    let name = target.archive.as_ref().map_or(arn, |archive| archive.name.as_str());
    let found = target.archive.as_ref().and_then(|archive| archive.found.as_ref());
    let found = found.filter(|archive| archive.arn() == arn);
    Ok(found.ok_or_else(|| error::archive::replay_of_nothing(name))?)
}
