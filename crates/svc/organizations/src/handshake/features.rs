//! Enabling all features: every member that was invited approves, then the management account finishes.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html>

use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_engine::{Cx, Reads, Result};
use alcazar_identity::account::AccountStatus;
use alcazar_identity::organization::{self, Organization};

use super::record::{Action, Handshake, State, of_organization, open_new, put};
use super::{Recipient, end};
use crate::target;

/// Whether the organization's members are being asked.
///
/// # Errors
/// The store failed.
pub(crate) async fn is_asking(reads: &mut Reads<'_>, organization_id: &str) -> Result<bool> {
    Ok(asking(reads, organization_id).await?.is_some())
}

async fn asking(reads: &mut Reads<'_>, organization_id: &str) -> Result<Option<Arc<Handshake>>> {
    let mut sent = of_organization(reads, organization_id).await?.into_iter();
    let is_it = |handshake: &Arc<Handshake>| {
        handshake.action == Action::EnableAllFeatures && handshake.state.is_pending()
    };
    Ok(sent.find(is_it))
}

/// Asks every member that was invited, and the management account.
///
/// # Errors
/// The store failed.
pub(crate) async fn ask(cx: &mut Cx<'_>, organization: &Organization) -> Result<Handshake> {
    let recipient = Recipient::Account(organization.management_account);
    let mut parent = open_new(cx, organization, Action::EnableAllFeatures, recipient).await?;
    for account in to_approve(cx, organization).await? {
        let recipient = Recipient::Account(account);
        let mut child = open_new(cx, organization, Action::ApproveAllFeatures, recipient).await?;
        child.parent_id = Some(parent.id.clone());
        put(cx, &child)?;
        parent.state = State::Requested;
    }
    put(cx, &parent)?;
    Ok(parent)
}

/// The members that were invited. Those that were made here belong to the organization anyhow.
async fn to_approve(reads: &mut Reads<'_>, organization: &Organization) -> Result<Vec<AccountId>> {
    let members = target::members(reads, organization).await?;
    let invited = members.iter().filter(|account| {
        let was_invited = account.membership.as_ref().is_some_and(|membership| !membership.was_created);
        was_invited
            && account.status == AccountStatus::Active
            && account.account != organization.management_account
    });
    Ok(invited.map(|account| account.account).collect())
}

/// Lets the management account finish, if every member that must approve has.
///
/// # Errors
/// The store failed.
pub(crate) async fn open_when_approved(cx: &mut Cx<'_>, organization: &Organization) -> Result<()> {
    let Some(parent) = asking(cx, &organization.id).await? else { return Ok(()) };
    if parent.state != State::Requested {
        return Ok(());
    }
    let approvals = children(cx, &parent).await?;
    let has_approved = |account: &AccountId| {
        approvals.iter().any(|approval| {
            approval.recipient == Recipient::Account(*account) && approval.state == State::Accepted
        })
    };
    if to_approve(cx, organization).await?.iter().all(has_approved) {
        put(cx, &Handshake { state: State::Open, ..Handshake::clone(&parent) })?;
    }
    Ok(())
}

/// What an account that has left the organization need not answer any more.
///
/// # Errors
/// The store failed.
pub(crate) async fn member_left(
    cx: &mut Cx<'_>,
    organization: &Organization,
    account: AccountId,
) -> Result<()> {
    for handshake in of_organization(cx, &organization.id).await? {
        let is_its = handshake.action == Action::ApproveAllFeatures
            && handshake.recipient == Recipient::Account(account);
        if is_its && handshake.state.is_pending() {
            end(cx, &mut Handshake::clone(&handshake), State::Canceled)?;
        }
    }
    open_when_approved(cx, organization).await
}

/// Enables all features.
///
/// # Errors
/// The store failed.
pub(crate) fn finish(cx: &mut Cx<'_>, organization: &Organization) -> Result<()> {
    let changed = Organization { all_features: true, ..organization.clone() };
    cx.put(organization::organization_name(&organization.id), changed)
}

/// Cancels what the members are still asked.
///
/// # Errors
/// The store failed.
pub(crate) async fn cancel_children(cx: &mut Cx<'_>, parent: &Handshake) -> Result<()> {
    for child in children(cx, parent).await? {
        if child.state.is_pending() {
            end(cx, &mut Handshake::clone(&child), State::Canceled)?;
        }
    }
    Ok(())
}

async fn children(reads: &mut Reads<'_>, parent: &Handshake) -> Result<Vec<Arc<Handshake>>> {
    let mut sent = of_organization(reads, &parent.organization_id).await?;
    sent.retain(|handshake| handshake.parent_id.as_ref() == Some(&parent.id));
    Ok(sent)
}
