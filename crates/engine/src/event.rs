//! Events that services tell of themselves, as EventBridge delivers them.
//!
//! The engine knows no service that takes them: whichever has a handler for [`KIND`] gets them after the commit.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html>

use alcazar_base::{AccountId, Region};
use serde_json::{Value as Json, json};

use crate::context::Cx;
use crate::delivery::NewDelivery;
use crate::error::Result;

/// The kind of delivery that takes events. Its payload is the event as JSON.
pub const KIND: &str = "event";

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
        let ServiceEvent { account, region, source, detail_type, resources, detail } = event;
        let id = cloud.unique_id()?;
        let envelope = json!({
            "version": "0", "id": id, "detail-type": detail_type, "source": source, "account": account.as_str(),
            "time": self.now().to_string(), "region": region.as_str(), "resources": resources, "detail": detail});
        self.deliver(&NewDelivery {
            service: taker.model.name,
            kind: KIND,
            lane: &format!("event/{account}/{region}"),
            in_order: true,
            at: self.now(),
            payload: envelope.to_string().into_bytes(),
        })
    }
}
