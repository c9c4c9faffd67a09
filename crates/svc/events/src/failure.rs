//! Why a target did not take an event, and whether it may take it later.
//!
//! Sources: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html>,
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html>

use alcazar_base::Timestamp;
use alcazar_engine::{Error, Result};
use alcazar_shape::ApiError;

/// Why a target did not take an event, as its dead-letter queue is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// EventBridge's own code for it.
    pub code: &'static str,
    /// What the target said.
    pub message: String,
    /// Whether another attempt makes sense.
    pub is_passing: bool,
    /// When it does, if that is known.
    pub wait: Option<Wait>,
}

/// When another attempt makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Not before a time, whenever it would come otherwise.
    AtLeastUntil(Timestamp),
    /// At a time; this one was no attempt at all.
    Turn(Timestamp),
}

/// How an attempt came out.
pub(crate) type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// A failure for good.
    #[must_use]
    pub(crate) fn lasting(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), is_passing: false, wait: None }
    }

    /// A failure that may be over by the next attempt.
    #[must_use]
    pub(crate) fn passing(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), is_passing: true, wait: None }
    }

    /// Nothing can be made of the event that the target would take.
    #[must_use]
    pub(crate) fn invalid_json(message: String) -> Self {
        Self::lasting("INVALID_JSON", message)
    }

    /// What an answer of another service means. Targets that are not there or do not allow it stay so until somebody
    /// does something about it; what is wrong with the message stays for good.
    #[must_use]
    pub(crate) fn of(error: &ApiError) -> Self {
        let (model, name) = (error.model(), error.model().name);
        let message = error.message().unwrap_or(name);
        let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        if has(&["AccessDenied", "AuthorizationError"]) {
            return Self::lasting("NO_PERMISSIONS", message);
        }
        if has(&["Throttl", "TooManyRequests"]) {
            return Self::passing("THROTTLING", message);
        }
        if name.starts_with("Kms") || name.starts_with("KMS") {
            return Self::passing("ERROR_FROM_TARGET", message);
        }
        if has(&["QueueDoesNotExist", "NotFound", "NonExistent"]) {
            return Self::lasting("NO_RESOURCE", message);
        }
        if model.status >= 500 {
            return Self::passing("ERROR_FROM_TARGET", message);
        }
        Self::lasting("INVALID_PARAMETER", message)
    }
}

/// Takes what a service answered for the outcome of an attempt. What failed inside is no outcome.
///
/// # Errors
/// Something failed inside.
pub(crate) fn outcome<T>(answered: Result<T>) -> Result<Outcome<T>> {
    match answered {
        Ok(answer) => Ok(Ok(answer)),
        Err(Error::Api(error)) => Ok(Err(Failure::of(&error))),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use alcazar_shape::common_error::{ACCESS_DENIED, INTERNAL_FAILURE, THROTTLING, VALIDATION};

    use super::*;

    #[test]
    fn only_what_passes_by_itself_is_tried_again() {
        let of = |error: ApiError| {
            let failure = Failure::of(&error);
            (failure.code, failure.is_passing)
        };
        assert_eq!(of(ACCESS_DENIED.because("no")), ("NO_PERMISSIONS", false));
        assert_eq!(of(THROTTLING.because("slow")), ("THROTTLING", true));
        assert_eq!(of(INTERNAL_FAILURE.bare()), ("ERROR_FROM_TARGET", true));
        assert_eq!(of(VALIDATION.because("bad")), ("INVALID_PARAMETER", false));
        assert_eq!(of(alcazar_api_sqs::ErrorCode::QueueDoesNotExist.because("gone")), ("NO_RESOURCE", false));
        assert_eq!(
            of(alcazar_api_sqs::ErrorCode::KmsDisabled.because("disabled")),
            ("ERROR_FROM_TARGET", true)
        );
        assert_eq!(
            of(alcazar_api_sqs::ErrorCode::KmsAccessDenied.because("denied")),
            ("NO_PERMISSIONS", false)
        );
    }
}
