//! Whom a request is about that may leave out the user's name: then it is about the caller.

use alcazar_base::AccountId;
use alcazar_engine::credentials::Owner;
use alcazar_engine::{CallInfo, Check, Reads, Result, SessionKind};
use alcazar_identity::entity;
use alcazar_identity::user::User;
use alcazar_policy::PrincipalKind;

use crate::named::{Holder, Named};
use crate::{access, error};

/// A user, or the root user, who calls.
#[derive(Debug, Clone)]
pub struct Whom(Option<Named<User>>);

impl Whom {
    /// The user of the name, else the caller.
    ///
    /// # Errors
    /// The caller is neither a user nor the root user, or the store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, user_name: Option<&str>) -> Result<Self> {
        let name = match user_name {
            Some(name) => name.to_owned(),
            None => match calling_user(reads.call())? {
                Some(name) => name,
                None => return Ok(Self(None)),
            },
        };
        Ok(Self(Some(Named::find(reads, &name).await?)))
    }

    /// The question whether the caller may do `action` on it.
    #[must_use]
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        match &self.0 {
            Some(named) => named.check(call, action),
            None => access::check(call, action, call.caller.arn().to_owned(), User::TYPE),
        }
    }

    /// The user; none stands for the root user.
    #[must_use]
    pub(crate) fn user(&self) -> Option<&Named<User>> {
        self.0.as_ref()
    }

    /// The unique id: for the root user, the account's.
    ///
    /// # Errors
    /// There is no such user.
    pub(crate) fn id(&self, account: AccountId) -> Result<String> {
        match &self.0 {
            Some(named) => Ok(named.existing()?.user_id.clone()),
            None => Ok(account.to_string()),
        }
    }

    /// The name as answers have it.
    ///
    /// # Errors
    /// There is no such user.
    pub(crate) fn name(&self) -> Result<String> {
        match &self.0 {
            Some(named) => Ok(named.existing()?.name.clone()),
            None => Ok("root".to_owned()),
        }
    }
}

/// The name of the user who calls; none if that is the root user.
fn calling_user(call: &CallInfo) -> Result<Option<String>> {
    let owner = match call.caller.session.as_ref().map(|session| &session.kind) {
        None => match &call.caller.principal.kind {
            PrincipalKind::AccountRoot => return Ok(None),
            PrincipalKind::User => return Ok(Some(entity::name_of(call.caller.arn()).to_owned())),
            _ => return Err(error::user_name_needed().into()),
        },
        Some(SessionKind::Own { owner }) => owner,
        Some(SessionKind::AssumedRoot { .. }) => return Ok(None),
        Some(_) => return Err(error::user_name_needed().into()),
    };
    Ok(match owner {
        Owner::AccountRoot => None,
        Owner::User { path_and_name, .. } => Some(entity::name_of(path_and_name).to_owned()),
    })
}
