//! Multi-Region keys: one key in several regions.
//!
//! Each region has a record of its own. What the copies share (material, rotation, the list of regions) is
//! written to all of them in one transaction, so they are always in step; what each has of its own (policy,
//! grants, aliases, tags, state, description) stays as it is. Of imported material the copies share what it is and its
//! part in the rotation; each has to be given it by an import of its own.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html>

use alcazar_base::{Region, Timestamp};
use alcazar_crypto::BackingKeyId;
use alcazar_engine::{Cx, Error, Reads, Result};

use crate::key::{
    self, Key, Manager, MaterialState, NewKey, Origin, Regions, State, StoredMaterial, key_name,
};
use crate::{deletion, error, rotation};

/// The region of this name, if keys of the caller's region can be replicated to it.
///
/// # Errors
/// It is none, or one of another partition.
pub(crate) fn region(reads: &Reads<'_>, name: &str) -> Result<Region> {
    let region = name.parse::<Region>().ok();
    let region = region.filter(|region| region.partition() == reads.region().partition());
    Ok(region.ok_or_else(|| error::multi_region::no_such_region(name))?)
}

/// Where a multi-Region primary key is.
///
/// # Errors
/// The key is none.
pub(crate) fn regions_of_primary(key: &Key) -> Result<Regions> {
    if !key.multi_region || key.is_replica() {
        return Err(error::multi_region::not_primary(key.arn()).into());
    }
    let alone = || Regions { primary: key.region.clone(), replicas: Vec::new() };
    Ok(key.regions.clone().unwrap_or_else(alone))
}

/// Whether the key has replicas.
#[must_use]
pub(crate) fn has_replicas(key: &Key) -> bool {
    !key.is_replica() && key.regions.as_ref().is_some_and(|regions| !regions.replicas.is_empty())
}

/// Whether the key has a replica in a region.
#[must_use]
pub(crate) fn has_replica_in(key: &Key, region: &Region) -> bool {
    key.regions.as_ref().is_some_and(|regions| regions.replicas.contains(region))
}

/// A replica of a primary key, with what the two share. Imported material is to be imported into it again.
#[must_use]
pub(crate) fn replica(primary: &Key, region: Region, created: Timestamp) -> Key {
    let replica = Key::new(NewKey {
        key_id: primary.key_id.clone(),
        account: primary.account,
        region,
        created,
        description: String::new(),
        manager: Manager::Customer,
        tags: Vec::new(),
        policy: None,
        material: None,
        multi_region: true,
        spec: primary.spec,
        usage: primary.usage,
        origin: primary.origin,
    });
    let mut replica = with_shared(&replica, primary);
    replica.state = match primary.origin {
        Origin::AwsKms => State::Enabled,
        Origin::External => State::PendingImport,
    };
    replica
}

/// Takes a copy that is being deleted out of the list that its siblings have. A primary key that waited for its last
/// replica begins its own waiting period.
///
/// # Errors
/// A record cannot be sealed.
pub(crate) async fn forget_copy(cx: &mut Cx<'_>, gone: &Key) -> Result<()> {
    let Some(regions) = &gone.regions else { return Ok(()) };
    let Some(primary) = cx.get::<Key>(&key_name(&regions.primary, &gone.key_id)).await? else {
        return Ok(());
    };
    if primary.region == gone.region {
        return Ok(());
    }
    let mut changed = primary.to_changed();
    let mut regions = regions_of_primary(&primary)?;
    regions.replicas.retain(|region| *region != gone.region);
    if let (State::PendingReplicaDeletion { window_days }, true) =
        (changed.state, regions.replicas.is_empty())
    {
        let deletion_date = rotation::days_after(cx.now(), window_days);
        changed.state = State::PendingDeletion { deletion_date };
        cx.schedule(deletion::task(&changed, deletion_date))?;
    }
    changed.regions = Some(regions);
    put_shared(cx, changed).await
}

/// Stores a key whose shared properties were changed, and changes them in its copies in other regions too.
///
/// # Errors
/// A copy is missing, or a record cannot be sealed.
pub(crate) async fn put_shared(cx: &mut Cx<'_>, key: Key) -> Result<()> {
    for region in other_regions(&key) {
        let copy = cx.get::<Key>(&key_name(region, &key.key_id)).await?;
        let copy = copy.ok_or_else(|| Error::invariant("a multi-Region key without one of its copies"))?;
        key::put(cx, with_shared(&copy, &key))?;
    }
    key::put(cx, key)
}

/// A piece of imported material as a copy has it: imported into each region by itself, or not.
fn with_own_import(material: &StoredMaterial, copy: &Key) -> StoredMaterial {
    let own = copy.materials.iter().find(|own| own.id() == material.id());
    StoredMaterial {
        wrapped: own.and_then(|own| own.wrapped.clone()),
        description: own.and_then(|own| own.description.clone()),
        valid_to: own.and_then(|own| own.valid_to),
        ..material.clone()
    }
}

/// Stores a key into which material was imported. Once the primary key and every replica have material that waits
/// for all of them, it waits for its rotation alone.
///
/// # Errors
/// A copy is missing, or a record cannot be sealed.
pub(crate) async fn put_imported(cx: &mut Cx<'_>, mut key: Key, id: BackingKeyId) -> Result<()> {
    let waits_for_all = |material: &&mut StoredMaterial| {
        material.id() == id && material.state == MaterialState::PendingMultiRegionImportAndRotation
    };
    if is_imported_elsewhere(cx, &key, id).await?
        && let Some(material) = key.materials.iter_mut().find(waits_for_all)
    {
        material.state = MaterialState::PendingRotation;
    }
    put_shared(cx, key).await
}

/// Whether every other copy of the key has the material of this id.
async fn is_imported_elsewhere(cx: &mut Cx<'_>, key: &Key, id: BackingKeyId) -> Result<bool> {
    for region in other_regions(key) {
        let copy = cx.get::<Key>(&key_name(region, &key.key_id)).await?;
        let material = copy.as_ref().and_then(|copy| copy.stored_material(id));
        if material.is_none_or(|material| material.wrapped.is_none()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The regions of a key's other copies.
fn other_regions(key: &Key) -> impl Iterator<Item = &Region> {
    let regions = key.regions.iter().flat_map(|regions| regions.replicas.iter().chain([&regions.primary]));
    regions.filter(|region| **region != key.region)
}

/// A copy of a key, with what it shares with `key` taken from there.
fn with_shared(copy: &Key, key: &Key) -> Key {
    let mut changed = copy.to_changed();
    changed.materials = match key.origin {
        Origin::AwsKms => key.materials.clone(),
        Origin::External => key.materials.iter().map(|material| with_own_import(material, copy)).collect(),
    };
    changed.rotation = key.rotation;
    changed.on_demand_rotations = key.on_demand_rotations;
    changed.regions.clone_from(&key.regions);
    if key.origin == Origin::External {
        changed.settle_state();
    }
    changed
}
