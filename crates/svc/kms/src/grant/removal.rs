//! The end of a key's grants, after that of the key.
//!
//! There may be more of them than one transaction takes, so they go in batches, each a task of its own. Without its key
//! a grant allows nothing.

use alcazar_base::Region;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::schedule::{Effect, Task, TaskHandler};
use alcazar_engine::{Cx, Error, Result};

use super::{Grant, delete, grants_of_key};

const KIND: &str = "delete_grants";

/// How many grants are deleted at a time.
const BATCH: usize = 1000;

/// What KMS does when the grants of a deleted key are to go.
pub(crate) const HANDLER: TaskHandler = TaskHandler { kind: KIND, event_name: "DeleteGrants", run };

/// Deletes the grants of a key that is being deleted: the first ones now, the others by and by.
///
/// # Errors
/// The store failed, or the transaction is too large.
pub(crate) async fn remove_all_of_key(cx: &mut Cx<'_>, region: &Region, key_id: &str) -> Result<()> {
    let grants = cx.scan::<Grant>(&grants_of_key(region, key_id), BATCH).await?;
    for (_, grant) in &grants {
        delete(cx, grant)?;
    }
    if grants.len() < BATCH {
        return Ok(());
    }
    let subject = format!("{region}/{key_id}");
    cx.schedule(Task { at: cx.now(), service: "kms".to_owned(), kind: KIND.to_owned(), subject })
}

fn run<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(async move {
        let malformed = || Error::invariant("a task to delete grants without a key");
        let (region, key_id) = task.subject.split_once('/').ok_or_else(malformed)?;
        remove_all_of_key(cx, &region.parse().map_err(|_| malformed())?, key_id).await?;
        // The deletion of the key has left its event.
        Ok(None)
    })
}
