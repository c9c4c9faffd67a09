//! What SNS says when it refuses, each text in one place.
//!
//! The texts are AWS's, as its documentation, its SDKs' issue trackers and recorded answers show them.

pub(crate) mod kms;
pub(crate) mod publishing;
pub(crate) mod subscription;
pub(crate) mod topic;

use alcazar_api_sns::ErrorCode;
use alcazar_shape::ApiError;

/// A parameter, or what is said of it, is not right.
#[must_use]
pub(crate) fn invalid(what: &str) -> ApiError {
    ErrorCode::InvalidParameterException.because(format!("Invalid parameter: {what}"))
}

/// A parameter must be there.
#[must_use]
pub(crate) fn no_value(parameter: &str) -> ApiError {
    invalid(&format!("{parameter} Reason: no value for required parameter"))
}

/// An ARN has too few parts.
#[must_use]
pub(crate) fn short_arn(parameter: &str, parts: usize) -> ApiError {
    invalid(&format!("{parameter} Reason: An ARN must have at least 6 elements, not {parts}"))
}

/// A token of a list's page is none that was given.
#[must_use]
pub(crate) fn next_token() -> ApiError {
    invalid("nextToken")
}

/// A denial: its code is SNS's own, and so is the case in which it writes the action.
#[must_use]
pub(crate) fn denied(message: &str) -> ApiError {
    let told = message.replacen("perform: sns:", "perform: SNS:", 1).replacen(
        "allows the sns:",
        "allows the SNS:",
        1,
    );
    ErrorCode::AuthorizationErrorException.because(told)
}

/// Someone who is not the owner, or who did not sign.
#[must_use]
pub(crate) fn not_authorized(caller: &str, action: &str, resource: &str) -> ApiError {
    denied(&format!("User: {caller} is not authorized to perform: sns:{action} on resource: {resource}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn denials_write_the_service_in_capitals() {
        let error = denied(
            "User: u is not authorized to perform: sns:Publish on resource: arn:aws:sns:r:1:t \
             because no identity-based policy allows the sns:Publish action",
        );
        assert_eq!(
            error.message(),
            Some(
                "User: u is not authorized to perform: SNS:Publish on resource: arn:aws:sns:r:1:t \
                 because no identity-based policy allows the SNS:Publish action"
            )
        );
        assert_eq!(error.model().query_code, "AuthorizationError");
    }
}
