//! The end of imported key material: on request, or when it expires.
//!
//! The wrapped material goes from the key's record, which holds the only copy. Ciphertexts stay closed until the same
//! material is imported again. Material that still waits for its rotation leaves nothing behind, in no region.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-delete-key-material.html>

use alcazar_base::Timestamp;
use alcazar_crypto::BackingKeyId;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::schedule::{Effect, Task, TaskHandler};
use alcazar_engine::{Cx, Error, Result};
use serde_json::json;

use crate::event::{self, KeyEvent};
use crate::key::{self, Key, key_name};
use crate::{access, multi_region};

const KIND: &str = "delete_expired_key_material";

/// What KMS does when imported material expires.
pub(crate) const HANDLER: TaskHandler =
    TaskHandler { kind: KIND, event_name: "DeleteExpiredKeyMaterial", run };

/// The task that destroys a key's material when it expires.
#[must_use]
pub(crate) fn task(key: &Key, id: BackingKeyId, valid_to: Timestamp) -> Task {
    Task {
        at: valid_to,
        service: "kms".to_owned(),
        kind: KIND.to_owned(),
        subject: format!("{}/{}/{}", key.region, key.key_id, hex::encode(id.0)),
    }
}

/// Destroys a key's material of this id, if it is there.
///
/// # Errors
/// A copy of the key is missing, or a record cannot be sealed.
pub(crate) async fn destroy(cx: &mut Cx<'_>, key: &Key, id: BackingKeyId) -> Result<()> {
    let Some(material) = key.stored_material(id) else { return Ok(()) };
    if let Some(valid_to) = material.valid_to {
        cx.unschedule(&task(key, id, valid_to))?;
    }
    let mut changed = key.to_changed();
    if material.is_pending() && !key.is_replica() {
        // The replicas lose it as well. Should it expire there, that finds nothing.
        changed.materials.retain(|material| material.id() != id);
        cx.destroys()?;
        return multi_region::put_shared(cx, changed).await;
    }
    if material.wrapped.is_some() {
        changed.lose(id);
        cx.destroys()?;
        key::put(cx, changed)?;
    }
    Ok(())
}

fn run<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(expire(cx, task))
}

async fn expire(cx: &mut Cx<'_>, task: &Task) -> Result<Option<Effect>> {
    let malformed = || Error::invariant("an expiry task without a key's material");
    let mut parts = task.subject.split('/');
    let (Some(region), Some(key_id), Some(id)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(malformed());
    };
    let region = region.parse().map_err(|_| malformed())?;
    let id = hex::decode(id).ok().and_then(|id| id.try_into().ok()).map(BackingKeyId);
    let id = id.ok_or_else(malformed)?;
    let Some(key) = cx.get::<Key>(&key_name(&region, key_id)).await? else { return Ok(None) };
    let valid_to = key.stored_material(id).and_then(|material| material.valid_to);
    // It may have been imported again, with another date.
    if valid_to.is_none_or(|valid_to| cx.now() < valid_to) {
        return Ok(None);
    }
    destroy(cx, &key, id).await?;
    let material = id.key_material_id();
    let details = json!({"keyId": key.key_id, "keyMaterialId": material});
    event::publish(cx, &key, KeyEvent::ImportedMaterialExpiration { material })?;
    Ok(Some(access::effect(&key, details)))
}
