//! What is in queues, and its end.
//!
//! Queues are emptied by giving their contents another id; what stood under the old one is nobody's from that commit on,
//! and is deleted piece by piece after it.

use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Delivered, Delivery, DeliveryHandler, Error, Name, NewDelivery, Result};

use crate::move_task;

/// The tables whose names begin with the id of a queue's contents, and those that begin with a queue's.
const TABLES: [&str; 6] =
    ["sqs.available", "sqs.in_flight", "sqs.moved", "sqs.message", "sqs.group", move_task::TABLE];

/// How many records are deleted in one transaction.
const DELETED_MAX: usize = 1000;

/// The kind of delivery that deletes contents.
const DISCARD: &str = "discard-contents";

/// Deletes what stands under an id.
pub(crate) const HANDLER: DeliveryHandler =
    DeliveryHandler { kind: DISCARD, run: |cx, delivery| Box::pin(discard_some(cx, delivery)) };

/// Has everything deleted that stands under an id, be it of contents or of a queue.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn discard(cx: &mut Cx<'_>, id: &str) -> Result<()> {
    let at = cx.now();
    cx.deliver(&NewDelivery {
        service: "sqs",
        kind: DISCARD,
        lane: DISCARD,
        in_order: false,
        at,
        payload: id.as_bytes().to_vec(),
    })
}

async fn discard_some(cx: &mut Cx<'_>, delivery: &Delivery) -> Result<Delivered> {
    let id = std::str::from_utf8(&delivery.payload);
    let id = id.map_err(|_| Error::invariant("the id of a queue or its contents is no text"))?;
    let mut room = DELETED_MAX;
    for range in ranges(id) {
        for name in cx.glance_names(&range, room).await? {
            cx.delete(name)?;
            room -= 1;
        }
        if room == 0 {
            return Ok(Delivered::RetryAt(cx.now()));
        }
    }
    Ok(Delivered::Done)
}

/// Where everything is that stands under an id.
fn ranges(id: &str) -> impl Iterator<Item = NameRange> {
    TABLES.into_iter().map(move |table| Name::table(table).part(id).range())
}
