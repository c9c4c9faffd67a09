//! `TestEventPattern`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};
use alcazar_event::Pattern;
use serde_json::Value as Json;

use crate::error;

/// Tries a pattern on an event.
pub struct TestEventPattern;

/// What every event has.
const MEMBERS: [&str; 7] = ["id", "account", "source", "time", "region", "resources", "detail-type"];

impl Operation for TestEventPattern {
    type Api = api::TestEventPattern;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::any(call, "events:TestEventPattern")
    }

    async fn run(_: &mut Cx<'_>, input: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        let pattern = Pattern::parse(&input.event_pattern)
            .map_err(|fault| error::rule::invalid_pattern(fault.to_string()))?;
        let event: Json = serde_json::from_str(&input.event).map_err(|_| error::rule::invalid_event())?;
        if MEMBERS.iter().any(|name| event.get(name).is_none_or(Json::is_null)) {
            return Err(error::rule::invalid_event().into());
        }
        Ok(api::TestEventPatternResponse { result: Some(pattern.matches(&event)) })
    }
}
