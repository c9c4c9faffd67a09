//! The deletion of a key when its time has come.
//!
//! The key's record goes, and with it the only copy of its material; so do its aliases, its grants and
//! its place in the list.

use alcazar_base::Timestamp;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::schedule::{Effect, Task, TaskHandler};
use alcazar_engine::{Cx, Error, Result};

use serde_json::json;

use crate::access;
use crate::alias::{self, Alias};
use crate::event::{self, KeyEvent};
use crate::grant;
use crate::key::{Key, State, key_name, key_of_account_name};
use crate::multi_region;

const KIND: &str = "delete_key";

/// What KMS does when a deletion falls due.
pub(crate) const HANDLER: TaskHandler = TaskHandler { kind: KIND, event_name: "DeleteKey", run };

/// The task that deletes `key` at `deletion_date`.
#[must_use]
pub(crate) fn task(key: &Key, deletion_date: Timestamp) -> Task {
    Task {
        at: deletion_date,
        service: "kms".to_owned(),
        kind: KIND.to_owned(),
        subject: format!("{}/{}", key.region, key.key_id),
    }
}

fn run<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(delete(cx, task))
}

async fn delete(cx: &mut Cx<'_>, task: &Task) -> Result<Option<Effect>> {
    let malformed = || Error::invariant("a deletion task without a key");
    let (region, key_id) = task.subject.split_once('/').ok_or_else(malformed)?;
    let region = region.parse().map_err(|_| malformed())?;
    let Some(key) = cx.get::<Key>(&key_name(&region, key_id)).await? else { return Ok(None) };
    match key.state {
        State::PendingDeletion { deletion_date } if deletion_date <= cx.now() => {}
        _ => return Ok(None),
    }
    for (_, alias) in cx.scan::<Alias>(&alias::aliases_of_key(&region, key_id), alias::ALIASES_READ).await? {
        alias::delete(cx, key.account, &region, &alias)?;
    }
    multi_region::forget_copy(cx, &key).await?;
    grant::remove_all_of_key(cx, &region, key_id).await?;
    cx.delete(key_of_account_name(key.account, &region, key_id))?;
    cx.delete(key_name(&region, key_id))?;
    cx.destroys()?;
    event::publish(cx, &key, KeyEvent::Deletion)?;
    Ok(Some(access::effect(&key, json!({"keyId": key.key_id}))))
}
