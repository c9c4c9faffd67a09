//! A reason, and the place that is told with it.

use std::fmt;

use super::Reason;
use crate::json::{Place, Source};

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    reason: Reason,
    /// The place as it is told, or nothing.
    place: String,
}

impl Fault {
    /// A fault that AWS tells without a place.
    pub(crate) fn plain(reason: Reason) -> Self {
        Self { reason, place: String::new() }
    }

    pub(crate) fn at(source: &Source<'_>, reason: Reason, place: Place) -> Self {
        Self { reason, place: source.locate(place) }
    }

    /// Whether it is the pattern's size that is wrong, however it is read.
    pub(crate) fn is_final(&self) -> bool {
        matches!(self.reason, Reason::OrTooMany | Reason::TooComplex | Reason::TooDeep { .. })
    }

    /// As AWS tells what is wrong inside a list: it says the place twice.
    pub(crate) fn in_list(source: &Source<'_>, reason: Reason, place: Place) -> Self {
        Self { reason, place: source.locate(place).repeat(2) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.reason, self.place)
    }
}
