//! Typed records, and how they are sealed on the way to the store.
//!
//! A record is CBOR with numbered fields, sealed under the store's domain key with its own name as associated
//! data: one that was moved under another name, or changed in any bit, does not open.

use std::sync::Arc;

use alcazar_crypto::{Domain, Entropy, Keyring};
use bytes::Bytes;
use zeroize::Zeroizing;

use crate::error::{InternalError, Result};
use crate::name::Name;

/// A type that is stored. Fields are numbered and never change their number or meaning; new ones are optional.
pub trait Record: Send + Sync + Sized + 'static {
    /// The record as CBOR.
    ///
    /// # Errors
    /// The encoder's own words.
    fn to_cbor(&self) -> std::result::Result<Zeroizing<Vec<u8>>, String>;

    /// Reads it back.
    ///
    /// # Errors
    /// The decoder's own words.
    fn from_cbor(bytes: &[u8]) -> std::result::Result<Self, String>;
}

impl<T> Record for T
where
    T: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()> + Send + Sync + 'static,
{
    fn to_cbor(&self) -> std::result::Result<Zeroizing<Vec<u8>>, String> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(512));
        minicbor::encode(self, &mut *bytes).map_err(|error| error.to_string())?;
        Ok(bytes)
    }

    fn from_cbor(bytes: &[u8]) -> std::result::Result<Self, String> {
        minicbor::decode(bytes).map_err(|error| error.to_string())
    }
}

/// Seals a record for the store.
pub(crate) fn seal<R: Record>(
    keyring: &Keyring,
    entropy: &dyn Entropy,
    name: &Name,
    record: &R,
) -> Result<Bytes> {
    let plain = record
        .to_cbor()
        .map_err(|cause| InternalError::Record { table: name.table_name().to_owned(), cause })?;
    Ok(keyring.seal(Domain::Store, entropy, name.as_bytes(), &plain)?.into())
}

/// Opens a record from the store.
pub(crate) fn open<R: Record>(keyring: &Keyring, name: &Name, sealed: &[u8]) -> Result<Arc<R>> {
    let table = || name.table_name().to_owned();
    let plain = keyring
        .open(Domain::Store, name.as_bytes(), sealed)
        .map_err(|cause| InternalError::Sealed { table: table(), cause })?;
    let record =
        R::from_cbor(plain.expose()).map_err(|cause| InternalError::Record { table: table(), cause })?;
    Ok(Arc::new(record))
}
