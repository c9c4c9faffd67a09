//! `CancelReplay`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CancelReplay.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::error;
use crate::replay::{self, NamedReplay, Replay, State};

/// Ends a replay before it is over.
pub struct CancelReplay;

impl Operation for CancelReplay {
    type Api = api::CancelReplay;
    type Target = NamedReplay;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedReplay> {
        NamedReplay::find(reads, &input.replay_name).await
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &NamedReplay) -> Access {
        Access::one(target.check("events:CancelReplay"))
    }

    async fn run(cx: &mut Cx<'_>, _: &Input<Self>, target: Allowed<NamedReplay>) -> Result<Output<Self>> {
        let replay = target.replay()?;
        if !matches!(replay.state, State::Starting | State::Running) {
            return Err(error::archive::replay_is_over(&replay.name).into());
        }
        // What is under way for it ends it.
        let changed = Replay { state: State::Cancelling, ..Replay::clone(replay) };
        let (replay_arn, state) = (Some(changed.arn()), Some(changed.state.into()));
        replay::put(cx, changed)?;
        Ok(api::CancelReplayResponse { replay_arn, state, state_reason: None })
    }
}
