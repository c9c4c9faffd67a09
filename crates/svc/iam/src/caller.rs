//! Operations that are about the caller's own user where the request names none.

use alcazar_engine::CallInfo;
use alcazar_engine::SessionKind;
use alcazar_engine::credentials::Owner;
use alcazar_identity::entity;
use alcazar_policy::PrincipalKind;
use alcazar_shape::ApiError;

use crate::error;

/// Whom a request is about that may leave out the user's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A user of this name.
    User(String),
    /// The account's root user, who calls.
    Root,
}

impl Subject {
    /// The user that is named, else the caller.
    ///
    /// # Errors
    /// The caller is neither a user nor the root user.
    pub(crate) fn of(call: &CallInfo, user_name: Option<&str>) -> Result<Self, ApiError> {
        if let Some(name) = user_name {
            return Ok(Self::User(name.to_owned()));
        }
        let owner = match call.caller.session.as_ref().map(|session| &session.kind) {
            None => match &call.caller.principal.kind {
                PrincipalKind::AccountRoot => return Ok(Self::Root),
                PrincipalKind::User => {
                    return Ok(Self::User(entity::name_of(call.caller.arn()).to_owned()));
                }
                _ => return Err(error::user_name_needed()),
            },
            Some(SessionKind::Own { owner }) => owner,
            Some(SessionKind::AssumedRoot { .. }) => return Ok(Self::Root),
            Some(_) => return Err(error::user_name_needed()),
        };
        Ok(match owner {
            Owner::AccountRoot => Self::Root,
            Owner::User { path_and_name, .. } => Self::User(entity::name_of(path_and_name).to_owned()),
        })
    }
}
