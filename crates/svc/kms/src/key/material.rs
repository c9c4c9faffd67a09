//! A key's material as the key's record keeps it: wrapped, with what AWS tells of it.

use alcazar_base::Timestamp;
use alcazar_crypto::BackingKeyId;
use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::data::Type;
use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

/// One piece of a key's material. Symmetric keys have several once they were rotated; others have one.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
pub struct StoredMaterial {
    #[n(0)]
    pub(crate) id: ByteArray<16>,
    /// The material, wrapped for this key; none if it is yet to be imported, has expired or was deleted.
    #[n(1)]
    pub wrapped: Option<ByteVec>,
    /// Its part in the key's rotation.
    #[n(2)]
    pub state: MaterialState,
    /// How it came to be current; none for the first.
    #[n(3)]
    pub rotation: Option<RotationOfMaterial>,
    /// What the one who imported it says of it.
    #[n(4)]
    pub description: Option<String>,
    /// When it expires, if it was imported so.
    #[n(5)]
    pub valid_to: Option<Timestamp>,
}

/// What a piece of material is good for.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_RotationsListEntry.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum MaterialState {
    /// It decrypts what it encrypted before.
    #[n(0)]
    NonCurrent,
    /// It encrypts.
    #[n(1)]
    Current,
    /// It was imported, and waits for the rotation that makes it current.
    #[n(2)]
    PendingRotation,
    /// It was imported into the primary key, and waits until every replica has it.
    #[n(3)]
    PendingMultiRegionImportAndRotation,
}

/// The rotation that made a piece of material current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct RotationOfMaterial {
    /// When.
    #[n(0)]
    pub date: Timestamp,
    /// Whether someone asked for it; otherwise its time had come.
    #[n(1)]
    pub on_demand: bool,
}

impl StoredMaterial {
    /// A key's first material, which encrypts at once.
    #[must_use]
    pub fn first(id: BackingKeyId, wrapped: Vec<u8>) -> Self {
        Self {
            id: id.0.into(),
            wrapped: Some(wrapped.into()),
            state: MaterialState::Current,
            rotation: None,
            description: None,
            valid_to: None,
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> BackingKeyId {
        BackingKeyId(*self.id)
    }
}

impl<'b, C> Decode<'b, C> for StoredMaterial {
    fn decode(decoder: &mut Decoder<'b>, context: &mut C) -> Result<Self, DecodeError> {
        // The first records held nothing but the wrapped material, which begins with its id.
        if decoder.datatype()? == Type::Bytes {
            let wrapped = ByteVec::decode(decoder, context)?;
            let id = wrapped.first_chunk().ok_or_else(|| DecodeError::message("material without an id"))?;
            // Only the last one encrypts: whoever reads the record sees to that.
            return Ok(Self::first(BackingKeyId(*id), wrapped.to_vec()));
        }
        let fields = Fields::decode(decoder, context)?;
        let Fields { id, wrapped, state, rotation, description, valid_to } = fields;
        Ok(Self { id, wrapped, state, rotation, description, valid_to })
    }
}

/// The fields of [`StoredMaterial`], to be decoded as they were encoded.
#[derive(Decode)]
struct Fields {
    #[n(0)]
    id: ByteArray<16>,
    #[n(1)]
    wrapped: Option<ByteVec>,
    #[n(2)]
    state: MaterialState,
    #[n(3)]
    rotation: Option<RotationOfMaterial>,
    #[n(4)]
    description: Option<String>,
    #[n(5)]
    valid_to: Option<Timestamp>,
}
