//! Whom a request is about that may leave out the user's name: then it is about the caller.

use alcazar_base::AccountId;
use alcazar_engine::{CallInfo, Check, Reads, Result};
use alcazar_identity::user::User;

use crate::access;
use crate::caller::Subject;
use crate::named::{Holder, Named};

/// A user, or the root user, who calls.
#[derive(Debug, Clone)]
pub struct Whom(Option<Named<User>>);

impl Whom {
    /// The user of the name, else the caller.
    ///
    /// # Errors
    /// The caller is neither a user nor the root user, or the store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, user_name: Option<&str>) -> Result<Self> {
        match Subject::of(reads.call(), user_name)? {
            Subject::User(name) => Ok(Self(Some(Named::find(reads, &name).await?))),
            Subject::Root => Ok(Self(None)),
        }
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
