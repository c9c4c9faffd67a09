//! Rotation: new material for a key, by schedule or on demand. Old material decrypts for ever.
//!
//! A key's rotation is decided at its primary. The copies in other regions get the new material in the same
//! transaction, so a ciphertext made in one region opens in all of them at once.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html>

use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_crypto::KeySpec;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::schedule::{Effect, Task, TaskHandler};
use alcazar_engine::{Cx, Error, Result};
use serde_json::json;

use crate::event::{self, KeyEvent};
use crate::key::{
    AutomaticRotation, Key, Manager, MaterialState, Origin, RotationOfMaterial, State, key_name,
};
use crate::target::Target;
use crate::{access, error, material, multi_region};

/// The event of a rotation in the audit log.
pub(crate) const EVENT: &str = "RotateKey";
const KIND: &str = "rotate_key";

/// How long AWS leaves between two rotations unless told otherwise.
pub(crate) const DEFAULT_PERIOD_DAYS: u32 = 365;

const SECONDS_A_DAY: u64 = 86_400;

/// What KMS does when a rotation falls due.
pub(crate) const HANDLER: TaskHandler = TaskHandler { kind: KIND, event_name: EVENT, run };

/// The time that lies `days` after `time`.
#[must_use]
pub(crate) fn days_after(time: Timestamp, days: u32) -> Timestamp {
    time + Duration::from_secs(u64::from(days) * SECONDS_A_DAY)
}

/// Passes if the key is one whose automatic rotation can be turned on and off.
///
/// # Errors
/// It is of another kind, has imported material, is a replica, or is not in the state for it.
pub(crate) fn check_automatic(target: &Target) -> Result<()> {
    let key = &target.key;
    // A key without material is told first that its origin is wrong, since AWS's table of key states says so.
    if key.state != State::PendingImport {
        target.usable()?;
    }
    check_kind(key)?;
    if key.origin == Origin::External {
        return Err(error::wrong_origin(key.arn(), key.origin.as_str()).into());
    }
    Ok(())
}

/// Passes if the key is of a kind that has its material rotated, and the one of its copies that decides it.
///
/// # Errors
/// It is of another kind, AWS's own, or a replica.
pub(crate) fn check_kind(key: &Key) -> Result<()> {
    if key.spec != KeySpec::SymmetricDefault || key.manager != Manager::Customer {
        return Err(error::rotation::not_of_this_kind().into());
    }
    if key.is_replica() {
        return Err(error::multi_region::not_primary(key.arn()).into());
    }
    Ok(())
}

/// Sets a key's automatic rotation, or ends it, and has it done at its time. The key is yet to be stored.
///
/// # Errors
/// The task cannot be written.
pub(crate) fn schedule(cx: &mut Cx<'_>, key: &mut Key, rotation: Option<AutomaticRotation>) -> Result<()> {
    unschedule(cx, key)?;
    key.rotation = rotation;
    match key.rotation {
        Some(rotation) => cx.schedule(task(key, rotation.next)),
        None => Ok(()),
    }
}

/// Takes back the task of a key's next rotation.
///
/// # Errors
/// The task cannot be deleted.
pub(crate) fn unschedule(cx: &mut Cx<'_>, key: &Key) -> Result<()> {
    match key.rotation {
        Some(rotation) => cx.unschedule(&task(key, rotation.next)),
        None => Ok(()),
    }
}

fn task(key: &Key, at: Timestamp) -> Task {
    Task {
        at,
        service: "kms".to_owned(),
        kind: KIND.to_owned(),
        subject: format!("{}/{}", key.region, key.key_id),
    }
}

/// Gives a key new material that was made here. The key is yet to be stored.
///
/// # Errors
/// Randomness or the sealing failed.
pub(crate) async fn rotate(cx: &mut Cx<'_>, key: &mut Key, rotation: RotationOfMaterial) -> Result<Effect> {
    let new = material::generate(cx, key.spec).await?;
    let mut new = material::first(cx, &key.key_id, &new)?;
    new.state = MaterialState::PendingRotation;
    key.materials.push(new);
    make_current(cx, key, rotation)
}

/// Makes the newest material that waits for it the one that encrypts, and tells of it. The key is yet to be stored.
///
/// # Errors
/// Nothing waits.
pub(crate) fn make_current(cx: &mut Cx<'_>, key: &mut Key, rotation: RotationOfMaterial) -> Result<Effect> {
    let previous = key.current().map(|material| material.id().key_material_id());
    let pending = key.materials.iter().rposition(|material| material.state == MaterialState::PendingRotation);
    let pending = pending.ok_or_else(|| error::rotation::nothing_pending(key.arn()))?;
    for (at, material) in key.materials.iter_mut().enumerate() {
        if at == pending {
            material.state = MaterialState::Current;
            material.rotation = Some(rotation);
        } else if material.state == MaterialState::Current {
            material.state = MaterialState::NonCurrent;
        }
    }
    let current = key.current().map(|material| material.id().key_material_id());
    let details = json!({
        "keyId": key.key_id,
        "rotationType": event::rotation_type(rotation.on_demand),
        "keyOrigin": key.origin.as_str(),
        "previousKeyMaterialId": previous,
        "currentKeyMaterialId": current,
    });
    let on_demand = rotation.on_demand;
    event::publish(cx, key, KeyEvent::Rotation { on_demand, previous, current })?;
    Ok(access::effect(key, details))
}

/// Does the rotation that fell due while the key could not be rotated, if there is one: AWS does so as soon as the
/// key is enabled. The key is yet to be stored; whether it was rotated is given back.
///
/// # Errors
/// As [`rotate`].
pub(crate) async fn catch_up(cx: &mut Cx<'_>, key: &mut Key) -> Result<bool> {
    let now = cx.now();
    let Some(overdue) = key.rotation.filter(|rotation| rotation.next <= now && !key.is_replica()) else {
        return Ok(false);
    };
    let effect = rotate(cx, key, RotationOfMaterial { date: now, on_demand: false }).await?;
    cx.service_event(&alcazar_api_kms::SERVICE, EVENT, effect)?;
    let next = days_after(now, overdue.period_days);
    schedule(cx, key, Some(AutomaticRotation { next, ..overdue }))?;
    Ok(true)
}

fn run<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(rotate_by_schedule(cx, task))
}

async fn rotate_by_schedule(cx: &mut Cx<'_>, task: &Task) -> Result<Option<Effect>> {
    let malformed = || Error::invariant("a rotation task without a key");
    let (region, key_id) = task.subject.split_once('/').ok_or_else(malformed)?;
    let region = region.parse().map_err(|_| malformed())?;
    let Some(key) = cx.get::<Key>(&key_name(&region, key_id)).await? else { return Ok(None) };
    let due = key.rotation.filter(|rotation| rotation.next == task.at && !key.is_replica());
    // A key that is disabled or about to be deleted is rotated when it is enabled again.
    let (Some(due), State::Enabled) = (due, key.state) else { return Ok(None) };
    let mut changed = key.to_changed();
    let date = RotationOfMaterial { date: task.at, on_demand: false };
    let effect = rotate(cx, &mut changed, date).await?;
    let next = days_after(task.at, due.period_days);
    changed.rotation = Some(AutomaticRotation { next, ..due });
    cx.schedule(self::task(&changed, next))?;
    multi_region::put_shared(cx, changed).await?;
    Ok(Some(effect))
}
