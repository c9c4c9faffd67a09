//! Events on their way to targets: delivered at least once, tried again as the target's retry policy says, and left to
//! a dead-letter queue in the end.
//!
//! Each target has a lane of its own, so one that is down holds up no other. An event goes to a target as the rule has
//! it when it is delivered; if rule or target are gone by then, so is the event.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html>

use std::time::Duration;

use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_engine::port::BoxFuture;
use alcazar_engine::{Cx, Delivered, Delivery, DeliveryHandler, Error, NewDelivery, Result};
use minicbor::{Decode, Encode};

use crate::arn::BusId;
use crate::failure::{Failure, Wait};
use crate::sending::Sending;
use crate::target::{Kind, Target};
use crate::{dead_letter, rule};

/// The service's own name, as deliveries and tasks have it.
pub(crate) const SERVICE: &str = "events";

const KIND: &str = "target";

/// Delivers events to targets.
pub(crate) const HANDLER: DeliveryHandler = DeliveryHandler { kind: KIND, run };

/// How long an event waits that was not taken: this, and each time twice as long, up to the most; and up to a fifth more
/// or less, so that what failed together does not come back together. 185 attempts take about a day.
const BACKOFF: Duration = Duration::from_secs(1);
const BACKOFF_MAX: Duration = Duration::from_secs(480);

/// An event on its way to a target. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Dispatch {
    /// The account of the bus.
    #[n(0)]
    pub account: AccountId,
    /// Its region.
    #[n(1)]
    pub region: Region,
    /// The bus.
    #[n(2)]
    pub bus: String,
    /// The rule.
    #[n(3)]
    pub rule: String,
    /// Its target.
    #[n(4)]
    pub target_id: String,
    /// The event as JSON.
    #[n(5)]
    pub event: String,
    /// When it came.
    #[n(6)]
    pub ingested: Timestamp,
    /// The trace that it belongs to.
    #[n(7)]
    pub trace_header: Option<String>,
    /// Whether it came from another bus.
    #[n(8)]
    pub forwarded: bool,
}

impl Dispatch {
    fn bus_id(&self) -> BusId {
        BusId { account: self.account, region: self.region.clone(), name: self.bus.clone() }
    }
}

/// Has an event delivered after the commit.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn deliver(cx: &mut Cx<'_>, dispatch: &Dispatch) -> Result<()> {
    let payload = minicbor::to_vec(dispatch)
        .map_err(|error| Error::invariant(format!("an event cannot be written: {error}")))?;
    let rule_arn = dispatch.bus_id().rule_arn(&dispatch.rule);
    cx.deliver(&NewDelivery {
        service: SERVICE,
        kind: KIND,
        lane: &format!("target/{rule_arn}/{}", dispatch.target_id),
        in_order: false,
        at: cx.now(),
        payload,
    })
}

fn run<'a>(cx: &'a mut Cx<'_>, delivery: &'a Delivery) -> BoxFuture<'a, Result<Delivered>> {
    Box::pin(attempt(cx, delivery))
}

async fn attempt(cx: &mut Cx<'_>, delivery: &Delivery) -> Result<Delivered> {
    let dispatch = minicbor::decode::<Dispatch>(&delivery.payload)
        .map_err(|error| Error::invariant(format!("an event cannot be read: {error}")))?;
    let Some(rule) = rule::find(cx, &dispatch.bus_id(), &dispatch.rule).await? else {
        return Ok(Delivered::Done);
    };
    let Some(target) = rule.target(&dispatch.target_id) else { return Ok(Delivered::Done) };
    let Some(kind) = Kind::of_arn(&target.arn) else {
        return Err(Error::invariant("a target of no kind was put"));
    };
    let sending = Sending {
        rule: &rule,
        target,
        dispatch: &dispatch,
        delivery_id: &delivery.id,
        attempts: delivery.attempts,
    };
    match kind.send(cx, &sending).await? {
        Ok(()) => Ok(Delivered::Done),
        Err(failure) => after_failure(cx, delivery, &sending, &failure).await,
    }
}

/// Why an event is tried no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exhausted {
    /// It was tried as often as it may be.
    Attempts,
    /// It is as old as it may be.
    Age,
}

