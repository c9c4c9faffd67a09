//! CBOR into values, by the schema. Lengths that a body claims are never allocated before they are read.

use alcazar_base::limit::DOCUMENT_DEPTH_MAX;
use alcazar_shape::{Kind, Member, Schema, Value};
use minicbor::Decoder;
use minicbor::data::{IanaTag, Tag, Type};

use crate::decode_error::DecodeError;
use crate::{number, parts};

/// Reads a structure; an empty body is one without members.
///
/// Members that the schema does not know are passed over, null and undefined are absent.
///
/// # Errors
/// `DecodeError` if the body is not CBOR, or not of the schema's shape, or nests too deep.
pub fn from_cbor(schema: &Schema, body: &[u8]) -> Result<Value, DecodeError> {
    if body.is_empty() {
        return Ok(Value::empty_structure(schema));
    }
    let mut reader = Reader { cbor: Decoder::new(body) };
    let value = reader.value(schema, 0)?;
    if reader.cbor.position() != body.len() {
        return Err(DecodeError::Syntax);
    }
    value.ok_or(DecodeError::Syntax)
}

struct Reader<'b> {
    cbor: Decoder<'b>,
}

impl<'b> Reader<'b> {
    fn value(&mut self, schema: &Schema, depth: usize) -> Result<Option<Value>, DecodeError> {
        let found = self.datatype()?;
        if matches!(found, Type::Null | Type::Undefined) {
            self.skip(depth)?;
            return Ok(None);
        }
        let read = match (&schema.kind, found) {
            (Kind::Structure { members, .. }, Type::Map | Type::MapIndef) => {
                self.structure(schema, members, depth)?
            }
            (Kind::Map { value, .. }, Type::Map | Type::MapIndef) => self.map(value, depth)?,
            (Kind::List { member, .. }, Type::Array | Type::ArrayIndef) => self.list(member, depth)?,
            (Kind::String { .. }, Type::String | Type::StringIndef) => Value::string(schema, self.text()?),
            (Kind::Blob, Type::Bytes | Type::BytesIndef) => Value::blob(schema, self.bytes()?),
            (Kind::Boolean, Type::Bool) => Value::Boolean(self.cbor.bool().map_err(malformed)?),
            (Kind::Integer | Kind::Long, _) => {
                let whole = match self.number(schema, found)? {
                    Number::Whole(whole) => Some(whole),
                    Number::Fraction(fraction) => number::whole(fraction),
                };
                let whole = whole.filter(|whole| number::fits(schema, *whole));
                Value::Integer(whole.ok_or_else(|| mismatch(schema, found))?)
            }
            (Kind::Double, _) => Value::Double(match self.number(schema, found)? {
                Number::Whole(whole) => number::double(whole),
                Number::Fraction(fraction) => fraction,
            }),
            (Kind::Timestamp, Type::Tag) => self.time(schema)?,
            _ => return Err(mismatch(schema, found)),
        };
        Ok(Some(read))
    }

    fn datatype(&self) -> Result<Type, DecodeError> {
        self.cbor.datatype().map_err(malformed)
    }

    fn structure(&mut self, schema: &Schema, members: &[Member], depth: usize) -> Result<Value, DecodeError> {
        let mut slots: Vec<Option<Value>> = vec![None; members.len()];
        let length = self.cbor.map().map_err(malformed)?;
        let mut entries = self.entries(length, depth)?;
        while entries.next(self)? {
            let slot = match self.datatype()? {
                Type::String => schema.slot(self.cbor.str().map_err(malformed)?),
                _ => schema.slot(&self.text()?),
            };
            let known = slot.and_then(|slot| Some((members.get(slot)?, slots.get_mut(slot)?)));
            match known {
                Some((_, Some(_))) => return Err(DecodeError::Duplicate),
                Some((member, place)) => *place = self.value(member.schema, depth + 1)?,
                None => self.skip(depth + 1)?,
            }
        }
        parts::structure(schema, slots)
    }

    fn map(&mut self, member: &Member, depth: usize) -> Result<Value, DecodeError> {
        let mut map = Vec::new();
        let length = self.cbor.map().map_err(malformed)?;
        let mut entries = self.entries(length, depth)?;
        while entries.next(self)? {
            let key = self.text()?;
            if let Some(value) = self.value(member.schema, depth + 1)? {
                map.push((key, value));
            }
        }
        parts::map(map)
    }

    fn list(&mut self, member: &Member, depth: usize) -> Result<Value, DecodeError> {
        let mut list = Vec::new();
        let length = self.cbor.array().map_err(malformed)?;
        let mut entries = self.entries(length, depth)?;
        while entries.next(self)? {
            list.extend(self.value(member.schema, depth + 1)?);
        }
        Ok(Value::List(list))
    }

