//! Handshakes as answers have them, and which of them a list shows.

use std::sync::Arc;

use alcazar_api_organizations::types::{
    Handshake as Shown, HandshakeFilter, HandshakeParty, HandshakePartyType, HandshakeResource,
    HandshakeResourceType as Kind, OrganizationFeatureSet,
};
use alcazar_engine::{Reads, Result};
use alcazar_shape::convert::List;

use super::recipient::Recipient;
use super::record::{Action, Handshake};
use crate::error;
use crate::page::{self, Asked};

/// A handshake.
#[must_use]
pub(crate) fn shown(handshake: &Handshake) -> Shown {
    Shown {
        id: Some(handshake.id.clone()),
        arn: Some(handshake.arn()),
        parties: Some(parties(handshake).into()),
        state: Some(handshake.state.shown()),
        requested_timestamp: Some(handshake.requested),
        expiration_timestamp: Some(handshake.expires),
        action: Some(handshake.action.shown()),
        resources: Some(resources(handshake).into()),
    }
}

fn parties(handshake: &Handshake) -> Vec<HandshakeParty> {
    let party = |id: &str, r#type| HandshakeParty { id: id.to_owned().into(), r#type };
    let mut parties = vec![party(&handshake.organization_id, HandshakePartyType::Organization)];
    match &handshake.recipient {
        _ if handshake.action == Action::EnableAllFeatures => {}
        Recipient::Account(account) => parties.push(party(account.as_str(), HandshakePartyType::Account)),
        Recipient::Email(email) => parties.push(party(email, HandshakePartyType::Email)),
    }
    parties
}

fn resources(handshake: &Handshake) -> Vec<HandshakeResource> {
    let mut organization = resource(Kind::Organization, &handshake.organization_id);
    if handshake.action == Action::EnableAllFeatures {
        return vec![organization];
    }
    let features = if handshake.all_features {
        OrganizationFeatureSet::All
    } else {
        OrganizationFeatureSet::ConsolidatedBilling
    };
    let about = vec![
        resource(Kind::MasterEmail, &handshake.management_email),
        resource(Kind::MasterName, &handshake.management_name),
        resource(Kind::OrganizationFeatureSet, features.as_str()),
    ];
    organization.resources = Some(about.into());
    let recipient = match &handshake.recipient {
        Recipient::Account(account) => resource(Kind::Account, account.as_str()),
        Recipient::Email(email) => resource(Kind::Email, email),
    };
    let parent = handshake.parent_id.iter().map(|parent| resource(Kind::ParentHandshake, parent));
    let notes = handshake.notes.iter().map(|notes| resource(Kind::Notes, notes));
    [organization, recipient].into_iter().chain(parent).chain(notes).collect()
}

fn resource(kind: Kind, value: &str) -> HandshakeResource {
    HandshakeResource { value: Some(value.to_owned().into()), r#type: Some(kind), resources: None }
}

/// What a list of handshakes answers: its page of those that the filter lets through, and the next token.
///
/// # Errors
/// The filter has two conditions, or the token is none that a page of this list ended with.
pub(crate) fn filtered(
    reads: &Reads<'_>,
    list: &str,
    asked: Asked<'_>,
    filter: Option<&HandshakeFilter>,
    mut handshakes: Vec<Arc<Handshake>>,
) -> Result<(Option<List<Shown>>, Option<String>)> {
    if let Some(HandshakeFilter { action_type, parent_handshake_id }) = filter {
        if action_type.is_some() && parent_handshake_id.is_some() {
            return Err(error::input::too_many_filters().into());
        }
        handshakes.retain(|handshake| {
            action_type.is_none_or(|action| handshake.action.shown() == action)
                && (parent_handshake_id.is_none() || handshake.parent_id == *parent_handshake_id)
        });
    }
    let place =
        |handshake: &Arc<Handshake>| format!("{:020} {}", handshake.requested.as_millis(), handshake.id);
    let page = page::of(reads, list, asked, handshakes, place)?;
    let (handshakes, _, next_token) = page.into_parts(|handshake| shown(&handshake));
    Ok((Some(handshakes), next_token))
}
