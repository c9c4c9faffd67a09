//! Where in a document something stands, such as `Statement[1].Condition.StringEquals`.
//!
//! A place is a chain through the callers' frames, so it costs nothing until an error prints it.

use std::fmt;

/// A place in a JSON document.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'a> {
    /// The document itself.
    Document,
    /// A member of the object at a place.
    Member(&'a Place<'a>, &'a str),
    /// An item of the array at a place, counted from zero.
    Item(&'a Place<'a>, usize),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document => f.write_str("document"),
            Self::Member(Place::Document, name) => f.write_str(name),
            Self::Member(parent, name) => write!(f, "{parent}.{name}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_as_a_path() {
        let document = Place::Document;
        let statements = Place::Member(&document, "Statement");
        let second = Place::Item(&statements, 1);
        assert_eq!(document.to_string(), "document");
        assert_eq!(Place::Member(&second, "Action").to_string(), "Statement[1].Action");
    }
}
