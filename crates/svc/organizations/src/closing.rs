//! What becomes of a closed account: after 90 days it is no member of its organization any more.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_close.html>

use std::time::Duration;

use alcazar_engine::audit::Resource;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::schedule::{Effect, Task, TaskHandler};
use alcazar_engine::{Cx, Error, Result};
use alcazar_identity::account::{Account, AccountStatus};
use alcazar_identity::organization::Organization;

use crate::access::kind;
use crate::{arn, membership, target};

const REMOVE: &str = "remove_closed_account";

/// How long a closed account stays in its organization.
const STAYS: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// What Organizations does when an account's time is over.
pub(crate) const TASK: TaskHandler = TaskHandler { kind: REMOVE, event_name: "CloseAccountResult", run };

/// Has an account that was closed just now leave the organization when its time is over.
///
/// # Errors
/// The store failed.
pub(crate) fn schedule(cx: &mut Cx<'_>, organization: &Organization, account: &Account) -> Result<()> {
    let service = alcazar_api_organizations::SERVICE.name.to_owned();
    let subject = format!("{}/{}", organization.id, account.account);
    cx.schedule(Task { at: cx.now() + STAYS, service, kind: REMOVE.to_owned(), subject })
}

fn run<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(remove(cx, task))
}

async fn remove(cx: &mut Cx<'_>, task: &Task) -> Result<Option<Effect>> {
    let malformed = || Error::invariant("a task without a closed account");
    let (organization_id, account) = task.subject.split_once('/').ok_or_else(malformed)?;
    let account = account.parse().map_err(|_| malformed())?;
    let found = Organization::find(&mut cx.records(), organization_id).await?;
    let Some(organization) = found else { return Ok(None) };
    let found = target::member(cx, &organization, account).await?;
    let Some(closed) = found.filter(|found| found.status == AccountStatus::Suspended) else {
        return Ok(None);
    };
    membership::remove(cx, &organization, &closed)?;
    let resource = Resource {
        arn: arn::account(&organization, account),
        account: organization.management_account,
        kind: kind::ACCOUNT.to_owned(),
    };
    Ok(Some(resource.into()))
}
