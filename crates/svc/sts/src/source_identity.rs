//! The source identity: who stands behind a chain of sessions, settled where the chain begins.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html>

use alcazar_engine::Session;
use alcazar_shape::ApiError;

use crate::error;

/// The source identity of a session: what is passed, or what comes down the chain.
///
/// # Errors
/// The chain has another.
pub(crate) fn settle(passed: Option<&str>, calling: Option<&Session>) -> Result<Option<String>, ApiError> {
    let inherited = calling.and_then(|session| session.source_identity.as_deref());
    match (passed, inherited) {
        (Some(passed), Some(inherited)) if passed != inherited => Err(error::source_identity_is_set()),
        (passed, inherited) => Ok(passed.or(inherited).map(str::to_owned)),
    }
}
