//! How long a session lasts.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html>

use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_engine::credentials::Owner;
use alcazar_shape::ApiError;

use crate::error;

/// How long a role's session lasts if nothing else is asked for, and at most if another role's session begins it.
const HOUR_SECONDS: u32 = 3600;

/// How long a session of a user lasts if nothing else is asked for.
const HALF_DAY_SECONDS: u32 = 12 * HOUR_SECONDS;

/// How long a session of a member account's root user lasts if nothing else is asked for, and at most.
const ROOT_SECONDS: u32 = 900;

/// From when to when a session is.
pub(crate) struct Span {
    /// When it begins: AWS tells the times of sessions in whole seconds.
    pub(crate) issued: Timestamp,
    /// When it ends.
    pub(crate) expires: Timestamp,
}

impl Span {
    /// A session of so many seconds from now on.
    pub(crate) fn of(now: Timestamp, seconds: u32) -> Self {
        let issued = Timestamp::from_secs(now.as_secs());
        Self { issued, expires: issued + Duration::from_secs(seconds.into()) }
    }
}

/// The seconds of a role's session.
///
/// # Errors
/// More are asked for than the role allows, or a chain of roles.
pub(crate) fn of_role(asked: Option<i32>, role_max: u32, chained: bool) -> Result<u32, ApiError> {
    let seconds = asked.and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(HOUR_SECONDS);
    if seconds > role_max {
        return Err(error::longer_than_role_allows());
    }
    if chained && seconds > HOUR_SECONDS {
        return Err(error::longer_than_chaining_allows());
    }
    Ok(seconds)
}

/// The seconds of a session that a user or root user begins with its own credentials: a root user gets an hour at most,
/// whatever it asks for.
pub(crate) fn of_owner(asked: Option<i32>, owner: &Owner) -> u32 {
    let seconds = asked.and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(HALF_DAY_SECONDS);
    match owner {
        Owner::AccountRoot => seconds.min(HOUR_SECONDS),
        Owner::User { .. } => seconds,
    }
}

/// The seconds of a root user's session for a privileged task.
pub(crate) fn of_root(asked: Option<i32>) -> u32 {
    asked.and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(ROOT_SECONDS)
}
