//! Making accounts: a request is noted, and done by a task at once.
//!
//! What always holds: a request that is in progress has a task that does it; one that is done has a task that forgets
//! it, [`KEPT`] later.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html>

use std::sync::Arc;
use std::time::Duration;

use alcazar_api_organizations::types::{self, CreateAccountFailureReason, CreateAccountState};
use alcazar_base::{AccountId, Timestamp};
use alcazar_engine::audit::Resource;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::schedule::{Effect, Task, TaskHandler};
use alcazar_engine::{Cx, Error, Name, Reads, Result};
use alcazar_identity::account::{Account, AccountStatus};
use alcazar_identity::organization::Organization;
use alcazar_identity::tag::Tag;
use minicbor::{Decode, Encode};
use serde_json::json;

use crate::access::kind;
use crate::membership::Joined;
use crate::{arn, id, membership, page, quota, role, target};

const CREATIONS: &str = "organizations.account_creation";
const CREATE: &str = "create_account";
const FORGET: &str = "forget_account_creation";

/// How long a request is shown after it was done.
const KEPT: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// How often an id is drawn until one is found that no account has.
const ID_ATTEMPTS_MAX: usize = 16;

/// What Organizations does when requests fall due.
pub(crate) const TASKS: [TaskHandler; 2] = [
    TaskHandler { kind: CREATE, event_name: "CreateAccountResult", run: run_creation },
    TaskHandler { kind: FORGET, event_name: "DeleteCreateAccountStatus", run: run_forgetting },
];

/// A request to make an account. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Creation {
    /// Its id.
    #[n(0)]
    pub id: String,
    /// The organization that the account is for.
    #[n(1)]
    pub organization_id: String,
    /// The account's name.
    #[n(2)]
    pub name: String,
    /// The owner's e-mail address.
    #[n(3)]
    pub email: String,
    /// The name of the role by which the management account comes in.
    #[n(4)]
    pub role_name: String,
    /// The account's tags.
    #[n(5)]
    pub tags: Vec<Tag>,
    /// When it was asked for.
    #[n(6)]
    pub requested: Timestamp,
    /// When it was done.
    #[n(7)]
    pub completed: Option<Timestamp>,
    /// What came of it.
    #[n(8)]
    pub outcome: Outcome,
}

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Outcome {
    /// Nothing yet.
    #[n(0)]
    InProgress,
    /// The account.
    #[n(1)]
    Made(#[n(0)] AccountId),
    /// Another account has the e-mail address.
    #[n(2)]
    EmailTaken,
    /// The e-mail address cannot be right.
    #[n(3)]
    EmailInvalid,
    /// The organization has as many accounts as it may.
    #[n(4)]
    TooManyAccounts,
}

impl Creation {
    /// As answers have it.
    #[must_use]
    pub(crate) fn shown(&self) -> types::CreateAccountStatus {
        let (state, account, failure) = match self.outcome {
            Outcome::InProgress => (CreateAccountState::InProgress, None, None),
            Outcome::Made(account) => (CreateAccountState::Succeeded, Some(account), None),
            Outcome::EmailTaken => failed(CreateAccountFailureReason::EmailAlreadyExists),
            Outcome::EmailInvalid => failed(CreateAccountFailureReason::InvalidEmail),
            Outcome::TooManyAccounts => failed(CreateAccountFailureReason::AccountLimitExceeded),
        };
        types::CreateAccountStatus {
            id: Some(self.id.clone()),
            account_name: Some(self.name.clone().into()),
            state: Some(state),
            requested_timestamp: Some(self.requested),
            completed_timestamp: self.completed,
            account_id: account.map(|account| account.to_string()),
            gov_cloud_account_id: None,
            failure_reason: failure,
        }
    }
}

fn failed(
    reason: CreateAccountFailureReason,
) -> (CreateAccountState, Option<AccountId>, Option<CreateAccountFailureReason>) {
    (CreateAccountState::Failed, None, Some(reason))
}

/// Notes a request, which is done as soon as this call has succeeded.
///
/// # Errors
/// The store failed.
pub(crate) fn begin(cx: &mut Cx<'_>, creation: Creation) -> Result<()> {
    cx.schedule(task(CREATE, &creation, cx.now()))?;
    cx.put(name(&creation.organization_id, &creation.id), creation)
}

/// The request of an id.
///
/// # Errors
/// The store failed.
pub(crate) async fn find(
    reads: &mut Reads<'_>,
    organization_id: &str,
    id: &str,
) -> Result<Option<Arc<Creation>>> {
    reads.get(&name(organization_id, id)).await
}

/// All requests of an organization.
///
/// # Errors
/// The store failed.
pub(crate) async fn all(reads: &mut Reads<'_>, organization_id: &str) -> Result<Vec<Arc<Creation>>> {
    page::all(reads, &names(organization_id)).await
}

/// How many requests of an organization are in progress.
///
/// # Errors
/// The store failed.
pub(crate) async fn in_progress(reads: &mut Reads<'_>, organization_id: &str) -> Result<usize> {
    let all = all(reads, organization_id).await?;
    Ok(all.iter().filter(|creation| creation.outcome == Outcome::InProgress).count())
}

/// Forgets all requests of an organization that is no more.
///
/// # Errors
/// The store failed.
pub(crate) async fn forget_all(cx: &mut Cx<'_>, organization_id: &str) -> Result<()> {
    for creation in all(cx, organization_id).await? {
        cx.delete(name(organization_id, &creation.id))?;
    }
    Ok(())
}

/// Whether an address keeps AWS's rules beyond the model's pattern.
fn is_email(email: &str) -> bool {
    const FORBIDDEN: &str = "\"'()<>[]:;,\\|%&";
    let Some((local, domain)) = email.split_once('@') else { return false };
    let of_domain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    email.is_ascii()
        && !local.is_empty()
        && !local.starts_with('.')
        && !local.contains(|c: char| c.is_whitespace() || FORBIDDEN.contains(c))
        && domain.chars().all(of_domain)
        && !domain.starts_with(['-', '.'])
        && !domain.ends_with(['-', '.'])
        && domain.contains('.')
}

fn run_creation<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(create(cx, task))
}

