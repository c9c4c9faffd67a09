//! API destinations as targets.

use alcazar_engine::{Cx, Result};

use crate::api_destination::request::{Making, outcome};
use crate::api_destination::turn::Turns;
use crate::api_destination::{self, ApiDestination};
use crate::connection::credentials::Kind;
use crate::connection::{self, Connection, State, authorization};
use crate::failure::{Failure, Outcome, Wait};
use crate::sending::Sending;
use crate::{access, role};

/// Sends a request to the destination, if the target's role may and it is the request's turn.
pub(super) async fn send(
    cx: &mut Cx<'_>,
    arn: &str,
    name: &str,
    sending: &Sending<'_>,
) -> Result<Outcome<()>> {
    let found = api_destination::find_by_arn(cx, arn).await?;
    let found = found.filter(|destination| destination.account == sending.rule.account);
    let Some(destination) = found else {
        let message = format!("An api-destination '{name}' does not exist.");
        return Ok(Err(Failure::lasting("NO_RESOURCE", message)));
    };
    let attempt = (sending.delivery_id.to_owned(), sending.attempts);
    let turns = cx.state::<Turns>();
    if let Err(at) = turns.take(&destination.arn(), destination.rate(), cx.now(), attempt) {
        let message = "The invocation rate limit of the API destination is reached.";
        return Ok(Err(Failure { wait: Some(Wait::Turn(at)), ..Failure::passing("THROTTLING", message) }));
    }
    if let Err(failure) = permitted(cx, &destination, sending).await? {
        return Ok(Err(failure));
    }
    let found = connection::find_by_arn(cx, &destination.connection_arn).await?;
    let Some(connection) = found.filter(|connection| connection.state == State::Authorized) else {
        let message = "The connection of the API destination is not authorized.";
        return Ok(Err(Failure::passing("SDK_CLIENT_ERROR", message)));
    };
    invoke(cx, &destination, &connection, sending).await
}

/// Whether the target's role may send requests to the destination.
async fn permitted(
    cx: &mut Cx<'_>,
    destination: &ApiDestination,
    sending: &Sending<'_>,
) -> Result<Outcome<()>> {
    let Some(role_arn) = &sending.target.role_arn else {
        return Ok(Err(Failure::lasting("NO_PERMISSIONS", "The target has no role.")));
    };
    let caller = match role::assume(cx, sending, role_arn).await? {
        Ok(caller) => caller,
        Err(failure) => return Ok(Err(failure)),
    };
    let permitted = cx.permits(caller, access::PRINCIPAL, api_destination::invocation(destination)).await?;
    Ok(permitted.map_err(|message| Failure::lasting("NO_PERMISSIONS", message)))
}

async fn invoke(
    cx: &mut Cx<'_>,
    destination: &ApiDestination,
    connection: &Connection,
    sending: &Sending<'_>,
) -> Result<Outcome<()>> {
    let token = if connection.kind == Kind::OAuth {
        match authorization::token(cx, connection).await? {
            Ok(token) => Some(token),
            Err(failure) => return Ok(Err(failure)),
        }
    } else {
        None
    };
    let body = match sending.body() {
        Ok(body) => body,
        Err(failure) => return Ok(Err(failure)),
    };
    let making = Making {
        destination,
        connection,
        token: token.as_ref(),
        http: sending.target.http.as_ref(),
        event: &sending.dispatch.event,
        body,
    };
    let request = match making.request() {
        Ok(request) => request,
        Err(failure) => return Ok(Err(failure)),
    };
    let answered = cx.ask(request).await;
    let is_refused = answered.as_ref().is_ok_and(|answer| matches!(answer.status, 401 | 407));
    if is_refused && token.is_some() {
        // The next attempt asks for another one.
        authorization::forget(cx, connection)?;
    }
    Ok(outcome(answered, cx.now()))
}
