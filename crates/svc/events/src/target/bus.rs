//! Event buses as targets, in the same account or another.
//!
//! The event stays what it was: its id, account, region and time. It goes no further than one bus.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html>

use alcazar_api_events::operation::{PutEvents, PutEventsRequest};
use alcazar_api_events::types::PutEventsRequestEntry;
use alcazar_base::SecretString;
use alcazar_engine::{Cx, Error, Result};
use serde_json::Value as Json;

use crate::arn::BusId;
use crate::failure::{Failure, Outcome};
use crate::forward::{Forwarded, Forwarding};
use crate::sending::Sending;

/// Puts the event on the bus, which its policy and the role's must allow.
pub(super) async fn send(cx: &mut Cx<'_>, bus: &BusId, sending: &Sending<'_>) -> Result<Outcome<()>> {
    let dispatch = sending.dispatch;
    if dispatch.forwarded {
        let code = if bus.account == sending.rule.account {
            "THIRD_REGION_HOP_DETECTED"
        } else {
            "THIRD_ACCOUNT_HOP_DETECTED"
        };
        return Ok(Err(Failure::lasting(
            code,
            "Events received from another event bus cannot be forwarded to this event bus.",
        )));
    }
    let event: Json = serde_json::from_str(&dispatch.event)
        .map_err(|error| Error::invariant(format!("an event that came is none: {error}")))?;
    let text = |name: &str| event.get(name).and_then(Json::as_str).map(str::to_owned);
    // What the policies are asked about; the event itself goes beside it.
    let entry = PutEventsRequestEntry {
        source: text("source"),
        detail_type: text("detail-type"),
        detail: Some(SecretString::new("{}".to_owned())),
        event_bus_name: Some(bus.arn()),
        trace_header: dispatch.trace_header.clone(),
        ..PutEventsRequestEntry::default()
    };
    let request = PutEventsRequest { entries: vec![entry].into(), endpoint_id: None };
    let request_id = cx.call().request_id.clone();
    let forwarding = cx.state::<Forwarding>();
    let held = forwarding.hold(request_id, Forwarded { event: dispatch.event.clone() });
    let sent = sending.call::<PutEvents>(cx, &bus.region, request).await?;
    drop(held);
    Ok(sent.map(|_| ()))
}
