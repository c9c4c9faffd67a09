//! Spreading a message: from one delivery, written by its publisher, to one for each subscription that wants it.
//!
//! Subscriptions are gone through in parts, so that a transaction stays small however many there are. What always holds:
//! in a FIFO topic a group's messages are spread one after the other, in the order of their sequence numbers, and go to
//! each subscription in that order.

use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_engine::{Cx, Delivered, Delivery, DeliveryHandler, Error, Name, NewDelivery, Result};
use alcazar_event::{FilterPolicyScope, MessageAttribute};
use minicbor::{Decode, Encode};
use serde_json::Value as Json;

use crate::delivery_policy::{SubscriptionPolicy, TopicPolicy};
use crate::message::{self, Attribute, AttributeValue, Body, Message, text_for};
use crate::notification::{self, Notification};
use crate::subscription::{self, Protocol, State, Subscription};
use crate::topic::{self, Topic};
use crate::{arn::TopicArn, encryption};

/// The kind of delivery.
const KIND: &str = "fan-out";

/// How many subscriptions a part has at most.
const PART_MAX: usize = 100;

/// How many bytes of deliveries a part writes before it is enough.
const PART_BYTES: usize = 4 * 1024 * 1024;

/// How long a message waits whose text KMS will not decrypt now.
const KMS_PAUSE: Duration = Duration::from_secs(20);

/// How often that is tried before the message is given up, which takes as long as for a queue.
const KMS_ATTEMPTS_MAX: u32 = 100_015;

/// Takes the deliveries of this kind.
pub(crate) const HANDLER: DeliveryHandler =
    DeliveryHandler { kind: KIND, run: |cx, delivery| Box::pin(run(cx, delivery)) };

/// How far a message was spread.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Progress {
    /// The name of the last subscription.
    #[cbor(n(0), with = "minicbor::bytes")]
    last: Vec<u8>,
}

/// Has a message spread after the commit; in order, if it has a place.
///
/// # Errors
/// As [`Cx::deliver`].
pub(crate) fn begin(cx: &mut Cx<'_>, message: &Message, place: Option<Timestamp>) -> Result<()> {
    let id = &message.topic_id;
    let lane = match (&message.group, place) {
        (Some(group), Some(_)) => format!("sns/{id}/{group}"),
        _ => format!("sns/{id}"),
    };
    cx.deliver(&NewDelivery {
        service: alcazar_api_sns::SERVICE.name,
        kind: KIND,
        lane: &lane,
        in_order: place.is_some(),
        at: place.unwrap_or_else(|| cx.now()),
        payload: message::payload(message)?,
    })
}

