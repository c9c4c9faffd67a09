//! Delivering a message to one subscription: until it is taken, refused for good, or tried often enough; what was not
//! taken goes to the dead-letter queue, if there is one.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html>

mod http;
mod queue;

use std::sync::Arc;

use alcazar_base::Timestamp;
use alcazar_engine::{Cx, Delivered, Delivery, DeliveryHandler, Error, NewDelivery, Result};
use minicbor::{Decode, Encode};

use crate::arn::{QueueArn, SubscriptionArn, TopicArn};
use crate::delivery_policy::{QUEUE_RETRIES, RetryPolicy, SubscriptionPolicy, TopicPolicy};
use crate::message::{self, Body, Message, text_for};
use crate::subscription::{self, Protocol, State, Subscription};
use crate::topic::Topic;
use crate::{encryption, envelope, subscription_attribute};
pub(crate) use http::Request;
pub(crate) use queue::{Letter, send};

/// The kind of delivery.
const KIND: &str = "notification";

/// Takes the deliveries of this kind.
pub(crate) const HANDLER: DeliveryHandler =
    DeliveryHandler { kind: KIND, run: |cx, delivery| Box::pin(run(cx, delivery)) };

/// A message for a subscription.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct Notification {
    #[n(0)]
    pub(crate) subscription_id: String,
    #[n(1)]
    pub(crate) message: Message,
}

/// How an attempt came out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// The endpoint has it.
    Taken,
    /// It will not take it, however often it is asked.
    Refused(String),
    /// It may take it later.
    Failed(String),
}

/// Has a message delivered at a time.
///
/// # Errors
/// As [`Cx::deliver`].
pub(crate) fn begin(cx: &mut Cx<'_>, notification: &Notification, at: Timestamp) -> Result<()> {
    let Notification { subscription_id, message } = notification;
    let in_order = message.sequence.is_some();
    let lane = match &message.group {
        Some(group) if in_order => format!("sns/{}/{subscription_id}/{group}", message.topic_id),
        _ => format!("sns/{}/{subscription_id}", message.topic_id),
    };
    cx.deliver(&NewDelivery {
        service: alcazar_api_sns::SERVICE.name,
        kind: KIND,
        lane: &lane,
        in_order,
        at,
        payload: message::payload(notification)?,
    })
}

async fn run(cx: &mut Cx<'_>, delivery: &Delivery) -> Result<Delivered> {
    let Notification { subscription_id, message } = message::of_payload(&delivery.payload)?;
    let topic_arn = TopicArn::parse(&message.topic_arn, "TopicArn")?;
    let arn = SubscriptionArn { topic: topic_arn, id: subscription_id };
    let found = subscription::find(cx, &arn).await?;
    // Whoever unsubscribed gets no more, not even what waited already.
    let Some((topic, subscription)) =
        found.filter(|(topic, it)| topic.id == message.topic_id && it.state == State::Confirmed)
    else {
        return Ok(Delivered::Done);
    };
    let retries = retries(&topic, &subscription);
    let text = match text(cx, &topic, &message, &subscription).await {
        Ok(text) => text,
        Err(Error::Api(error)) => {
            // KMS will not decrypt it. What cannot be read cannot go to a dead-letter queue either.
            let why = format!("its text cannot be decrypted: {error}");
            let later = QUEUE_RETRIES.delay(delivery.attempts.saturating_add(1));
            return Ok(later.map_or_else(|| lost(&arn, &why), |delay| Delivered::RetryAt(cx.now() + delay)));
        }
        Err(error) => return Err(error),
    };
    let letter = Letter::new(cx, &message, &text, &subscription).await?;
    let attempt = match subscription.protocol {
        Protocol::Sqs => match QueueArn::parse(&subscription.endpoint) {
            Some(queue) => send(cx, &topic, &queue, &letter).await?,
            None => Attempt::Refused("the endpoint is no queue".to_owned()),
        },
        Protocol::Http | Protocol::Https => {
            let own = SubscriptionPolicy::stored(subscription.delivery_policy.as_deref());
            let effective = own.under(&TopicPolicy::stored(topic.delivery_policy.as_deref()));
            Request::notification(&message, &subscription, &letter, effective.content_type).ask(cx).await
        }
    };
    let why = match attempt {
        Attempt::Taken => return Ok(Delivered::Done),
        Attempt::Refused(why) => why,
        Attempt::Failed(why) => match retries.delay(delivery.attempts.saturating_add(1)) {
            Some(delay) => return Ok(Delivered::RetryAt(cx.now() + delay)),
            None => why,
        },
    };
    let Some(queue) = subscription_attribute::dead_letters(&topic, &subscription) else {
        return Ok(lost(&arn, &why));
    };
    match send(cx, &topic, &queue, &letter).await? {
        Attempt::Taken => Ok(Delivered::Done),
        Attempt::Refused(refused) => Ok(lost(&arn, &format!("{why}, and its dead-letter queue: {refused}"))),
        Attempt::Failed(failed) => {
            let delay = QUEUE_RETRIES.delay(delivery.attempts.saturating_add(1));
            let why = format!("{why}, and its dead-letter queue: {failed}");
            Ok(delay.map_or_else(|| lost(&arn, &why), |delay| Delivered::RetryAt(cx.now() + delay)))
        }
    }
}

/// A message that nobody gets. AWS tells it in a metric; the log here says why.
fn lost(arn: &SubscriptionArn, why: &str) -> Delivered {
    tracing::warn!(subscription = %arn, why, "a message was not delivered");
    Delivered::Done
}

fn retries(topic: &Topic, subscription: &Subscription) -> RetryPolicy {
    match subscription.protocol {
        Protocol::Sqs => QUEUE_RETRIES,
        Protocol::Http | Protocol::Https => {
            let own = SubscriptionPolicy::stored(subscription.delivery_policy.as_deref());
            own.under(&TopicPolicy::stored(topic.delivery_policy.as_deref())).retry
        }
    }
}

/// The text that the subscription's endpoint gets.
async fn text(
    cx: &mut Cx<'_>,
    topic: &Arc<Topic>,
    message: &Message,
    subscription: &Subscription,
) -> Result<String> {
    let whole = match &message.body {
        Body::Plain(text) => text.clone(),
        Body::Encrypted(body) => {
            encryption::open(cx, &topic.region, &message.topic_arn, &message.id, body).await?
        }
    };
    Ok(if message.structured { text_for(subscription.protocol, &whole) } else { whole })
}

impl Letter {
    /// What an endpoint gets of a message: its text alone, or the document around it.
    async fn new(
        cx: &mut Cx<'_>,
        message: &Message,
        text: &str,
        subscription: &Subscription,
    ) -> Result<Self> {
        let (body, attributes) = if subscription.raw {
            (text.to_owned(), message.attributes.clone())
        } else {
            (envelope::notification(cx, message, text, subscription).await?, Vec::new())
        };
        Ok(Self {
            body,
            attributes,
            group: message.group.clone(),
            deduplication: message.deduplication.clone(),
        })
    }
}