/// When the next attempt is, or why there is none; neither for a failure that lasts.
fn next(delivery: &Delivery, target: &Target, now: Timestamp, jitter: f64) -> Result<Timestamp, Exhausted> {
    let deadline = delivery.caused + target.age_max();
    if delivery.attempts >= target.retries_max() {
        return Err(Exhausted::Attempts);
    }
    if now >= deadline {
        return Err(Exhausted::Age);
    }
    let doubled = BACKOFF.saturating_mul(2_u32.saturating_pow(delivery.attempts.min(16)));
    // The last attempt comes when the time is up, whatever it would have been otherwise.
    Ok((now + doubled.min(BACKOFF_MAX).mul_f64(jitter)).min(deadline))
}

/// A time, unless the event is too old by then.
fn in_time(delivery: &Delivery, target: &Target, at: Timestamp) -> Result<Timestamp, Exhausted> {
    if at > delivery.caused + target.age_max() { Err(Exhausted::Age) } else { Ok(at) }
}

async fn after_failure(
    cx: &mut Cx<'_>,
    delivery: &Delivery,
    sending: &Sending<'_>,
    failure: &Failure,
) -> Result<Delivered> {
    let mut exhausted = None;
    if failure.is_passing {
        let next = match failure.wait {
            Some(Wait::Turn(at)) => in_time(delivery, sending.target, at).map(Delivered::NotBefore),
            Some(Wait::AtLeastUntil(at)) => next(delivery, sending.target, cx.now(), jitter(cx)?)
                .and_then(|next| in_time(delivery, sending.target, next.max(at)))
                .map(Delivered::RetryAt),
            None => next(delivery, sending.target, cx.now(), jitter(cx)?).map(Delivered::RetryAt),
        };
        match next {
            Ok(next) => return Ok(next),
            Err(why) => exhausted = Some(why),
        }
    }
    dead_letter::send(cx, sending, failure, exhausted, delivery.attempts).await?;
    Ok(Delivered::Done)
}

/// Between 0.8 and 1.2.
fn jitter(cx: &Cx<'_>) -> Result<f64> {
    let mut byte = [0; 1];
    cx.entropy().fill_public(&mut byte)?;
    let [byte] = byte;
    Ok(0.8 + 0.4 * f64::from(byte) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(retries_max: Option<u32>, age_seconds_max: Option<u32>) -> Target {
        Target {
            id: "t".into(),
            arn: "arn:aws:sqs:eu-west-1:111122223333:q".into(),
            role_arn: None,
            input: None,
            message_group_id: None,
            http: None,
            retries_max,
            age_seconds_max,
            dead_letter_arn: None,
        }
    }

    fn delivery(attempts: u32) -> Delivery {
        let caused = Timestamp::from_secs(1_000_000);
        Delivery {
            service: SERVICE.into(),
            kind: KIND.into(),
            lane: "l".into(),
            in_order: false,
            id: "i".into(),
            caused,
            due: caused,
            attempts,
            payload: Vec::new(),
        }
    }

    #[test]
    fn an_event_waits_longer_each_time_and_is_given_up_after_a_day_or_185_more_attempts() {
        let target = target(None, None);
        let mut now = delivery(0).caused;
        let mut waits = Vec::new();
        for attempts in 0.. {
            match next(&delivery(attempts), &target, now, 1.0) {
                Ok(at) => {
                    waits.push((at - now).as_secs());
                    now = at;
                }
                Err(why) => {
                    assert_eq!((why, attempts), (Exhausted::Attempts, 185));
                    break;
                }
            }
        }
        assert_eq!(waits[..10], [1, 2, 4, 8, 16, 32, 64, 128, 256, 480]);
        let hours = (now - delivery(0).caused).as_secs() / 3600;
        assert_eq!(hours, 23);
    }

    #[test]
    fn the_retry_policy_of_a_target_holds() {
        let now = delivery(0).caused;
        assert_eq!(next(&delivery(0), &target(Some(0), None), now, 1.0), Err(Exhausted::Attempts));
        let short = target(None, Some(60));
        assert_eq!(next(&delivery(8), &short, now, 1.0), Ok(now + Duration::from_secs(60)));
        let late = now + Duration::from_secs(60);
        assert_eq!(next(&delivery(9), &short, late, 1.0), Err(Exhausted::Age));
    }
}
