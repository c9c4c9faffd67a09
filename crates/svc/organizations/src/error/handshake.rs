//! What is said about handshakes, some of it with a reason.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_AcceptHandshake.html#API_AcceptHandshake_Errors>

use alcazar_api_organizations::ErrorCode;
use alcazar_shape::ApiError;

/// No handshake of this id, or none that the caller's account takes part in.
#[must_use]
pub(crate) fn not_found() -> ApiError {
    ErrorCode::HandshakeNotFoundException.because("You specified a handshake that doesn't exist.")
}

/// The handshake is in the state already that it is to come into.
#[must_use]
pub(crate) fn already_in_state() -> ApiError {
    ErrorCode::HandshakeAlreadyInStateException
        .because("The specified handshake is already in the requested state.")
}

/// The handshake is in a state that it cannot leave so.
#[must_use]
pub(crate) fn invalid_transition() -> ApiError {
    ErrorCode::InvalidHandshakeTransitionException
        .because("You can't perform the operation on the handshake in its current state.")
}

/// The account was invited already.
#[must_use]
pub(crate) fn duplicate() -> ApiError {
    ErrorCode::DuplicateHandshakeException
        .because("A handshake with the same action and target already exists.")
}

fn violated(reason: &'static str, message: &str) -> ApiError {
    ErrorCode::HandshakeConstraintViolationException.because(message).with("Reason", reason)
}

/// The organization has as many accounts as it may.
#[must_use]
pub(crate) fn too_many_accounts() -> ApiError {
    violated("ACCOUNT_NUMBER_LIMIT_EXCEEDED", "You have exceeded the allowed number of AWS accounts.")
}

/// As many invitations were sent as may be in a day.
#[must_use]
pub(crate) fn too_many_in_a_day() -> ApiError {
    violated(
        "HANDSHAKE_RATE_LIMIT_EXCEEDED",
        "You attempted to exceed the number of handshakes that you can send in one day.",
    )
}

/// The invited account is in an organization already.
#[must_use]
pub(crate) fn already_in_an_organization() -> ApiError {
    violated(
        "ALREADY_IN_AN_ORGANIZATION",
        "The handshake request is invalid because the invited account is already a member of an organization.",
    )
}

/// The organization has all features already.
#[must_use]
pub(crate) fn already_all_features() -> ApiError {
    violated(
        "ORGANIZATION_ALREADY_HAS_ALL_FEATURES",
        "The handshake request is invalid because the organization has already enabled all features.",
    )
}

/// The organization is being asked already whether all features are to be enabled.
#[must_use]
pub(crate) fn already_enabling_all_features() -> ApiError {
    violated(
        "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION",
        "The handshake request is invalid because the organization has already started the process to enable all \
         features.",
    )
}

/// Nobody is invited while the accounts are asked about all features.
#[must_use]
pub(crate) fn no_invitations_now() -> ApiError {
    violated(
        "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES",
        "You can't issue new invitations to join an organization while it's in the process of enabling all features. \
         You can resume inviting accounts after you finalize the process when all accounts have agreed to the change.",
    )
}
