//! What the codecs share: base64, and what must hold of structures and maps however they were written.

use alcazar_shape::{Kind, Schema, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::decode_error::DecodeError;

/// Up to this many names, looking at each pair is cheapest.
const PAIRWISE_MAX: usize = 8;

/// Reads base64 text: standard alphabet, padded, nothing else in it.
pub(crate) fn read_base64(text: &str) -> Result<Vec<u8>, DecodeError> {
    if !text.len().is_multiple_of(4) {
        return Err(DecodeError::Base64Length(text.len()));
    }
    STANDARD.decode(text).map_err(|_| DecodeError::Base64)
}

/// Closes a structure whose slots were filled.
pub(crate) fn structure(schema: &Schema, slots: Vec<Option<Value>>) -> Result<Value, DecodeError> {
    if let Kind::Structure { union: true, .. } = schema.kind
        && slots.iter().flatten().count() > 1
    {
        return Err(DecodeError::Union);
    }
    Ok(Value::Structure(slots))
}

/// Closes a map: no key may stand in it twice.
pub(crate) fn map(entries: Vec<(String, Value)>) -> Result<Value, DecodeError> {
    let mut keys = entries.iter().map(|(key, _)| key.as_str());
    let repeated = if entries.len() <= PAIRWISE_MAX {
        std::iter::from_fn(|| keys.next().map(|key| (key, keys.clone())))
            .any(|(key, mut others)| others.any(|other| other == key))
    } else {
        let mut sorted: Vec<&str> = keys.collect();
        sorted.sort_unstable();
        sorted.windows(2).any(|pair| pair.first() == pair.last())
    };
    if repeated { Err(DecodeError::Duplicate) } else { Ok(Value::Map(entries)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_strictly() {
        assert_eq!(read_base64("aGVsbG8="), Ok(b"hello".to_vec()));
        assert_eq!(read_base64(""), Ok(vec![]));
        assert_eq!(read_base64("aGVsbG8"), Err(DecodeError::Base64Length(7)));
        for bad in ["=+/=", "+/+=", "aGV\n", "a-_=", "ü==="] {
            assert!(read_base64(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_in_small_and_large_maps() {
        for size in [2, 8, 9, 1000] {
            let mut entries: Vec<_> = (0..size).map(|n| (n.to_string(), Value::Boolean(true))).collect();
            assert!(map(entries.clone()).is_ok());
            entries.push(("0".into(), Value::Boolean(false)));
            assert_eq!(map(entries), Err(DecodeError::Duplicate));
        }
    }
}
