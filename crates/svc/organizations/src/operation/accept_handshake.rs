//! `AcceptHandshake`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_AcceptHandshake.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::account::Account;
use alcazar_identity::organization::Organization;

use crate::handshake::{self, Action, Handshake, Sought, State};
use crate::membership::Joined;
use crate::place::{Audience, Place};
use crate::{access, error, membership, role};

/// Says yes to what a handshake asks, and does it.
pub struct AcceptHandshake;

/// The handshake, the caller's place before, and whether its account lacks the service-linked role.
pub struct Target {
    sought: Sought,
    place: Place,
    needs_role: bool,
}

impl Operation for AcceptHandshake {
    type Api = api::AcceptHandshake;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::AcceptHandshakeRequest) -> Result<Target> {
        let sought = Sought::find(reads, &input.handshake_id).await?;
        let place = Place::find(reads).await?;
        let needs_role = !role::has_service_linked(reads, place.account()).await?;
        Ok(Target { sought, place, needs_role })
    }

    fn access(call: &CallInfo, _: &api::AcceptHandshakeRequest, target: &Target) -> Access {
        let mut checks = vec![target.sought.check(call, "organizations:AcceptHandshake")];
        let found = target.sought.found();
        if found.is_some_and(|handshake| handshake.action == Action::Invite) {
            // Whoever may not leave its organization may not go over to another one either.
            if target.place.found().is_some() {
                let action = "organizations:LeaveOrganization";
                checks.push(target.place.organization_check(call, action, Audience::Members));
            }
            if target.needs_role {
                checks.push(access::service_linked_role(call, role::service_linked_arn(call.account())));
            }
        }
        Access { checks }
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::AcceptHandshakeRequest,
        target: Allowed<Target>,
    ) -> Result<api::AcceptHandshakeResponse> {
        let mut accepted = target.sought.of_recipient()?;
        // The members have to answer before the management account does.
        if accepted.state == State::Requested {
            return Err(error::handshake::invalid_transition().into());
        }
        handshake::end(cx, &mut accepted, State::Accepted)?;
        let asking = Organization::find(&mut cx.records(), &accepted.organization_id).await?;
        let asking = asking.ok_or_else(error::handshake::invalid_transition)?;
        match accepted.action {
            Action::Invite => join(cx, &asking, &accepted, &target.place).await?,
            Action::ApproveAllFeatures => handshake::open_when_approved(cx, &asking).await?,
            Action::EnableAllFeatures => handshake::finish(cx, &asking)?,
        }
        Ok(api::AcceptHandshakeResponse { handshake: Some(handshake::shown(&accepted)) })
    }
}

async fn join(
    cx: &mut Cx<'_>,
    organization: &Organization,
    invitation: &Handshake,
    place: &Place,
) -> Result<()> {
    let mut account = place.record().map(|record| Account::clone(record));
    if let (Some(before), Some(record)) = (place.found(), place.record()) {
        if before.id == organization.id {
            return Err(error::handshake::already_in_an_organization().into());
        }
        membership::leave(cx, before, record).await?;
        account = account.map(|account| Account { membership: None, ..account });
    }
    if !handshake::has_room_for_account(cx, organization).await? {
        return Err(error::handshake::too_many_accounts().into());
    }
    let account = account.unwrap_or_else(|| membership::unknown(place.account()));
    membership::put_email(cx, &account.email, account.account)?;
    membership::join(cx, organization, account, invitation.tags.clone(), Joined::Invited).await?;
    role::make_service_linked(cx, place.account()).await
}
