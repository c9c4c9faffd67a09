//! What Amazon EventBridge says when it refuses, each text in one place.
#![allow(dead_code, reason = "the operations that say it come next")]

use alcazar_api_events::ErrorCode;
use alcazar_shape::ApiError;

/// No rule of this name on the bus.
#[must_use]
pub(crate) fn rule_not_found(rule: &str, bus: &str) -> ApiError {
    ErrorCode::ResourceNotFoundException.because(format!("Rule {rule} does not exist on EventBus {bus}."))
}

/// No event bus of this name.
#[must_use]
pub(crate) fn bus_not_found(bus: &str) -> ApiError {
    ErrorCode::ResourceNotFoundException.because(format!("Event bus {bus} does not exist."))
}
