//! Handshakes: an organization asks, an account answers.
//!
//! What always holds: a handshake that awaits an answer has a task that lets it expire; one that has ended has a task
//! that forgets it, [`KEPT`] later. Each stands in the lists of its organization and of its recipient.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Handshake.html>

mod features;
mod recipient;
mod record;
mod shown;
mod tasks;

pub(crate) use features::{ask, cancel_children, finish, is_asking, member_left, open_when_approved};
pub(crate) use recipient::{Recipient, is_for, of_recipient};
pub(crate) use record::{Action, Handshake, State, find, of_organization, open_new, put};
pub(crate) use shown::{filtered, shown};
pub(crate) use tasks::TASKS;

use std::time::Duration;

use alcazar_base::AccountId;
use alcazar_engine::{CallInfo, Check, Cx, Reads, Result};
use alcazar_identity::organization::Organization;
use alcazar_shape::ApiError;

use crate::access::{self, kind};
use crate::{creation, error, quota, target};

/// How long an ended handshake is still shown.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A handshake that a request names, and whether the caller's account sent or received it.
#[derive(Debug)]
pub struct Sought {
    found: Option<std::sync::Arc<Handshake>>,
    is_sender: bool,
    is_recipient: bool,
}

impl Sought {
    /// The one of an id.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, id: &str) -> Result<Self> {
        let found = find(reads, id).await?;
        let (mut is_sender, mut is_recipient) = (false, false);
        if let Some(handshake) = &found {
            is_sender = handshake.management_account == reads.account();
            is_recipient = is_for(reads, handshake).await?;
        }
        Ok(Self { found, is_sender, is_recipient })
    }

    /// The question whether the caller may do `action` on it.
    #[must_use]
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        let arn = self.found.as_ref().map_or_else(|| "*".to_owned(), |handshake| handshake.arn());
        access::check(call, action, arn, kind::HANDSHAKE)
    }

    /// The handshake, if there is one: for what is asked beside its own permission.
    #[must_use]
    pub(crate) fn found(&self) -> Option<&Handshake> {
        self.found.as_deref()
    }

    /// The handshake, for one of its parties.
    ///
    /// # Errors
    /// There is none, or the caller's account is no party.
    pub(crate) fn of_party(&self) -> Result<&Handshake, ApiError> {
        let is_party = self.is_sender || self.is_recipient;
        self.found.as_deref().filter(|_| is_party).ok_or_else(error::handshake::not_found)
    }

    /// The handshake, for its recipient, to be changed.
    ///
    /// # Errors
    /// There is none, or the caller's account is not its recipient.
    pub(crate) fn of_recipient(&self) -> Result<Handshake, ApiError> {
        let handshake = self.of_party()?;
        if self.is_recipient { Ok(handshake.clone()) } else { Err(error::access_denied()) }
    }

    /// The handshake, for its sender, to be changed.
    ///
    /// # Errors
    /// There is none, or the caller's account is not its sender.
    pub(crate) fn of_sender(&self) -> Result<Handshake, ApiError> {
        let handshake = self.of_party()?;
        if self.is_sender { Ok(handshake.clone()) } else { Err(error::access_denied()) }
    }
}

/// Ends a handshake that awaits an answer, and writes it.
///
/// # Errors
/// It has ended already, or the store failed.
pub(crate) fn end(cx: &mut Cx<'_>, handshake: &mut Handshake, state: State) -> Result<()> {
    if handshake.state == state {
        return Err(error::handshake::already_in_state().into());
    }
    if !handshake.state.is_pending() {
        return Err(error::handshake::invalid_transition().into());
    }
    cx.unschedule(&tasks::expiry(handshake))?;
    handshake.state = state;
    cx.schedule(tasks::forgetting(handshake, cx.now() + KEPT))?;
    put(cx, handshake)
}

/// Cancels what an organization still asks, since it is no more.
///
/// # Errors
/// The store failed.
pub(crate) async fn cancel_all(cx: &mut Cx<'_>, organization_id: &str) -> Result<()> {
    for handshake in of_organization(cx, organization_id).await? {
        if handshake.state.is_pending() {
            end(cx, &mut Handshake::clone(&handshake), State::Canceled)?;
        }
    }
    Ok(())
}

/// The invitations of an organization that await an answer.
///
/// # Errors
/// The store failed.
async fn open_invitations(reads: &mut Reads<'_>, organization_id: &str) -> Result<usize> {
    let sent = of_organization(reads, organization_id).await?;
    let is_open = |handshake: &Handshake| handshake.action == Action::Invite && handshake.state.is_pending();
    Ok(sent.iter().filter(|handshake| is_open(handshake)).count())
}

/// Whether the organization may have another account beside those that it has, that are being made, and that are
/// invited.
///
/// # Errors
/// The store failed.
pub(crate) async fn has_room_for_account(reads: &mut Reads<'_>, organization: &Organization) -> Result<bool> {
    let Some(most) = reads.quota(&quota::ACCOUNTS) else { return Ok(true) };
    let members = target::members(reads, organization).await?.len();
    let in_creation = creation::in_progress(reads, &organization.id).await?;
    let invited = open_invitations(reads, &organization.id).await?;
    Ok(target::count(members + in_creation + invited) < most)
}

/// How many invitations the organization sent within a day.
///
/// # Errors
/// The store failed.
pub(crate) async fn sent_today(reads: &mut Reads<'_>, organization_id: &str) -> Result<usize> {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let (sent, now) = (of_organization(reads, organization_id).await?, reads.now());
    let is_recent =
        |handshake: &Handshake| handshake.action == Action::Invite && now - handshake.requested < DAY;
    Ok(sent.iter().filter(|handshake| is_recent(handshake)).count())
}

/// Whether an account was invited already and has not answered.
///
/// # Errors
/// The store failed.
pub(crate) async fn is_invited(
    reads: &mut Reads<'_>,
    organization_id: &str,
    recipient: &Recipient,
    account: Option<AccountId>,
) -> Result<bool> {
    let sent = of_organization(reads, organization_id).await?;
    let is_same = |handshake: &Handshake| match (&handshake.recipient, account) {
        (Recipient::Account(invited), Some(account)) => *invited == account,
        (invited, _) => invited == recipient,
    };
    Ok(sent.iter().any(|handshake| {
        handshake.action == Action::Invite && handshake.state.is_pending() && is_same(handshake)
    }))
}
