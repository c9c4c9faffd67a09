//! Receiving from a standard queue: every message stands at its own place, and a receive moves it.

use std::sync::Arc;

use alcazar_engine::{Cx, Error, Result};

use super::{Asked, Found, Given, REMOVED_MAX, due, is_expired};
use crate::index::{Index, Taken};
use crate::message::{self, Message};
use crate::place::{self, Moved, Place, Table, Told};
use crate::queue::Queue;
use crate::receipt::{Of, Receipt};
use crate::{dead_letter, encryption};

/// Takes up to as many messages as are asked for.
///
/// # Errors
/// KMS or the store refused.
pub(crate) async fn receive(
    cx: &mut Cx<'_>,
    queue: &Queue,
    index: &Arc<Index>,
    asked: &Asked<'_>,
) -> Result<Found> {
    let due = due(queue, cx.now());
    let target = dead_letter::target(cx, queue).await?;
    let mut found = Found::default();
    while found.given.len() < asked.most && found.removed < REMOVED_MAX {
        let Some(taken) = index.take(cx, due).await? else { break };
        let Some(standing) = Standing::read(cx, queue, &taken).await? else {
            taken.forget();
            continue;
        };
        cx.keep(taken);
        if is_expired(queue, standing.place.sent, cx.now()) {
            standing.remove(cx, queue)?;
            found.removed += 1;
            continue;
        }
        // It is there as long as its place is.
        let name = message::standard_name(&queue.contents_id, &standing.slot);
        let message = cx.glance_at::<Message>(&name).await?.ok_or(Error::Conflict)?;
        if let Some((target, _)) = target.as_ref().filter(|(_, most)| standing.place.receives >= *most) {
            let received = (standing.place.receives, standing.place.first_received);
            dead_letter::arrive(cx, target, found.removed, &message, Some(queue.arn()), received).await?;
            standing.remove(cx, queue)?;
            found.removed += 1;
            continue;
        }
        found.given.push(standing.give(cx, queue, asked, message).await?);
    }
    Ok(found)
}

/// A message at its place.
struct Standing {
    name: alcazar_engine::Name,
    slot: String,
    place: Arc<Place>,
}

impl Standing {
    async fn read(cx: &mut Cx<'_>, queue: &Queue, taken: &Taken) -> Result<Option<Self>> {
        let Some(place) = cx.get::<Place>(&taken.name).await? else { return Ok(None) };
        let Some(Told { what, contents_id, .. }) = place::read(taken.name.as_bytes()) else {
            return Ok(None);
        };
        let is_here = contents_id == queue.contents_id;
        Ok(is_here.then(|| Self { name: taken.name.clone(), slot: what.to_owned(), place }))
    }

    fn remove(&self, cx: &mut Cx<'_>, queue: &Queue) -> Result<()> {
        remove(cx, &queue.contents_id, &self.slot, self.name.clone(), &self.place)
    }

    async fn give(
        self,
        cx: &mut Cx<'_>,
        queue: &Queue,
        asked: &Asked<'_>,
        message: Arc<Message>,
    ) -> Result<Given> {
        let Self { name, slot, place } = self;
        let now = cx.now();
        let until = now + asked.visibility;
        let (new_name, at) = place::apart(&name, Table::InFlight, &queue.contents_id, until, &slot);
        let first_received = place.first_received.or(message.first_received).unwrap_or(now);
        let new_place = Place {
            sent: place.sent,
            receives: place.receives.saturating_add(1),
            first_received: Some(first_received),
            received: Some(now),
            // The handles of earlier receives say where it stood then.
            moved: place.receives > 0,
        };
        if new_place.moved {
            let moved = Moved { table: Table::InFlight, at };
            cx.put(place::moved_name(&queue.contents_id, &slot), moved)?;
        }
        let receives = new_place.receives;
        cx.delete(name)?;
        cx.put(new_name, new_place)?;
        let body = encryption::open(cx, queue, &message.body).await?;
        let receipt = Receipt {
            queue_id: queue.queue_id.clone(),
            contents_id: queue.contents_id.clone(),
            of: Of::Standard { slot, at },
            receives,
        };
        Ok(Given { message, body, receives, first_received, handle: receipt.handle(cx)? })
    }
}

/// Takes a message away, with all that is kept of it.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn remove(
    cx: &mut Cx<'_>,
    contents_id: &str,
    slot: &str,
    name: alcazar_engine::Name,
    place: &Place,
) -> Result<()> {
    cx.delete(name)?;
    if place.moved {
        cx.delete(place::moved_name(contents_id, slot))?;
    }
    cx.delete(message::standard_name(contents_id, slot))
}

/// Where the message of a receipt handle stands, and what is kept there; none if it is gone.
///
/// # Errors
/// The store failed.
pub(crate) async fn find(
    cx: &mut Cx<'_>,
    contents_id: &str,
    slot: &str,
    at: alcazar_base::Timestamp,
) -> Result<Option<(alcazar_engine::Name, Arc<Place>)>> {
    let name = place::name(Table::InFlight, contents_id, at, slot);
    if let Some(place) = cx.get::<Place>(&name).await? {
        return Ok(Some((name, place)));
    }
    let Some(moved) = cx.get::<Moved>(&place::moved_name(contents_id, slot)).await? else { return Ok(None) };
    let name = place::name(moved.table, contents_id, moved.at, slot);
    Ok(cx.get::<Place>(&name).await?.map(|place| (name, place)))
}
