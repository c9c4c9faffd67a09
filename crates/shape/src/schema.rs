//! Static descriptions of shapes, with the constraints that a value must keep.
//!
//! Source: the Smithy 2.0 specification, <https://smithy.io/2.0/spec/>, in the form of botocore's models.

/// The description of one shape. Generated, `'static`, shared by every use of the shape.
#[derive(Debug)]
pub struct Schema {
    /// The shape's name in the model, e.g. `EncryptRequest`.
    pub name: &'static str,
    /// What kind of data it is.
    pub kind: Kind,
    /// Whether the model marks it sensitive: it is never logged, audited or quoted in an error.
    pub sensitive: bool,
    /// The least length (strings: UTF-16 code units; blobs: bytes; lists, maps: entries) or number.
    pub min: Option<i64>,
    /// The greatest length or number.
    pub max: Option<i64>,
    /// The regular expression that the whole of a string must match.
    pub pattern: Option<&'static str>,
}

/// The kinds of data.
#[derive(Debug)]
pub enum Kind {
    /// Text, maybe of a closed set of values (in the model's order).
    String {
        /// The values that are allowed; empty where any text is.
        values: &'static [&'static str],
    },
    /// Bytes.
    Blob,
    /// `true` or `false`.
    Boolean,
    /// A whole number of 32 bits.
    Integer,
    /// A whole number of 64 bits.
    Long,
    /// A floating-point number.
    Double,
    /// A point in time.
    Timestamp,
    /// A list of members of one shape.
    List {
        /// What it holds.
        member: &'static Member,
        /// In Query and XML, members stand directly under the list's own name.
        flattened: bool,
    },
    /// A map with text keys.
    Map {
        /// The keys' shape, always a string.
        key: &'static Member,
        /// The values' shape.
        value: &'static Member,
        /// In Query and XML, entries stand directly under the map's own name.
        flattened: bool,
    },
    /// Named members.
    Structure {
        /// The members in the model's order. A [`Value::Structure`](crate::Value) has one slot for each.
        members: &'static [Member],
        /// At most one member is present.
        union: bool,
    },
}

/// A use of a shape: a member of a structure, list or map.
#[derive(Debug)]
pub struct Member {
    /// The member's name on JSON and CBOR wires, e.g. `KeyId`.
    pub name: &'static str,
    /// Its name on Query and XML wires (`locationName`), mostly the same as `name`.
    pub wire_name: &'static str,
    /// What it holds.
    pub schema: &'static Schema,
    /// Whether it must be present.
    pub required: bool,
    /// How a timestamp is written, where it differs from the protocol's own way.
    pub timestamp_format: Option<TimestampFormat>,
}

/// The ways to write a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimestampFormat {
    /// Seconds since the epoch, with a fraction.
    EpochSeconds,
    /// `2015-08-30T12:36:00Z`
    DateTime,
    /// `Sun, 30 Aug 2015 12:36:00 GMT`
    HttpDate,
}

impl Schema {
    /// The members of a structure; none for any other kind.
    #[must_use]
    pub fn members(&self) -> &'static [Member] {
        match &self.kind {
            Kind::Structure { members, .. } => members,
            _ => &[],
        }
    }

    /// The slot of the member that JSON and CBOR call `name`.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<usize> {
        self.members().iter().position(|member| member.name == name)
    }
}