    fn entries(&self, length: Option<u64>, depth: usize) -> Result<Entries, DecodeError> {
        if depth >= DOCUMENT_DEPTH_MAX { Err(DecodeError::TooDeep) } else { Ok(Entries { left: length }) }
    }

    fn text(&mut self) -> Result<String, DecodeError> {
        match self.datatype()? {
            Type::String => self.cbor.str().map(str::to_owned).map_err(malformed),
            Type::StringIndef => {
                self.cbor.str_iter().map_err(malformed)?.collect::<Result<String, _>>().map_err(malformed)
            }
            _ => Err(DecodeError::Syntax),
        }
    }

    fn bytes(&mut self) -> Result<Vec<u8>, DecodeError> {
        if self.datatype()? == Type::Bytes {
            return self.cbor.bytes().map(<[u8]>::to_vec).map_err(malformed);
        }
        let mut bytes = Vec::new();
        for piece in self.cbor.bytes_iter().map_err(malformed)? {
            bytes.extend_from_slice(piece.map_err(malformed)?);
        }
        Ok(bytes)
    }

    fn number(&mut self, schema: &Schema, found: Type) -> Result<Number, DecodeError> {
        match found {
            Type::F16 | Type::F32 | Type::F64 => self.cbor.f64().map(Number::Fraction).map_err(malformed),
            Type::U8 | Type::U16 | Type::U32 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => {
                self.cbor.i64().map(Number::Whole).map_err(malformed)
            }
            Type::U64 => {
                let number = self.cbor.u64().map_err(malformed)?;
                i64::try_from(number).map(Number::Whole).map_err(|_| mismatch(schema, found))
            }
            _ => Err(mismatch(schema, found)),
        }
    }

    fn time(&mut self, schema: &Schema) -> Result<Value, DecodeError> {
        if self.cbor.tag().map_err(malformed)? != Tag::from(IanaTag::Timestamp) {
            return Err(mismatch(schema, Type::Tag));
        }
        let found = self.datatype()?;
        let time = match self.number(schema, found)? {
            Number::Whole(seconds) => number::time_from_whole_seconds(seconds),
            Number::Fraction(seconds) => number::time_from_seconds(seconds),
        };
        time.map(Value::Timestamp).ok_or_else(|| mismatch(schema, found))
    }

    /// Passes over one item, whatever it is, but not to any depth.
    fn skip(&mut self, depth: usize) -> Result<(), DecodeError> {
        let (length, items) = match self.datatype()? {
            Type::Array | Type::ArrayIndef => (self.cbor.array().map_err(malformed)?, 1),
            Type::Map | Type::MapIndef => (self.cbor.map().map_err(malformed)?, 2),
            Type::Tag => {
                self.cbor.tag().map_err(malformed)?;
                (Some(1), 1)
            }
            Type::Break => return Err(DecodeError::Syntax),
            // Only scalars are left, which the library passes over in one step.
            _ => return self.cbor.skip().map_err(malformed),
        };
        let mut entries = self.entries(length, depth)?;
        while entries.next(self)? {
            for _ in 0..items {
                self.skip(depth + 1)?;
            }
        }
        Ok(())
    }
}

enum Number {
    Whole(i64),
    Fraction(f64),
}

/// How many entries are left; unknown where a break ends them.
struct Entries {
    left: Option<u64>,
}

impl Entries {
    fn next(&mut self, reader: &mut Reader<'_>) -> Result<bool, DecodeError> {
        match &mut self.left {
            Some(0) => Ok(false),
            Some(left) => {
                *left -= 1;
                Ok(true)
            }
            None if reader.datatype()? == Type::Break => {
                reader.cbor.set_position(reader.cbor.position() + 1);
                Ok(false)
            }
            None => Ok(true),
        }
    }
}

/// The library's reasons are not told apart: AWS names none of them either.
fn malformed(_: minicbor::decode::Error) -> DecodeError {
    DecodeError::Syntax
}

fn mismatch(schema: &Schema, found: Type) -> DecodeError {
    let found = match found {
        Type::Array | Type::ArrayIndef => return DecodeError::UnexpectedList,
        Type::Map | Type::MapIndef => return DecodeError::UnexpectedMap,
        Type::String | Type::StringIndef => "STRING_VALUE",
        Type::Bytes | Type::BytesIndef => "BLOB_VALUE",
        Type::Bool => "BOOLEAN_VALUE",
        Type::Break | Type::Unknown(_) => return DecodeError::Syntax,
        _ => "NUMBER_VALUE",
    };
    DecodeError::scalar(found, &schema.kind)
}