async fn run(cx: &mut Cx<'_>, delivery: &Delivery) -> Result<Delivered> {
    let message: Message = message::of_payload(&delivery.payload)?;
    let arn = TopicArn::parse(&message.topic_arn, "TopicArn")?;
    let topic = topic::find(cx, &arn).await?.filter(|topic| topic.id == message.topic_id);
    let Some(topic) = topic else { return Ok(Delivered::Done) };
    let progress_name = Name::table("sns-progress").part(&delivery.id).name();
    let progress = cx.get::<Progress>(&progress_name).await?;
    let mut range = subscription::of_topic(&topic.id);
    if let Some(progress) = &progress {
        range = range.after(&progress.last);
    }
    let part = cx.glance::<Subscription>(&range, PART_MAX).await?;
    let is_part = part.len() == PART_MAX;
    let (mut written, mut last, mut held) = (0, None, false);
    let mut text = Text::default();
    for (name, subscription) in part {
        if written >= PART_BYTES {
            break;
        }
        if is_meant(&message, &subscription) {
            match text.passes(cx, &arn, &message, &subscription).await {
                Ok(true) => {
                    written += spread(cx, &topic, &message, &subscription, delivery.payload.len()).await?;
                }
                Ok(false) => {}
                // The text is needed, and KMS will not decrypt it.
                Err(Error::Api(error)) if delivery.attempts < KMS_ATTEMPTS_MAX => {
                    tracing::warn!(%error, topic = %arn, "a message cannot be decrypted now");
                    held = true;
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        last = Some(name);
    }
    if held || is_part || written >= PART_BYTES {
        // What was spread is not spread again.
        if let Some(last) = last {
            cx.put(progress_name, Progress { last: last.as_bytes().to_vec() })?;
        }
        return Ok(Delivered::RetryAt(if held { cx.now() + KMS_PAUSE } else { cx.now() }));
    }
    if progress.is_some() {
        cx.delete(progress_name)?;
    }
    Ok(Delivered::Done)
}

/// Whether the subscription was there when the message was published.
fn is_meant(message: &Message, subscription: &Subscription) -> bool {
    subscription.state == State::Confirmed && subscription.since <= message.published
}

/// The text of a message, once a filter policy needs it.
#[derive(Default)]
struct Text {
    whole: Option<String>,
}

impl Text {
    /// Whether the subscription's filter policy lets the message pass.
    async fn passes(
        &mut self,
        cx: &mut Cx<'_>,
        arn: &TopicArn,
        message: &Message,
        subscription: &Subscription,
    ) -> Result<bool> {
        let Some(filter) = subscription.filter() else {
            return Ok(subscription.filter_policy.is_none());
        };
        if subscription.filter_scope() == FilterPolicyScope::MessageAttributes {
            let attributes = message.attributes.iter();
            return Ok(filter.matches_attributes(attributes.map(|it| (it.name.as_str(), typed(it)))));
        }
        if self.whole.is_none() {
            self.whole = Some(match &message.body {
                Body::Plain(text) => text.clone(),
                Body::Encrypted(body) => {
                    encryption::open(cx, &arn.region, &message.topic_arn, &message.id, body).await?
                }
            });
        }
        let whole = self.whole.as_deref().unwrap_or_default();
        let body = if message.structured { text_for(subscription.protocol, whole) } else { whole.to_owned() };
        let body: Option<Json> = serde_json::from_str(&body).ok();
        Ok(body.is_some_and(|body| filter.matches_body(&body)))
    }
}

fn typed(attribute: &Attribute) -> MessageAttribute<'_> {
    match (&attribute.value, attribute.data_type.as_str()) {
        (AttributeValue::Binary(_), _) => MessageAttribute::Binary,
        (AttributeValue::Text(text), "String.Array") => MessageAttribute::StringArray(text),
        (AttributeValue::Text(text), data_type) if data_type.starts_with("Number") => {
            MessageAttribute::Number(text)
        }
        (AttributeValue::Text(text), _) => MessageAttribute::String(text),
    }
}

/// When the next message may go to a subscription that takes so many a second.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Throttle {
    #[n(0)]
    next: Timestamp,
}

/// Writes the delivery to one subscription, and says how long it is.
async fn spread(
    cx: &mut Cx<'_>,
    topic: &Topic,
    message: &Message,
    subscription: &Subscription,
    size: usize,
) -> Result<usize> {
    let mut at = cx.now();
    if subscription.protocol != Protocol::Sqs {
        let own = SubscriptionPolicy::stored(subscription.delivery_policy.as_deref());
        let effective = own.under(&TopicPolicy::stored(topic.delivery_policy.as_deref()));
        if let Some(pause) = effective.pause() {
            let name = Name::table("sns-throttle").part(&topic.id).part(&subscription.id).name();
            let throttle = cx.get::<Throttle>(&name).await?;
            at = at.max(throttle.map_or(at, |throttle| throttle.next));
            cx.put(name, Throttle { next: at + pause })?;
        }
    }
    let notification = Notification { subscription_id: subscription.id.clone(), message: message.clone() };
    notification::begin(cx, &notification, at)?;
    Ok(size)
}

/// Forgets what a deleted topic leaves, a bounded part of it; says whether there is more.
///
/// # Errors
/// The store failed.
pub(crate) async fn forget(cx: &mut Cx<'_>, topic_id: &str, most: usize) -> Result<bool> {
    let range = Name::table("sns-throttle").part(topic_id).range();
    let found = cx.glance::<Throttle>(&range, most).await?;
    let more = found.len() == most;
    for (name, _) in found {
        cx.delete(name)?;
    }
    Ok(more)
}
