//! Events that services tell of themselves, as EventBridge delivers them.
//!
//! The engine knows no service that takes them: whichever has a handler for [`KIND`] gets them after the commit. It may
//! say beforehand that nobody is for an event ([`Service::wants_event`](crate::Service::wants_event)): then nothing is
//! written, and the event costs nothing.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html>

use alcazar_base::{AccountId, Region, Timestamp};
use serde_json::{Value as Json, json};

use crate::context::{Cx, Reads};
use crate::delivery::NewDelivery;
use crate::error::Result;

/// The kind of delivery that takes events. Its payload is the event as JSON.
pub const KIND: &str = "event";

/// Says whether anybody may be for an event, from what is in memory: it must be quick, and yes if it is not known.
pub type WantsEvent = fn(&Reads<'_>, &Envelope) -> bool;

/// What a service tells.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceEvent {
    /// The account that it concerns.
    pub account: AccountId,
    /// The region.
    pub region: Region,
    /// E.g. `aws.kms`.
    pub source: &'static str,
    /// E.g. `KMS CMK Rotation`.
    pub detail_type: &'static str,
    /// The ARNs of what it is about.
    pub resources: Vec<String>,
    /// What happened: an object with nothing secret in it.
    pub detail: Json,
}

/// An event as it is delivered.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// Its id.
    pub id: String,
    /// When it happened.
    pub time: Timestamp,
    /// What it tells.
    pub event: ServiceEvent,
}

impl Envelope {
    /// The event as JSON.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let ServiceEvent { account, region, source, detail_type, resources, detail } = &self.event;
        json!({
            "version": "0", "id": self.id, "detail-type": detail_type, "source": source, "account": account.as_str(),
            "time": self.time.to_string(), "region": region.as_str(), "resources": resources, "detail": detail})
    }
}

impl Cx<'_> {
    /// Tells an event, which is delivered after the commit to whoever has a rule for it.
    ///
    /// # Errors
    /// As [`Cx::put`].
    pub fn publish(&mut self, event: ServiceEvent) -> Result<()> {
        let cloud = self.cloud();
        let taker =
            cloud.services().find(|service| service.deliveries.iter().any(|taker| taker.kind == KIND));
        let Some(taker) = taker else { return Ok(()) };
        let envelope = Envelope { id: cloud.unique_id()?, time: self.now(), event };
        if taker.wants_event.is_some_and(|wants| !wants(self, &envelope)) {
            return Ok(());
        }
        let ServiceEvent { account, region, .. } = &envelope.event;
        self.deliver(&NewDelivery {
            service: taker.model.name,
            kind: KIND,
            lane: &format!("event/{account}/{region}"),
            in_order: true,
            at: self.now(),
            payload: envelope.to_json().to_string().into_bytes(),
        })
    }
}
