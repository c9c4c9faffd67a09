//! `InviteAccountToOrganization`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_InviteAccountToOrganization.html>

use alcazar_api_organizations::operation as api;
use alcazar_api_organizations::types::HandshakePartyType;
use alcazar_base::AccountId;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_shape::ApiError;

use crate::access::{self, kind};
use crate::handshake::{self, Action, Recipient};
use crate::place::{Audience, Place};
use crate::{arn, error, membership, quota, tag, target as tree};

/// Invites an account to join the organization.
pub struct InviteAccountToOrganization;

/// The caller's place, and who is invited.
pub struct Target {
    place: Place,
    recipient: Result<Recipient, ApiError>,
    account: Option<AccountId>,
}

impl Operation for InviteAccountToOrganization {
    type Api = api::InviteAccountToOrganization;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::InviteAccountToOrganizationRequest,
    ) -> Result<Target> {
        let place = Place::find(reads).await?;
        let recipient = read_recipient(input);
        let account = match &recipient {
            Ok(Recipient::Account(account)) => Some(*account),
            Ok(Recipient::Email(email)) => membership::account_of_email(reads, email).await?,
            Err(_) => None,
        };
        Ok(Target { place, recipient, account })
    }

    fn access(call: &CallInfo, input: &api::InviteAccountToOrganizationRequest, target: &Target) -> Access {
        let resource = |organization: &_| match target.account {
            Some(account) => arn::account(organization, account),
            None => arn::any_account(organization),
        };
        let new = |action| target.place.check(call, action, Audience::Management, kind::ACCOUNT, resource);
        let check = new("organizations:InviteAccountToOrganization");
        access::creation(check, new, tag::pairs(input.tags.as_deref()))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::InviteAccountToOrganizationRequest,
        target: Allowed<Target>,
    ) -> Result<api::InviteAccountToOrganizationResponse> {
        let Target { place, recipient, account } = target.into_inner();
        let organization = place.organization(Audience::Management)?;
        let recipient = recipient?;
        let tags = tag::read(input.tags.as_deref())?;
        if let Some(account) = account {
            if !cx.account_exists(account).await? {
                return Err(error::account_not_found().into());
            }
            if tree::member(cx, organization, account).await?.is_some() {
                return Err(error::handshake::already_in_an_organization().into());
            }
        }
        if handshake::is_asking(cx, &organization.id).await? {
            return Err(error::handshake::no_invitations_now().into());
        }
        if handshake::is_invited(cx, &organization.id, &recipient, account).await? {
            return Err(error::handshake::duplicate().into());
        }
        let today = handshake::sent_today(cx, &organization.id).await?;
        if cx.quota(&quota::INVITATIONS_PER_DAY).is_some_and(|most| tree::count(today) >= most) {
            return Err(error::handshake::too_many_in_a_day().into());
        }
        if !handshake::has_room_for_account(cx, organization).await? {
            return Err(error::handshake::too_many_accounts().into());
        }
        let mut invitation = handshake::open_new(cx, organization, Action::Invite, recipient).await?;
        invitation.notes = input.notes.as_ref().map(|notes| notes.expose().to_owned());
        invitation.tags = tags;
        handshake::put(cx, &invitation)?;
        let handshake = Some(handshake::shown(&invitation));
        Ok(api::InviteAccountToOrganizationResponse { handshake })
    }
}

fn read_recipient(input: &api::InviteAccountToOrganizationRequest) -> Result<Recipient, ApiError> {
    let id = input.target.id.expose();
    match input.target.r#type {
        HandshakePartyType::Account => {
            id.parse().map(Recipient::Account).map_err(|_| error::input::party_account())
        }
        HandshakePartyType::Email if id.contains('@') => Ok(Recipient::Email(id.to_ascii_lowercase())),
        HandshakePartyType::Email => Err(error::input::party_email()),
        HandshakePartyType::Organization => Err(error::input::party_type()),
    }
}
