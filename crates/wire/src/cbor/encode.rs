//! Values into CBOR, by the schema, with definite lengths.

use std::convert::Infallible;

use alcazar_shape::{ApiError, Kind, Schema, Value};
use minicbor::Encoder;
use minicbor::data::IanaTag;
use minicbor::encode::Error;

use crate::number;

type Cbor = Encoder<Vec<u8>>;

/// Writes a value of `schema`'s shape. Absent members are left out; what is not of the shape becomes null.
#[must_use]
pub fn to_cbor(schema: &Schema, value: &Value) -> Vec<u8> {
    let mut cbor = Encoder::new(Vec::with_capacity(256));
    // Writing into a Vec cannot fail.
    let _ = write(&mut cbor, schema, value);
    cbor.into_writer()
}

/// The body that tells an error.
pub(super) fn error(shape_id: &str, error: &ApiError) -> Vec<u8> {
    let mut cbor = Encoder::new(Vec::with_capacity(128));
    let _ = write_error(&mut cbor, shape_id, error);
    cbor.into_writer()
}

fn write_error(cbor: &mut Cbor, shape_id: &str, error: &ApiError) -> Result<(), Error<Infallible>> {
    let message = error.message().map(|message| (error.model().message_member, message));
    let members = error.members().iter().map(|(name, value)| (*name, value.as_str()));
    let length = 1 + usize::from(message.is_some()) + error.members().len();
    cbor.map(u64::try_from(length).unwrap_or(1))?.str("__type")?.str(shape_id)?;
    for (name, value) in message.into_iter().chain(members) {
        cbor.str(name)?.str(value)?;
    }
    Ok(())
}

fn write(cbor: &mut Cbor, schema: &Schema, value: &Value) -> Result<(), Error<Infallible>> {
    match (&schema.kind, value) {
        (_, Value::Boolean(value)) => cbor.bool(*value)?.ok(),
        (_, Value::Integer(value)) => cbor.i64(*value)?.ok(),
        (_, Value::Double(value)) => cbor.f64(*value)?.ok(),
        (_, Value::String(text)) => cbor.str(text)?.ok(),
        (_, Value::SecretString(text)) => cbor.str(text.expose())?.ok(),
        (_, Value::Blob(bytes)) => cbor.bytes(bytes)?.ok(),
        (_, Value::SecretBlob(bytes)) => cbor.bytes(bytes.expose())?.ok(),
        (_, Value::Timestamp(time)) => {
            cbor.tag(IanaTag::Timestamp)?;
            match number::epoch_seconds(*time) {
                number::EpochSeconds::Whole(seconds) => cbor.i64(seconds)?.ok(),
                number::EpochSeconds::Fraction(seconds) => cbor.f64(seconds)?.ok(),
            }
        }
        (Kind::List { member, .. }, Value::List(items)) => {
            cbor.array(length(items.len()))?;
            items.iter().try_for_each(|item| write(cbor, member.schema, item))
        }
        (Kind::Map { value: member, .. }, Value::Map(entries)) => {
            cbor.map(length(entries.len()))?;
            entries.iter().try_for_each(|(key, value)| {
                cbor.str(key)?;
                write(cbor, member.schema, value)
            })
        }
        (Kind::Structure { members, .. }, Value::Structure(slots)) => {
            let filled =
                || members.iter().zip(slots).filter_map(|(member, slot)| Some((member, slot.as_ref()?)));
            cbor.map(length(filled().count()))?;
            filled().try_for_each(|(member, value)| {
                cbor.str(member.name)?;
                write(cbor, member.schema, value)
            })
        }
        _ => cbor.null()?.ok(),
    }
}

fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
