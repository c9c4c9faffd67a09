//! Data of any shape, as it stands between a protocol's wire form and a generated type.

use alcazar_base::{SecretBytes, SecretString, Timestamp};

use crate::schema::{Kind, Schema};

/// Data of some [`Schema`]'s shape. What the schema marks sensitive is held in a secret type.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// For [`Kind::Boolean`].
    Boolean(bool),
    /// For [`Kind::Integer`] and [`Kind::Long`].
    Integer(i64),
    /// For [`Kind::Double`].
    Double(f64),
    /// For [`Kind::String`].
    String(String),
    /// For a sensitive [`Kind::String`].
    SecretString(SecretString),
    /// For [`Kind::Blob`].
    Blob(Vec<u8>),
    /// For a sensitive [`Kind::Blob`].
    SecretBlob(SecretBytes),
    /// For [`Kind::Timestamp`].
    Timestamp(Timestamp),
    /// For [`Kind::List`].
    List(Vec<Value>),
    /// For [`Kind::Map`], in the order of arrival; keys are unique.
    Map(Vec<(String, Value)>),
    /// For [`Kind::Structure`]: one slot for each member of the schema, in its order.
    Structure(Vec<Option<Value>>),
}

impl Value {
    /// A text of `schema`'s shape, in a secret type where the schema says so.
    #[must_use]
    pub fn string(schema: &Schema, text: String) -> Self {
        if schema.sensitive { Self::SecretString(text.into()) } else { Self::String(text) }
    }

    /// Bytes of `schema`'s shape, in a secret type where the schema says so.
    #[must_use]
    pub fn blob(schema: &Schema, bytes: Vec<u8>) -> Self {
        if schema.sensitive { Self::SecretBlob(bytes.into()) } else { Self::Blob(bytes) }
    }

    /// A structure of `schema`'s shape with nothing in it.
    #[must_use]
    pub fn empty_structure(schema: &Schema) -> Self {
        let slots = match schema.kind {
            Kind::Structure { members, .. } => members.len(),
            _ => 0,
        };
        Self::Structure(vec![None; slots])
    }

    /// The text, secret or not, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            Self::SecretString(text) => Some(text.expose()),
            _ => None,
        }
    }

    /// The bytes, secret or not, if these are any.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Blob(bytes) => Some(bytes),
            Self::SecretBlob(bytes) => Some(bytes.expose()),
            _ => None,
        }
    }

    /// The value of the member called `name`, if this is a structure of `schema`'s shape that has it.
    #[must_use]
    pub fn member(&self, schema: &Schema, name: &str) -> Option<&Value> {
        match self {
            Self::Structure(slots) => slots.get(schema.slot(name)?)?.as_ref(),
            _ => None,
        }
    }
}
