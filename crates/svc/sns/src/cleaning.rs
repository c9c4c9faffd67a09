//! What is left of a deleted topic: its subscriptions and what they keep, deleted in parts after the topic.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html>

use alcazar_base::Region;
use alcazar_engine::{Cx, Delivered, Delivery, DeliveryHandler, NewDelivery, Result};
use minicbor::{Decode, Encode};

use crate::subscription::{self, Subscription};
use crate::topic::{self, Topic};
use crate::{fan_out, fifo, message};

/// The kind of delivery.
const KIND: &str = "cleaning";

/// How much a part deletes of each kind of records.
const PART_MAX: usize = 500;

/// Takes the deliveries of this kind.
pub(crate) const HANDLER: DeliveryHandler =
    DeliveryHandler { kind: KIND, run: |cx, delivery| Box::pin(run(cx, delivery)) };

/// A topic that is gone.
#[derive(Debug, Clone, Encode, Decode)]
struct Deleted {
    #[n(0)]
    topic_id: String,
    #[n(1)]
    region: Region,
}

/// Has what is left of a topic deleted after the commit.
///
/// # Errors
/// As [`Cx::deliver`].
pub(crate) fn begin(cx: &mut Cx<'_>, topic: &Topic) -> Result<()> {
    let deleted = Deleted { topic_id: topic.id.clone(), region: topic.region.clone() };
    cx.deliver(&NewDelivery {
        service: alcazar_api_sns::SERVICE.name,
        kind: KIND,
        lane: &format!("sns/{}/cleaning", topic.id),
        in_order: true,
        at: cx.now(),
        payload: message::payload(&deleted)?,
    })
}

async fn run(cx: &mut Cx<'_>, delivery: &Delivery) -> Result<Delivered> {
    let Deleted { topic_id, region } = message::of_payload(&delivery.payload)?;
    let found = cx.glance::<Subscription>(&subscription::of_topic(&topic_id), PART_MAX).await?;
    let mut more = found.len() == PART_MAX;
    for (_, subscription) in found {
        subscription::delete_records(cx, &region, &subscription)?;
    }
    more |= fifo::forget(cx, &topic_id, PART_MAX).await?;
    more |= fan_out::forget(cx, &topic_id, PART_MAX).await?;
    if more {
        return Ok(Delivered::RetryAt(cx.now()));
    }
    topic::forget_counts(cx, &topic_id)?;
    Ok(Delivered::Done)
}
