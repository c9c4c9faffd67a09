//! The record of a handshake, and finding it.

use std::sync::Arc;
use std::time::Duration;

use alcazar_api_organizations::types::{ActionType, HandshakeState};
use alcazar_base::{AccountId, Timestamp};
use alcazar_engine::{Cx, Name, Reads, Result};
use alcazar_identity::organization::Organization;
use alcazar_identity::tag::Tag;
use minicbor::{Decode, Encode};

use super::recipient::Recipient;
use super::tasks;
use crate::{arn, id, page};

const HANDSHAKES: &str = "organizations.handshake";
const OF_ORGANIZATION: &str = "organizations.handshake_of_organization";

/// How long an invitation awaits its answer.
const INVITATION: Duration = Duration::from_secs(15 * 24 * 60 * 60);
/// How long the question about all features awaits its answers.
const FEATURES: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// A handshake. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Handshake {
    /// Its id.
    #[n(0)]
    pub id: String,
    /// The organization that asks.
    #[n(1)]
    pub organization_id: String,
    /// The organization's management account.
    #[n(2)]
    pub management_account: AccountId,
    /// What it asks.
    #[n(3)]
    pub action: Action,
    /// How far it is.
    #[n(4)]
    pub state: State,
    /// When it was sent.
    #[n(5)]
    pub requested: Timestamp,
    /// When it ends without an answer.
    #[n(6)]
    pub expires: Timestamp,
    /// Whom it asks.
    #[n(7)]
    pub recipient: Recipient,
    /// What the sender wrote.
    #[n(8)]
    pub notes: Option<String>,
    /// The tags that the account gets when it joins.
    #[n(9)]
    pub tags: Vec<Tag>,
    /// The handshake that it is a part of.
    #[n(10)]
    pub parent_id: Option<String>,
    /// The e-mail address of the management account.
    #[n(11)]
    pub management_email: String,
    /// The name of the management account.
    #[n(12)]
    pub management_name: String,
    /// Whether the organization had all features.
    #[n(13)]
    pub all_features: bool,
}

/// What a handshake asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Action {
    /// An account to join.
    #[n(0)]
    Invite,
    /// The management account to enable all features, once the members have approved.
    #[n(1)]
    EnableAllFeatures,
    /// A member that was invited to approve of all features.
    #[n(2)]
    ApproveAllFeatures,
}

/// How far a handshake is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) enum State {
    /// Others have to answer before.
    #[n(0)]
    Requested,
    /// It awaits the recipient's answer.
    #[n(1)]
    Open,
    /// The sender took it back.
    #[n(2)]
    Canceled,
    /// The recipient said yes.
    #[n(3)]
    Accepted,
    /// The recipient said no.
    #[n(4)]
    Declined,
    /// Nobody answered in time.
    #[n(5)]
    Expired,
}

/// Where a list names a handshake.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(super) struct Pointer {
    /// Its id.
    #[n(0)]
    pub handshake_id: String,
}

impl Action {
    /// As answers have it.
    #[must_use]
    pub(crate) fn shown(self) -> ActionType {
        match self {
            Self::Invite => ActionType::Invite,
            Self::EnableAllFeatures => ActionType::EnableAllFeatures,
            Self::ApproveAllFeatures => ActionType::ApproveAllFeatures,
        }
    }

    fn lasts(self) -> Duration {
        match self {
            Self::Invite => INVITATION,
            Self::EnableAllFeatures | Self::ApproveAllFeatures => FEATURES,
        }
    }
}

impl State {
    /// Whether it has not ended.
    #[must_use]
    pub(crate) fn is_pending(self) -> bool {
        matches!(self, Self::Requested | Self::Open)
    }

    /// As answers have it.
    #[must_use]
    pub(crate) fn shown(self) -> HandshakeState {
        match self {
            Self::Requested => HandshakeState::Requested,
            Self::Open => HandshakeState::Open,
            Self::Canceled => HandshakeState::Canceled,
            Self::Accepted => HandshakeState::Accepted,
            Self::Declined => HandshakeState::Declined,
            Self::Expired => HandshakeState::Expired,
        }
    }
}

impl Handshake {
    /// Its ARN.
    #[must_use]
    pub(crate) fn arn(&self) -> String {
        let action = self.action.shown().as_str();
        arn::handshake(self.management_account, &self.organization_id, action, &self.id)
    }
}

/// A new handshake of an organization, in its lists and with its expiry; the caller writes it.
///
/// # Errors
/// The store failed.
pub(crate) async fn open_new(
    cx: &mut Cx<'_>,
    organization: &Organization,
    action: Action,
    recipient: Recipient,
) -> Result<Handshake> {
    use alcazar_identity::account::Account;
    let management = Account::find(&mut cx.records(), organization.management_account).await?;
    let (management_email, management_name) =
        management.map(|account| (account.email.clone(), account.name.clone())).unwrap_or_default();
    let handshake = Handshake {
        id: id::handshake(cx.entropy())?,
        organization_id: organization.id.clone(),
        management_account: organization.management_account,
        action,
        state: State::Open,
        requested: cx.now(),
        expires: cx.now() + action.lasts(),
        recipient,
        notes: None,
        tags: Vec::new(),
        parent_id: None,
        management_email,
        management_name,
        all_features: organization.all_features,
    };
    let pointer = Pointer { handshake_id: handshake.id.clone() };
    for name in pointer_names(cx, &handshake) {
        cx.put(name, pointer.clone())?;
    }
    cx.schedule(tasks::expiry(&handshake))?;
    Ok(handshake)
}

/// Writes a handshake.
///
/// # Errors
/// The store failed.
pub(crate) fn put(cx: &mut Cx<'_>, handshake: &Handshake) -> Result<()> {
    cx.put(name(&handshake.id), handshake.clone())
}

/// Deletes a handshake, out of its lists too.
///
/// # Errors
/// The store failed.
pub(super) fn delete(cx: &mut Cx<'_>, handshake: &Handshake) -> Result<()> {
    for name in pointer_names(cx, handshake) {
        cx.delete(name)?;
    }
    cx.delete(name(&handshake.id))
}

/// The handshake of an id.
///
/// # Errors
/// The store failed.
pub(crate) async fn find(reads: &mut Reads<'_>, id: &str) -> Result<Option<Arc<Handshake>>> {
    reads.get(&name(id)).await
}

/// All handshakes of an organization.
///
/// # Errors
/// The store failed.
pub(crate) async fn of_organization(
    reads: &mut Reads<'_>,
    organization_id: &str,
) -> Result<Vec<Arc<Handshake>>> {
    let range = Name::table(OF_ORGANIZATION).part(organization_id).range();
    let mut found = Vec::new();
    for pointer in page::all::<Pointer>(reads, &range).await? {
        found.extend(find(reads, &pointer.handshake_id).await?);
    }
    Ok(found)
}

fn name(id: &str) -> Name {
    Name::table(HANDSHAKES).part(id).name()
}

fn pointer_names(cx: &Cx<'_>, handshake: &Handshake) -> [Name; 2] {
    let of_organization = Name::table(OF_ORGANIZATION).part(&handshake.organization_id).part(&handshake.id);
    [of_organization.name(), handshake.recipient.pointer_name(&cx.keyring(), &handshake.id)]
}
