//! Schedule expressions of rules: `rate(5 minutes)`, `cron(0 12 * * ? *)`. All times are UTC.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html>

mod cron;
mod field;
mod rate;

use alcazar_base::Timestamp;
use thiserror::Error;

use cron::Cron;
use rate::Rate;

/// How long an expression may be.
pub const SCHEDULE_CHARACTERS_MAX: usize = 256;

/// When a rule is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Rate(Rate),
    Cron(Box<Cron>),
}

/// A text that is no schedule expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Parameter ScheduleExpression is not valid.")]
pub struct InvalidSchedule;

impl Schedule {
    /// Reads an expression.
    ///
    /// # Errors
    /// `InvalidSchedule` if the text is no schedule expression.
    pub fn parse(text: &str) -> Result<Self, InvalidSchedule> {
        Self::read(text).ok_or(InvalidSchedule)
    }

    fn read(text: &str) -> Option<Self> {
        if text.chars().count() > SCHEDULE_CHARACTERS_MAX {
            return None;
        }
        let inner = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        if let Some(rate) = inner("rate") {
            return Rate::parse(rate).map(Kind::Rate).map(Self);
        }
        inner("cron").and_then(Cron::parse).map(Box::new).map(Kind::Cron).map(Self)
    }

    /// When the schedule is due next, strictly after `now`. A rate counts from `start`, which is not due itself.
    /// `None` if that is never.
    #[must_use]
    pub fn next_after(&self, start: Timestamp, now: Timestamp) -> Option<Timestamp> {
        match &self.0 {
            Kind::Rate(rate) => rate.next_after(start, now),
            Kind::Cron(cron) => cron.next_after(now),
        }
    }
}
