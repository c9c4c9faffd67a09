//! `LookupEvents`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::lookup::{self, Asked};

/// Looks up the management events of the last ninety days.
pub struct LookupEvents;

impl Operation for LookupEvents {
    type Api = api::LookupEvents;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::LookupEventsRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::LookupEventsRequest, _: &()) -> Access {
        Access::any(call, "cloudtrail:LookupEvents")
    }

    async fn run(cx: &mut Cx<'_>, input: &api::LookupEventsRequest, _: Allowed<()>) -> Result<Output<Self>> {
        let asked = Asked::read(cx, input)?;
        let after = match &input.next_token {
            Some(token) => Some(asked.place(cx, token)?),
            None => None,
        };
        // There are no insight events here.
        let mut found = match input.event_category {
            Some(_) => Vec::new(),
            None => cx.lookup_events(asked.lookup.clone(), after, asked.limit.saturating_add(1)).await?,
        };
        let more = found.len() > asked.limit;
        found.truncate(asked.limit);
        let next_token = match found.last().filter(|_| more) {
            Some(last) => Some(asked.token(cx, last.sequence)?),
            None => None,
        };
        let account = cx.account();
        let events: Vec<_> = found.iter().map(|found| lookup::shown(&found.event, account)).collect();
        Ok(Output::<Self> { events: Some(events.into()), next_token })
    }
}
