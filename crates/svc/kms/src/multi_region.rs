//! Multi-Region keys: one key in several regions.
//!
//! Each region has a record of its own. What the copies share (material, rotation, the list of regions) is
//! written to all of them in one transaction, so they are always in step; what each has of its own (policy,
//! grants, aliases, tags, state, description) stays as it is.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html>

use alcazar_engine::{Cx, Error, Result};

use crate::key::{self, Key, key_name};

/// Stores a key whose shared properties were changed, and changes them in its copies in other regions too.
///
/// # Errors
/// A copy is missing, or a record cannot be sealed.
pub(crate) async fn put_shared(cx: &mut Cx<'_>, key: Key) -> Result<()> {
    if let Some(regions) = &key.regions {
        let others =
            regions.replicas.iter().chain([&regions.primary]).filter(|region| **region != key.region);
        for region in others {
            let copy = cx.get::<Key>(&key_name(region, &key.key_id)).await?;
            let copy =
                copy.ok_or_else(|| Error::invariant("a multi-Region key without one of its copies"))?;
            key::put(cx, with_shared(&copy, &key))?;
        }
    }
    key::put(cx, key)
}

/// A copy of a key, with what it shares with `key` taken from there.
fn with_shared(copy: &Key, key: &Key) -> Key {
    let mut changed = copy.to_changed();
    changed.materials.clone_from(&key.materials);
    changed.rotation = key.rotation;
    changed.on_demand_rotations = key.on_demand_rotations;
    changed.regions.clone_from(&key.regions);
    changed
}
