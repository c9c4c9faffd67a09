//! What counts for a caller whatever it asks for: the policies that are its own or limit it, its tags, its place in
//! an organization.
//!
//! The engine knows no users and no roles; [`Identities`] does, and makes a caller's standing of its records. The
//! standing is kept by the access key that calls, until a record that it was made of changes.

use std::sync::{Arc, LazyLock};

use alcazar_base::AccountId;
use alcazar_policy::{CompiledPolicy, PrincipalKind, PrincipalPolicies};
use alcazar_shape::common_error::UNRECOGNIZED_CLIENT;

use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::{Error, Result};
use crate::port::BoxFuture;
use crate::records::Records;
use crate::transaction::Pending;

/// How many callers' standings are kept, and how many accounts'.
pub(crate) const STANDINGS_MAX: usize = 64 * 1024;

/// How often a standing is made again of records that changed meanwhile.
const ATTEMPTS_MAX: usize = 8;

/// What counts for a caller.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Its policies.
    pub policies: PrincipalPolicies,
    /// The tags that policies see as `aws:PrincipalTag/…`: those of the user or role, and the session's over them.
    pub tags: Vec<(String, String)>,
    /// Whether it is a role that a service made for itself, which no resource control policy limits.
    pub is_service_linked: bool,
    /// What counts for its account. The engine fills it in.
    pub account: Arc<AccountStanding>,
}

/// What counts for an account.
#[derive(Debug, Clone, Default)]
pub struct AccountStanding {
    /// The resource control policies on what the account owns, one list for each level from the organization's root
    /// down to the account; none if none apply.
    pub resource_control: Vec<Vec<Arc<CompiledPolicy>>>,
    /// Its place in an organization.
    pub organization: Option<Membership>,
}

/// An account's place in an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The organization's id, e.g. `o-a1b2c3d4e5`.
    pub organization_id: String,
    /// The account's path, as `aws:PrincipalOrgPaths` has it: `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/`.
    pub path: String,
    /// The organization's management account.
    pub management_account: AccountId,
}

/// Who there is, and what counts for them. Every answer is made of the records alone that are read through `records`.
pub trait Identities: Send + Sync {
    /// A caller's standing; none if the caller is no more.
    fn standing<'a>(
        &'a self,
        records: &'a mut Records<'_>,
        caller: &'a Caller,
    ) -> BoxFuture<'a, Result<Option<Standing>>>;

    /// What counts for an account.
    fn account_standing<'a>(
        &'a self,
        records: &'a mut Records<'_>,
        account: AccountId,
    ) -> BoxFuture<'a, Result<AccountStanding>>;

    /// Whether there is such an account, as far as its records say.
    fn account_exists<'a>(
        &'a self,
        records: &'a mut Records<'_>,
        account: AccountId,
    ) -> BoxFuture<'a, Result<bool>>;

    /// The unique id of the user or role of an ARN, if there is one.
    fn unique_id<'a>(
        &'a self,
        records: &'a mut Records<'_>,
        arn: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>>>;

    /// Whether the user, role, role session or federated user of an ARN exists in an account that does. A session
    /// exists as long as its role does, a federated user as long as its account does.
    fn principal_exists<'a>(
        &'a self,
        records: &'a mut Records<'_>,
        arn: &'a str,
    ) -> BoxFuture<'a, Result<bool>>;
}

/// The standing of a service, and of whoever did not sign: no policy of its own allows it anything.
pub(crate) fn of_service() -> Arc<Standing> {
    static NONE: LazyLock<Arc<Standing>> = LazyLock::new(Arc::default);
    NONE.clone()
}

impl Cloud {
    /// What counts for a caller.
    ///
    /// # Errors
    /// The caller is no more, or the store failed.
    pub async fn standing(&self, caller: &Caller) -> Result<Arc<Standing>> {
        if caller.principal.kind == PrincipalKind::Anonymous {
            return Ok(of_service());
        }
        if let Some(standing) = self.standings.get(caller.standing_key()) {
            return Ok(standing);
        }
        for _ in 0..ATTEMPTS_MAX {
            let mut pending = Pending::begin(self);
            let found = self.identities().standing(&mut Records::new(self, &mut pending), caller).await?;
            let Some(mut standing) = found else {
                let message = "The security token included in the request is invalid.";
                return Err(UNRECOGNIZED_CLIENT.because(message).into());
            };
            standing.account = self.read_account_standing(&mut pending, caller.account).await?;
            let standing = Arc::new(standing);
            self.standings.insert(caller.standing_key(), standing.clone(), pending.names_read());
            if pending.is_unchanged(self).await {
                self.standings.confirm(caller.standing_key(), &standing);
                return Ok(standing);
            }
            self.standings.remove(caller.standing_key());
        }
        Err(Error::Conflict)
    }

    /// What counts for the account that owns a resource.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn account_standing(&self, account: AccountId) -> Result<Arc<AccountStanding>> {
        if let Some(standing) = self.account_standings.get(account.as_str()) {
            return Ok(standing);
        }
        for _ in 0..ATTEMPTS_MAX {
            let mut pending = Pending::begin(self);
            let standing = self.read_account_standing(&mut pending, account).await?;
            self.account_standings.insert(account.as_str(), standing.clone(), pending.names_read());
            if pending.is_unchanged(self).await {
                self.account_standings.confirm(account.as_str(), &standing);
                return Ok(standing);
            }
            self.account_standings.remove(account.as_str());
        }
        Err(Error::Conflict)
    }

    async fn read_account_standing(
        &self,
        pending: &mut Pending,
        account: AccountId,
    ) -> Result<Arc<AccountStanding>> {
        let mut records = Records::new(self, pending);
        Ok(Arc::new(self.identities().account_standing(&mut records, account).await?))
    }
}
