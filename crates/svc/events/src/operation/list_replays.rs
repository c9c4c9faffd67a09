//! `ListReplays`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListReplays.html>

use alcazar_api_events::operation as api;
use alcazar_api_events::types::{self, ReplayState};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::replay::{self, Replay};
use crate::{error, page};

/// Lists replays.
pub struct ListReplays;

impl Operation for ListReplays {
    type Api = api::ListReplays;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::any(call, "events:ListReplays")
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        let given = [input.name_prefix.is_some(), input.event_source_arn.is_some(), input.state.is_some()];
        if given.iter().filter(|given| **given).count() > 1 {
            return Err(error::archive::several_filters("ListReplays").into());
        }
        let mut replays = replay::all(cx).await?;
        replays.retain(|replay| {
            replay.name.starts_with(input.name_prefix.as_deref().unwrap_or_default())
                && input.event_source_arn.as_ref().is_none_or(|arn| replay.archive_arn == *arn)
                && input.state.is_none_or(|state| ReplayState::from(replay.state) == state)
        });
        let list = format!("events.replays/{}/{}", cx.account(), cx.region());
        let asked = page::asked(input.next_token.as_deref(), input.limit);
        let page = page::of(cx, &list, asked, replays, |replay| replay.name.clone())?;
        let replays: Vec<_> = page.items.iter().map(|replay| shown(replay)).collect();
        Ok(api::ListReplaysResponse { replays: Some(replays.into()), next_token: page.next_token })
    }
}

fn shown(replay: &Replay) -> types::Replay {
    types::Replay {
        replay_name: Some(replay.name.clone()),
        event_source_arn: Some(replay.archive_arn.clone()),
        state: Some(replay.state.into()),
        state_reason: replay.reason.clone(),
        event_start_time: Some(replay.event_start),
        event_end_time: Some(replay.event_end),
        event_last_replayed_time: replay.last_replayed,
        replay_start_time: Some(replay.started),
        replay_end_time: replay.ended,
    }
}
