//! Asking an endpoint whether it wants a subscription, or its end: the token that it takes goes to the endpoint alone.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.confirm.html>

use alcazar_engine::schedule::{Effect, Task, TaskHandler};
use alcazar_engine::{Cx, Delivered, Delivery, DeliveryHandler, NewDelivery, Result};
use minicbor::{Decode, Encode};

use crate::arn::{QueueArn, SubscriptionArn, TopicArn};
use crate::envelope::{Confirmation, Kind};
use crate::message::{self, SignatureVersion};
use crate::notification::{Attempt, Letter, Request, send};
use crate::subscription::{self, Protocol, State, Subscription, Token};
use crate::{delivery_policy::RetryPolicy, fifo};

/// The kind of delivery.
const KIND: &str = "confirmation";

/// The task that ends what nobody confirmed.
const EXPIRY: &str = "expire";

/// Takes the deliveries of this kind.
pub(crate) const HANDLER: DeliveryHandler =
    DeliveryHandler { kind: KIND, run: |cx, delivery| Box::pin(run(cx, delivery)) };

/// Ends what nobody confirmed.
pub(crate) const TASK: TaskHandler =
    TaskHandler { kind: EXPIRY, event_name: "Unsubscribe", run: |cx, task| Box::pin(expire(cx, task)) };

/// A question to an endpoint.
#[derive(Debug, Clone, Encode, Decode)]
struct Question {
    #[n(0)]
    subscription_arn: String,
    #[n(1)]
    message_id: String,
    #[n(2)]
    token: String,
    /// Whether it is about the subscription's end.
    #[n(3)]
    about_end: bool,
}

/// Gives a subscription a token, and has its endpoint asked after the commit.
///
/// # Errors
/// Randomness failed.
pub(crate) fn ask(cx: &mut Cx<'_>, subscription: &mut Subscription) -> Result<()> {
    let (token, text) = Token::new(cx, &subscription.id)?;
    let at = token.expires;
    subscription.token = Some(token);
    let question = Question {
        subscription_arn: subscription.arn(),
        message_id: fifo::message_id(cx)?,
        token: text,
        about_end: subscription.state == State::Cancelled,
    };
    let lane = format!("sns/{}/{}/confirmation", subscription.topic_id, subscription.id);
    cx.deliver(&NewDelivery {
        service: alcazar_api_sns::SERVICE.name,
        kind: KIND,
        lane: &lane,
        in_order: true,
        at: cx.now(),
        payload: message::payload(&question)?,
    })?;
    cx.schedule(Task {
        at,
        service: alcazar_api_sns::SERVICE.name.to_owned(),
        kind: EXPIRY.to_owned(),
        // ARNs have names in them, which nobody may read in the store.
        subject: format!("{}/{}", subscription.topic_id, subscription.id),
    })
}

async fn run(cx: &mut Cx<'_>, delivery: &Delivery) -> Result<Delivered> {
    let question: Question = message::of_payload(&delivery.payload)?;
    let arn = SubscriptionArn::parse(&question.subscription_arn)?;
    let found = subscription::find_any(cx, &arn).await?;
    let Some((topic, subscription)) = found.filter(|(_, it)| it.state != State::Confirmed) else {
        return Ok(Delivered::Done);
    };
    let kind =
        if question.about_end { Kind::UnsubscribeConfirmation } else { Kind::SubscriptionConfirmation };
    let body = Confirmation {
        kind,
        message_id: &question.message_id,
        token: &question.token,
        subscription: &subscription,
        timestamp: delivery.caused,
        signature_version: SignatureVersion::of(topic.signature_version.as_deref()),
    }
    .document(cx)
    .await?;
    let attempt = match subscription.protocol {
        Protocol::Sqs => match QueueArn::parse(&subscription.endpoint) {
            Some(queue) => {
                let group = queue.is_fifo().then(|| subscription.id.clone());
                let deduplication = queue.is_fifo().then(|| question.message_id.clone());
                let letter = Letter { body, attributes: Vec::new(), group, deduplication };
                send(cx, &topic, &queue, &letter).await?
            }
            None => return Ok(Delivered::Done),
        },
        Protocol::Http | Protocol::Https => {
            Request::confirmation(kind, &question.message_id, &subscription, body).ask(cx).await
        }
    };
    let later = RetryPolicy::default().delay(delivery.attempts.saturating_add(1));
    Ok(match (attempt, later) {
        (Attempt::Failed(_), Some(delay)) => Delivered::RetryAt(cx.now() + delay),
        (Attempt::Failed(why) | Attempt::Refused(why), _) => {
            tracing::warn!(subscription = %arn, why, "an endpoint was not asked");
            Delivered::Done
        }
        (Attempt::Taken, _) => Delivered::Done,
    })
}

/// Ends a subscription whose token is past its time.
async fn expire(cx: &mut Cx<'_>, task: &Task) -> Result<Option<Effect>> {
    let Some((topic_id, id)) = task.subject.split_once('/') else { return Ok(None) };
    let name = subscription::name(topic_id, id);
    let Some(subscription) = cx.get::<Subscription>(&name).await? else { return Ok(None) };
    let is_over = subscription.token.as_ref().is_none_or(|token| token.expires <= cx.now());
    if subscription.state != State::Confirmed && is_over {
        let topic = TopicArn::parse(&subscription.topic_arn, "TopicArn")?;
        subscription::delete(cx, &topic.region, &subscription).await?;
    }
    // AWS leaves no event of it.
    Ok(None)
}