fn run_forgetting<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(forget(cx, task))
}

async fn of_task(reads: &mut Reads<'_>, task: &Task) -> Result<Option<(Arc<Organization>, Arc<Creation>)>> {
    let malformed = || Error::invariant("a task without a request to make an account");
    let (organization_id, id) = task.subject.split_once('/').ok_or_else(malformed)?;
    let Some(creation) = find(reads, organization_id, id).await? else { return Ok(None) };
    let organization = Organization::find(&mut reads.records(), organization_id).await?;
    Ok(organization.map(|organization| (organization, creation)))
}

async fn create(cx: &mut Cx<'_>, task: &Task) -> Result<Option<Effect>> {
    let Some((organization, creation)) = of_task(cx, task).await? else { return Ok(None) };
    let outcome = make(cx, &organization, &creation).await?;
    let done = Creation { completed: Some(cx.now()), outcome, ..Creation::clone(&creation) };
    cx.schedule(self::task(FORGET, &done, cx.now() + KEPT))?;
    let effect = effect(&organization, &done);
    cx.put(name(&done.organization_id, &done.id), done)?;
    Ok(Some(effect))
}

async fn make(cx: &mut Cx<'_>, organization: &Organization, creation: &Creation) -> Result<Outcome> {
    if !is_email(&creation.email) {
        return Ok(Outcome::EmailInvalid);
    }
    if membership::account_of_email(cx, &creation.email).await?.is_some() {
        return Ok(Outcome::EmailTaken);
    }
    let members = target::members(cx, organization).await?.len();
    if cx.quota(&quota::ACCOUNTS).is_some_and(|most| target::count(members) >= most) {
        return Ok(Outcome::TooManyAccounts);
    }
    let account = new_account_id(cx).await?;
    membership::put_email(cx, &creation.email, account)?;
    let made = Account {
        account,
        name: creation.name.clone(),
        email: creation.email.clone(),
        status: AccountStatus::Active,
        membership: None,
        tags: Vec::new(),
        created: Some(cx.now()),
    };
    membership::join(cx, organization, made, creation.tags.clone(), Joined::Created).await?;
    role::make_access(cx, account, &creation.role_name, organization.management_account)?;
    if organization.all_features {
        role::make_service_linked(cx, account).await?;
    }
    Ok(Outcome::Made(account))
}

async fn new_account_id(cx: &mut Cx<'_>) -> Result<AccountId> {
    for _ in 0..ID_ATTEMPTS_MAX {
        let account = id::account(cx.entropy())?;
        let mut records = cx.records();
        let is_free = Account::find(&mut records, account).await?.is_none()
            && records.administrator_account().await? != Some(account);
        if is_free {
            return Ok(account);
        }
    }
    Err(Error::invariant("no account id is free"))
}

async fn forget(cx: &mut Cx<'_>, task: &Task) -> Result<Option<Effect>> {
    let Some((organization, creation)) = of_task(cx, task).await? else { return Ok(None) };
    cx.delete(name(&creation.organization_id, &creation.id))?;
    Ok(Some(effect(&organization, &creation)))
}

fn effect(organization: &Organization, creation: &Creation) -> Effect {
    let shown = creation.shown();
    let arn = match creation.outcome {
        Outcome::Made(account) => arn::account(organization, account),
        _ => arn::organization(organization),
    };
    let details = json!({ "createAccountStatus": {
        "id": shown.id,
        "state": shown.state.map(CreateAccountState::as_str),
        "accountId": shown.account_id,
        "failureReason": shown.failure_reason.map(CreateAccountFailureReason::as_str),
    }});
    let account = organization.management_account;
    Effect { resource: Resource { arn, account, kind: kind::ACCOUNT.to_owned() }, details: Some(details) }
}

fn task(kind: &str, creation: &Creation, at: Timestamp) -> Task {
    let service = alcazar_api_organizations::SERVICE.name.to_owned();
    let subject = format!("{}/{}", creation.organization_id, creation.id);
    Task { at, service, kind: kind.to_owned(), subject }
}

fn name(organization_id: &str, id: &str) -> Name {
    Name::table(CREATIONS).part(organization_id).part(id).name()
}

fn names(organization_id: &str) -> NameRange {
    Name::table(CREATIONS).part(organization_id).range()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_the_rules_of_aws() {
        for good in ["a@b.co", "first.last+tag@sub.example-1.org"] {
            assert!(is_email(good), "{good}");
        }
        for bad in
            ["a@b", ".a@b.co", "a@@b.co", "a b@c.de", "a@-b.co", "a@b.co.", "a%b@c.de", "ä@b.co", "a@b_c.de"]
        {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
