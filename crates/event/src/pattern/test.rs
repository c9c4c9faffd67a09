//! What one value of an event must be.

use std::net::IpAddr;

use serde_json::{Number, Value};

use super::address::{self, Cidr};
use super::number::{Comparable, Range};
use super::text::Folded;
use super::wildcard::Wildcard;

/// A test of a value, which is no object and no array.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    /// There is no value.
    Absent,
    /// There is a value.
    Present,
    Null,
    Bool(bool),
    Text(Box<str>),
    /// A number that can be compared, or one that is taken as it is written.
    Number(Option<Comparable>, Box<str>),
    Address(IpAddr),
    Range(Range),
    Cidr(Cidr),
    Prefix(Box<str>),
    Suffix(Box<str>),
    IgnoreCase(Folded),
    PrefixIgnoreCase(Folded),
    SuffixIgnoreCase(Folded),
    Wildcard(Wildcard),
    /// Any value but these, of whatever kind it is.
    AnythingBut(But),
}

/// What a value must not be.
#[derive(Debug, Clone)]
pub(crate) enum But {
    Texts(Box<[Box<str>]>),
    Numbers(Box<[Comparable]>),
    Prefixes(Box<[Box<str>]>),
    Suffixes(Box<[Box<str>]>),
    IgnoreCase(Box<[Folded]>),
    Wildcards(Box<[Wildcard]>),
}

impl Test {
    /// A text as it is, or an address, however it is written.
    pub(crate) fn equals(text: String) -> Self {
        address::address(&text).map_or_else(|| Self::Text(text.into()), Self::Address)
    }

    /// A number as a pattern writes it.
    pub(crate) fn equals_number(raw: &str) -> Self {
        Self::Number(Comparable::written(raw).ok(), raw.into())
    }

    pub(crate) fn passes(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Present, _) | (Self::Null, Value::Null) => true,
            (Self::Bool(wanted), Value::Bool(value)) => wanted == value,
            (Self::Number(wanted, written), Value::Number(number)) => {
                (wanted.is_some() && *wanted == Comparable::of(number)) || is_written(number, written)
            }
            (Self::Range(range), Value::Number(number)) => {
                Comparable::of(number).is_some_and(|number| range.contains(number))
            }
            (Self::AnythingBut(but), value) => !but.passes(value),
            (test, Value::String(text)) => test.passes_text(text),
            _ => false,
        }
    }

    fn passes_text(&self, text: &str) -> bool {
        match self {
            Self::Text(wanted) => text == &**wanted,
            Self::Address(wanted) => address::address(text) == Some(*wanted),
            Self::Cidr(cidr) => address::address(text).is_some_and(|address| cidr.contains(address)),
            Self::Prefix(prefix) => text.starts_with(&**prefix),
            Self::Suffix(suffix) => text.ends_with(&**suffix),
            Self::IgnoreCase(wanted) => wanted.equals(text),
            Self::PrefixIgnoreCase(prefix) => prefix.begins(text),
            Self::SuffixIgnoreCase(suffix) => suffix.ends(text),
            Self::Wildcard(wildcard) => wildcard.matches(text),
            _ => false,
        }
    }
}

impl But {
    fn passes(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Numbers(numbers), Value::Number(number)) => {
                Comparable::of(number).is_some_and(|number| numbers.contains(&number))
            }
            (Self::Texts(texts), Value::String(value)) => texts.iter().any(|text| **text == **value),
            (Self::Prefixes(prefixes), Value::String(value)) => {
                prefixes.iter().any(|prefix| value.starts_with(&**prefix))
            }
            (Self::Suffixes(suffixes), Value::String(value)) => {
                suffixes.iter().any(|suffix| value.ends_with(&**suffix))
            }
            (Self::IgnoreCase(texts), Value::String(value)) => texts.iter().any(|text| text.equals(value)),
            (Self::Wildcards(wildcards), Value::String(value)) => {
                wildcards.iter().any(|wildcard| wildcard.matches(value))
            }
            _ => false,
        }
    }
}

/// Whether a number is written as the pattern has it; asked where it is too great to be compared.
fn is_written(number: &Number, written: &str) -> bool {
    Comparable::of(number).is_none() && number.to_string() == written
}
