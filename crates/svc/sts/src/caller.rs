//! What the kind of the caller's credentials lets it call, whatever policies say.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html>

use alcazar_engine::credentials::Owner;
use alcazar_engine::{Caller, SessionKind};
use alcazar_policy::PrincipalKind;
use alcazar_shape::ApiError;

use crate::error;

/// Refuses those who have their credentials of `GetSessionToken` or `GetFederationToken`.
///
/// # Errors
/// The caller has.
pub(crate) fn must_not_have_token(caller: &Caller, operation: &str) -> Result<(), ApiError> {
    match caller.session.as_ref().map(|session| &session.kind) {
        Some(SessionKind::Own { .. } | SessionKind::FederatedUser { .. }) => {
            Err(error::not_for_sessions(caller.arn(), operation))
        }
        Some(SessionKind::Role { .. } | SessionKind::AssumedRoot { .. }) | None => Ok(()),
    }
}

/// The user or root user that calls with credentials for good.
///
/// # Errors
/// The caller has temporary credentials.
pub(crate) fn owner(caller: &Caller, operation: &str) -> Result<Owner, ApiError> {
    if caller.session.is_some() {
        return Err(error::needs_long_term_credentials(operation));
    }
    Ok(match caller.principal.kind {
        PrincipalKind::User => {
            Owner::User { path_and_name: path_and_name(caller.arn()), user_id: caller.principal_id.clone() }
        }
        _ => Owner::AccountRoot,
    })
}

/// `/ci/deployer` of a user's ARN.
fn path_and_name(arn: &str) -> String {
    arn.split_once(":user").map(|(_, path_and_name)| path_and_name.to_owned()).unwrap_or_default()
}
