//! `DescribeReplay`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeReplay.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::replay::NamedReplay;

/// Tells of a replay.
pub struct DescribeReplay;

impl Operation for DescribeReplay {
    type Api = api::DescribeReplay;
    type Target = NamedReplay;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedReplay> {
        NamedReplay::find(reads, &input.replay_name).await
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &NamedReplay) -> Access {
        Access::one(target.check("events:DescribeReplay"))
    }

    async fn run(_: &mut Cx<'_>, _: &Input<Self>, target: Allowed<NamedReplay>) -> Result<Output<Self>> {
        let replay = target.replay()?;
        Ok(api::DescribeReplayResponse {
            replay_name: Some(replay.name.clone()),
            replay_arn: Some(replay.arn()),
            description: replay.description.clone(),
            state: Some(replay.state.into()),
            state_reason: replay.reason.clone(),
            event_source_arn: Some(replay.archive_arn.clone()),
            destination: Some(replay.destination()),
            event_start_time: Some(replay.event_start),
            event_end_time: Some(replay.event_end),
            event_last_replayed_time: replay.last_replayed,
            replay_start_time: Some(replay.started),
            replay_end_time: replay.ended,
        })
    }
}
