//! Events that come to a bus: which rules they are for, and what goes to their targets.
//!
//! For each target a delivery is written in the transaction in which the event comes, so it is on its way exactly if the
//! event was taken up. Where there are many, the rest is left to a delivery of its own, so that no transaction grows with
//! the number of targets.

use alcazar_base::Timestamp;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::{Cx, Delivered, Delivery, DeliveryHandler, Error, NewDelivery, Result};
use alcazar_event::Event;
use minicbor::{Decode, Encode};
use serde_json::Value as Json;

use crate::arn::BusId;
use crate::dispatch::{self, Dispatch, SERVICE};
use crate::matching::{self, PatternRule};

/// How many deliveries one transaction writes for one event, but for the last rule's.
const DELIVERIES_MAX: usize = 64;

/// The deliveries of what was left of an event.
const KIND: &str = "arrival";

/// Goes on with events that are for many targets.
pub(crate) const HANDLER: DeliveryHandler = DeliveryHandler { kind: KIND, run };

/// An event that came to a bus. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Arrival {
    /// The account of the bus.
    #[n(0)]
    pub account: alcazar_base::AccountId,
    /// Its region.
    #[n(1)]
    pub region: alcazar_base::Region,
    /// The bus.
    #[n(2)]
    pub bus: String,
    /// The event as JSON.
    #[n(3)]
    pub event: String,
    /// When it came.
    #[n(4)]
    pub ingested: Timestamp,
    /// The trace that it belongs to.
    #[n(5)]
    pub trace_header: Option<String>,
    /// Whether it came from another bus.
    #[n(6)]
    pub forwarded: bool,
    /// Whether it tells of a call that only reads.
    #[n(7)]
    pub is_read: bool,
    /// When it happened, if only rules that were there then are for it.
    #[n(8)]
    pub happened: Option<Timestamp>,
    /// The rule after which it goes on.
    #[n(9)]
    pub after: Option<String>,
    /// The rules that it is for, if it is replayed for some only.
    #[n(10)]
    pub only: Option<Vec<String>>,
}

impl Arrival {
    /// An event that comes to a bus now.
    #[must_use]
    pub(crate) fn now(bus: &BusId, event: String, now: Timestamp) -> Self {
        Self {
            account: bus.account,
            region: bus.region.clone(),
            bus: bus.name.clone(),
            event,
            ingested: now,
            trace_header: None,
            forwarded: false,
            is_read: false,
            happened: None,
            after: None,
            only: None,
        }
    }

    fn bus_id(&self) -> BusId {
        BusId { account: self.account, region: self.region.clone(), name: self.bus.clone() }
    }

    /// Whether the event could be for a rule, whatever it says.
    fn may_concern(&self, rule: &PatternRule) -> bool {
        (!self.is_read || rule.takes_reads())
            && self.happened.is_none_or(|time| rule.was_there(time))
            && self.after.as_ref().is_none_or(|after| rule.rule.name > *after)
            && self.only.as_ref().is_none_or(|only| only.contains(&rule.rule.name))
    }

    fn dispatch(&self, rule: &crate::rule::Rule, target_id: &str) -> Dispatch {
        Dispatch {
            account: self.account,
            region: self.region.clone(),
            bus: self.bus.clone(),
            rule: rule.name.clone(),
            target_id: target_id.to_owned(),
            event: self.event.clone(),
            ingested: self.ingested,
            trace_header: self.trace_header.clone(),
            forwarded: self.forwarded,
        }
    }
}

/// Has an event delivered to the targets of the rules that it is for.
///
/// # Errors
/// The store failed, or the transaction is too large.
pub(crate) async fn arrive(cx: &mut Cx<'_>, mut arrival: Arrival) -> Result<()> {
    let rules = matching::of_bus(cx, &arrival.bus_id()).await?;
    if !rules.iter().any(|rule| arrival.may_concern(rule)) {
        return Ok(());
    }
    let value: Json = serde_json::from_str(&arrival.event)
        .map_err(|error| Error::invariant(format!("an event that came is none: {error}")))?;
    let event = Event::new(&value);
    let mut written = 0;
    for rule in rules.iter().filter(|rule| arrival.may_concern(rule)) {
        if !rule.matches(&event) {
            continue;
        }
        for target in &rule.rule.targets {
            dispatch::deliver(cx, &arrival.dispatch(&rule.rule, &target.id))?;
            written += 1;
        }
        if written >= DELIVERIES_MAX {
            arrival.after = Some(rule.rule.name.clone());
            return go_on(cx, &arrival);
        }
    }
    Ok(())
}

/// Leaves the rest to a delivery.
fn go_on(cx: &mut Cx<'_>, arrival: &Arrival) -> Result<()> {
    let payload = minicbor::to_vec(arrival)
        .map_err(|error| Error::invariant(format!("an arrival cannot be written: {error}")))?;
    cx.deliver(&NewDelivery {
        service: SERVICE,
        kind: KIND,
        lane: &format!("arrival/{}", arrival.bus_id().arn()),
        in_order: false,
        at: cx.now(),
        payload,
    })
}

fn run<'a>(cx: &'a mut Cx<'_>, delivery: &'a Delivery) -> BoxFuture<'a, Result<Delivered>> {
    Box::pin(async move {
        let arrival = minicbor::decode::<Arrival>(&delivery.payload)
            .map_err(|error| Error::invariant(format!("an arrival cannot be read: {error}")))?;
        arrive(cx, arrival).await?;
        Ok(Delivered::Done)
    })
}
