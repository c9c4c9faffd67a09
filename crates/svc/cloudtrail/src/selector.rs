//! Event selectors: which events a trail logs, and an event data store takes.
//!
//! A trail has basic selectors or advanced ones, an event data store advanced ones only. An event is selected if any
//! selector selects it.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html>

#![allow(dead_code, reason = "event data stores and deliveries to buckets select by them, which come next")]

pub(crate) mod advanced;
pub(crate) mod basic;
pub(crate) mod event_field;

use alcazar_engine::audit::AuditEvent;
use minicbor::{Decode, Encode};

use self::advanced::AdvancedSelector;
use self::basic::BasicSelector;

/// The most selectors of a trail or event data store.
pub(crate) const SELECTORS_MAX: usize = 5;

/// The selectors of a trail.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Selectors {
    /// Basic ones.
    #[n(0)]
    Basic(#[n(0)] Vec<BasicSelector>),
    /// Advanced ones.
    #[n(1)]
    Advanced(#[n(0)] Vec<AdvancedSelector>),
}

impl Selectors {
    /// What a trail has that nobody gave any: all management events.
    #[must_use]
    pub(crate) fn of_new_trail() -> Self {
        Self::Basic(vec![BasicSelector::all_management_events()])
    }

    /// Whether somebody gave others than a new trail has.
    #[must_use]
    pub(crate) fn are_custom(&self) -> bool {
        *self != Self::of_new_trail()
    }

    /// Whether an event is to be logged.
    #[must_use]
    pub(crate) fn select(&self, event: &AuditEvent) -> bool {
        match self {
            Self::Basic(selectors) => selectors.iter().any(|selector| selector.selects(event)),
            Self::Advanced(selectors) => selectors.iter().any(|selector| selector.selects(event)),
        }
    }
}
