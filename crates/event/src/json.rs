//! A JSON text that is read piece by piece, so that each piece knows where it stands.
//!
//! AWS reads patterns with a parser that stops at the token that is wrong, and tells that place and the text. Pieces are
//! cut by serde_json; this module only counts.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::pattern::Reason;

/// How much of the text is shown with a place, in UTF-16 units.
const SHOWN_UNITS_MAX: usize = 500;

/// The text as a whole.
#[derive(Clone, Copy)]
pub(crate) struct Source<'t> {
    text: &'t str,
}

/// A value in the text.
#[derive(Clone, Copy)]
pub(crate) struct Piece<'t> {
    raw: &'t str,
    start: usize,
}

/// A member of an object.
pub(crate) struct Member<'t> {
    pub(crate) name: String,
    pub(crate) value: Piece<'t>,
}

/// What kind of value a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,
}

/// A place in the text: how many bytes precede it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(pub(crate) usize);

impl<'t> Source<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text }
    }

    /// The value that the text begins with; what follows it is not looked at.
    pub(crate) fn root(&self) -> Result<Piece<'t>, (Reason, Place)> {
        let mut deserializer = serde_json::Deserializer::from_str(self.text);
        match <&RawValue>::deserialize(&mut deserializer) {
            Ok(raw) => Ok(self.piece(raw.get())),
            Err(error) => Err(self.syntax(&error)),
        }
    }

    /// The members of an object, in their order; a name may come more than once.
    pub(crate) fn members(&self, object: Piece<'t>) -> Result<Vec<Member<'t>>, (Reason, Place)> {
        let Members(members) =
            serde_json::from_str(object.raw).map_err(|error| self.inner(object, &error))?;
        Ok(members.into_iter().map(|(name, raw)| Member { name, value: self.piece(raw.get()) }).collect())
    }

    /// The items of an array.
    pub(crate) fn items(&self, array: Piece<'t>) -> Result<Vec<Piece<'t>>, (Reason, Place)> {
        let items: Vec<&RawValue> =
            serde_json::from_str(array.raw).map_err(|error| self.inner(array, &error))?;
        Ok(items.into_iter().map(|raw| self.piece(raw.get())).collect())
    }

    /// What a string says.
    pub(crate) fn string(&self, string: Piece<'t>) -> Result<String, (Reason, Place)> {
        serde_json::from_str(string.raw).map_err(|error| self.inner(string, &error))
    }

    /// How AWS writes a place: ` at [Source: (String)"..."; line: 1, column: 2]`.
    pub(crate) fn locate(&self, place: Place) -> String {
        let before = self.text.get(..place.0).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().encode_utf16().count() + 1;
        let mut shown = String::new();
        let mut units = 0;
        for character in self.text.chars() {
            if units + character.len_utf16() > SHOWN_UNITS_MAX {
                break;
            }
            units += character.len_utf16();
            shown.push(character);
        }
        let left = self.text.encode_utf16().count() - units;
        let truncated = if left > 0 { format!("[truncated {left} chars]") } else { String::new() };
        format!("\n at [Source: (String)\"{shown}\"{truncated}; line: {line}, column: {column}]")
    }

    /// `raw` borrows from the text.
    fn piece(&self, raw: &'t str) -> Piece<'t> {
        let start = raw.as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        Piece { raw, start }
    }

    fn inner(&self, piece: Piece<'t>, error: &serde_json::Error) -> (Reason, Place) {
        let (reason, Place(place)) = Source::new(piece.raw).syntax(error);
        (reason, Place(piece.start + place))
    }

    /// A syntax error, in the words of AWS's parser.
    fn syntax(&self, error: &serde_json::Error) -> (Reason, Place) {
        let line_start: usize =
            self.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        // Columns are bytes here, and count the one that is wrong.
        let mut at = (line_start + error.column().saturating_sub(1)).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let told = error.to_string();
        if error.is_eof() {
            return (Reason::EndOfInput, Place(self.text.len()));
        }
        if told.starts_with("expected value") || told.starts_with("expected ident") {
            return self.token(at);
        }
        let expected = if told.starts_with("key must be a string") || told.starts_with("trailing comma") {
            "was expecting double-quote to start field name"
        } else if told.starts_with("expected `:`") {
            "was expecting a colon to separate field name and value"
        } else if told.starts_with("expected `,` or `}`") {
            "was expecting comma to separate Object entries"
        } else if told.starts_with("expected `,` or `]`") {
            "was expecting comma to separate Array entries"
        } else {
            "not allowed here"
        };
        self.unexpected(at, expected)
    }

    /// No value begins at `at`.
    fn token(&self, at: usize) -> (Reason, Place) {
        let is_part = |character: char| character.is_alphanumeric() || character == '_';
        let start = self.text.get(..at).map_or(0, |before| before.trim_end_matches(is_part).len());
        let rest = self.text.get(start..).unwrap_or_default();
        let end = rest.find(|character| !is_part(character)).unwrap_or(rest.len());
        let token = rest.get(..end).unwrap_or_default();
        if token.starts_with(|character: char| character.is_alphabetic() || character == '_') {
            return (Reason::UnrecognizedToken(token.to_owned()), Place(start + end));
        }
        self.unexpected(
            at,
            "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
        )
    }

    fn unexpected(&self, at: usize, expected: &'static str) -> (Reason, Place) {
        match self.text.get(at..).and_then(|rest| rest.chars().next()) {
            Some(character) => (Reason::UnexpectedCharacter(character, expected), Place(at)),
            None => (Reason::EndOfInput, Place(self.text.len())),
        }
    }
}

impl<'t> Piece<'t> {
    pub(crate) fn kind(&self) -> Kind {
        match self.raw.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't') => Kind::True,
            Some(b'f') => Kind::False,
            Some(b'n') => Kind::Null,
            _ => Kind::Number,
        }
    }

    /// How the value is written.
    pub(crate) fn raw(&self) -> &'t str {
        self.raw
    }

    /// What AWS's parser shows of the value's first token, unless it is a string.
    pub(crate) fn token(&self) -> &'t str {
        match self.kind() {
            Kind::Object => "{",
            Kind::Array => "[",
            _ => self.raw,
        }
    }

    /// Where AWS's parser stands when it has come to the value: behind what opens it, or behind a plain value.
    pub(crate) fn opened(&self) -> Place {
        match self.kind() {
            Kind::Object | Kind::Array | Kind::String => Place(self.start + 1),
            _ => self.end(),
        }
    }

    /// What follows the value.
    pub(crate) fn end(&self) -> Place {
        Place(self.start + self.raw.len())
    }
}

/// An object's members as they are written.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}
