//! Which of several faults is told.
//!
//! AWS checks a document in stages, and tells the first fault of the first stage that finds one. Faults of syntax end
//! the reading at once; others are kept until it is clear that no earlier stage has one.

use super::{ParseError, ParseReason};

/// The first fault of the earliest stage so far.
#[derive(Debug, Default)]
pub(super) struct Faults {
    first: Option<ParseError>,
}

impl Faults {
    /// Keeps a fault, unless one is known that comes before it.
    pub(super) fn keep(&mut self, error: ParseError) {
        if self.first.as_ref().is_none_or(|first| stage(&error.reason) < stage(&first.reason)) {
            self.first = Some(error);
        }
    }

    /// Passes if there is no fault.
    pub(super) fn none(self) -> Result<(), ParseError> {
        self.first.map_or(Ok(()), Err)
    }
}

/// The stage that finds a fault. The order is that of IAM's answers to documents with several faults.
fn stage(reason: &ParseReason) -> u8 {
    match reason {
        ParseReason::Prohibited(..) => 1,
        ParseReason::OldVersion => 2,
        ParseReason::Effect(_) | ParseReason::LegacyResource(_) | ParseReason::Operand(..) => 3,
        ParseReason::Sid(_) | ParseReason::RepeatedSid(_) => 4,
        ParseReason::Missing("Action") => 5,
        ParseReason::Missing("Resource") => 6,
        ParseReason::Resource(..) => 7,
        ParseReason::Action(_) | ParseReason::NoAssumeRole(_) => 8,
        _ => 9,
    }
}
