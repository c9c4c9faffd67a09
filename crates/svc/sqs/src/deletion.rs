//! The end of a queue; for a while it is known that it was deleted.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html>

use std::time::Duration;

use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::{Cx, Delivered, Delivery, DeliveryHandler, Name, NewDelivery, Result};
use minicbor::{Decode, Encode};

use crate::queue::Queue;
use crate::{contents, redrive};

const TABLE: &str = "sqs.deleted_queue";

/// How long nobody can make a queue under the name of a deleted one.
pub(crate) const WAIT: Duration = Duration::from_secs(60);

/// A queue that was deleted. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct DeletedQueue {
    /// When.
    #[n(0)]
    pub(crate) at: Timestamp,
}

/// The name of its record.
#[must_use]
pub(crate) fn record_name(keyring: &Keyring, account: AccountId, region: &Region, name: &str) -> Name {
    Name::table(TABLE).part(account.as_str()).part(region.as_str()).blind(keyring, name).name()
}

/// The kind of delivery that forgets that a queue was deleted.
const FORGET: &str = "forget-deleted-queue";

/// Forgets that a queue was deleted.
pub(crate) const HANDLER: DeliveryHandler =
    DeliveryHandler { kind: FORGET, run: |cx, delivery| Box::pin(forget(cx, delivery)) };

/// Deletes a queue with what is in it.
///
/// # Errors
/// The records cannot be sealed, or the transaction is too large.
pub(crate) fn delete(cx: &mut Cx<'_>, queue: &Queue) -> Result<()> {
    let (keyring, now) = (cx.keyring(), cx.now());
    let deleted = record_name(&keyring, queue.account, &queue.region, &queue.name);
    cx.deliver(&NewDelivery {
        service: "sqs",
        kind: FORGET,
        lane: FORGET,
        in_order: false,
        at: now + WAIT,
        payload: deleted.as_bytes().to_vec(),
    })?;
    cx.put(deleted, DeletedQueue { at: now })?;
    redrive::note(cx, Some(queue), None)?;
    contents::discard(cx, &queue.contents_id)?;
    contents::discard(cx, &queue.queue_id)?;
    cx.delete(queue.record_name(&keyring))
}

async fn forget(cx: &mut Cx<'_>, delivery: &Delivery) -> Result<Delivered> {
    let name = Name::from_stored(delivery.payload.clone().into());
    // Another queue of this name may have been made and deleted since.
    if cx.get::<DeletedQueue>(&name).await?.is_some_and(|deleted| deleted.at + WAIT <= cx.now()) {
        cx.delete(name)?;
    }
    Ok(Delivered::Done)
}
