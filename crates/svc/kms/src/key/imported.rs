//! What an import, and the end of what was imported, change in a key's record.
//!
//! A key whose material is imported is enabled only while every material that belongs to it for good is there.
//! Material that waits for its rotation does not belong to the key yet.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-conceptual.html>

use alcazar_base::Timestamp;
use alcazar_crypto::BackingKeyId;

use super::{Key, MaterialState, State, StoredMaterial};

/// Material that was imported.
#[derive(Debug)]
pub(crate) struct Imported {
    /// Its id.
    pub id: BackingKeyId,
    /// The material, wrapped for the key.
    pub wrapped: Vec<u8>,
    /// Its part in the key's rotation.
    pub state: MaterialState,
    /// What its owner says of it now; none leaves what was said before.
    pub description: Option<String>,
    /// When it expires, if it does.
    pub valid_to: Option<Timestamp>,
}

impl Key {
    /// The material of this id as it is stored, if it belongs to the key or waits to.
    #[must_use]
    pub fn stored_material(&self, id: BackingKeyId) -> Option<&StoredMaterial> {
        self.materials.iter().find(|material| material.id() == id)
    }

    /// The material that waits for the key's next rotation.
    #[must_use]
    pub fn pending_material(&self) -> Option<&StoredMaterial> {
        self.materials.iter().find(|material| material.is_pending())
    }

    /// Takes in material that was imported.
    pub(crate) fn take_in(&mut self, imported: Imported) {
        let Imported { id, wrapped, state, description, valid_to } = imported;
        let known = self.materials.iter_mut().find(|material| material.id() == id);
        if let Some(material) = known {
            material.wrapped = Some(wrapped.into());
            material.state = state;
            material.description = description.or_else(|| material.description.take());
            material.valid_to = valid_to;
        } else {
            let mut material = StoredMaterial::first(id, wrapped);
            material.state = state;
            material.description = description;
            material.valid_to = valid_to;
            self.materials.push(material);
        }
        self.settle_state();
    }

    /// Destroys the material of this id. What its owner said of it stays, for when it comes back.
    pub(crate) fn lose(&mut self, id: BackingKeyId) {
        for material in self.materials.iter_mut().filter(|material| material.id() == id) {
            material.wrapped = None;
            material.valid_to = None;
        }
        self.settle_state();
    }

    /// Brings the state in step with the material: a key that lacks some waits for it, and one that waited and has
    /// all of it is enabled.
    pub(crate) fn settle_state(&mut self) {
        self.state = match self.state {
            State::PendingImport if self.is_imported() => State::Enabled,
            State::Enabled | State::Disabled if !self.is_imported() => State::PendingImport,
            state => state,
        };
    }
}

impl StoredMaterial {
    /// Whether it waits for the rotation that makes it the key's own.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        match self.state {
            MaterialState::PendingRotation | MaterialState::PendingMultiRegionImportAndRotation => true,
            MaterialState::Current | MaterialState::NonCurrent => false,
        }
    }
}
