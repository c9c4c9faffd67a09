//! What becomes of handshakes by itself: they expire, and are forgotten.

use alcazar_base::Timestamp;
use alcazar_engine::audit::Resource;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::schedule::{Effect, Task, TaskHandler};
use alcazar_engine::{Cx, Result};

use super::record::{self, Action, Handshake, State};
use super::{end, features};
use crate::access::kind;

const EXPIRE: &str = "expire_handshake";
const FORGET: &str = "forget_handshake";

/// What Organizations does when a handshake's time has come.
pub(crate) const TASKS: [TaskHandler; 2] = [
    TaskHandler { kind: EXPIRE, event_name: "ExpireHandshake", run: run_expiry },
    TaskHandler { kind: FORGET, event_name: "DeleteHandshake", run: run_forgetting },
];

/// The task that lets a handshake expire.
pub(super) fn expiry(handshake: &Handshake) -> Task {
    task(EXPIRE, handshake, handshake.expires)
}

/// The task that forgets a handshake.
pub(super) fn forgetting(handshake: &Handshake, at: Timestamp) -> Task {
    task(FORGET, handshake, at)
}

fn task(kind: &str, handshake: &Handshake, at: Timestamp) -> Task {
    let service = alcazar_api_organizations::SERVICE.name.to_owned();
    Task { at, service, kind: kind.to_owned(), subject: handshake.id.clone() }
}

fn run_expiry<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(expire(cx, task))
}

fn run_forgetting<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(forget(cx, task))
}

async fn expire(cx: &mut Cx<'_>, task: &Task) -> Result<Option<Effect>> {
    let Some(handshake) = record::find(cx, &task.subject).await? else { return Ok(None) };
    if !handshake.state.is_pending() {
        return Ok(None);
    }
    let mut handshake = Handshake::clone(&handshake);
    end(cx, &mut handshake, State::Expired)?;
    if handshake.action == Action::EnableAllFeatures {
        features::cancel_children(cx, &handshake).await?;
    }
    Ok(Some(effect(&handshake)))
}

async fn forget(cx: &mut Cx<'_>, task: &Task) -> Result<Option<Effect>> {
    let Some(handshake) = record::find(cx, &task.subject).await? else { return Ok(None) };
    record::delete(cx, &handshake)?;
    Ok(Some(effect(&handshake)))
}

fn effect(handshake: &Handshake) -> Effect {
    let account = handshake.management_account;
    Resource { arn: handshake.arn(), account, kind: kind::HANDSHAKE.to_owned() }.into()
}
