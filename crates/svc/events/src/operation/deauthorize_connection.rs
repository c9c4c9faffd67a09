//! `DeauthorizeConnection`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeauthorizeConnection.html>

use alcazar_api_events::operation as api;
use alcazar_api_events::types::ConnectionState;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::connection::{self, Connection, NamedConnection, State, authorization};

/// Takes from a connection what it proves with who calls, so that it can be given something else.
pub struct DeauthorizeConnection;

impl Operation for DeauthorizeConnection {
    type Api = api::DeauthorizeConnection;
    type Target = NamedConnection;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedConnection> {
        NamedConnection::find(reads, &input.name).await
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &NamedConnection) -> Access {
        Access::one(target.check("events:DeauthorizeConnection"))
    }

    async fn run(cx: &mut Cx<'_>, _: &Input<Self>, target: Allowed<NamedConnection>) -> Result<Output<Self>> {
        let connection = target.connection()?;
        authorization::forget(cx, connection)?;
        cx.destroys()?;
        let changed = Connection {
            credentials: None,
            parameters: None,
            state: State::Deauthorized,
            reason: None,
            modified: cx.now(),
            ..Connection::clone(connection)
        };
        let answer = api::DeauthorizeConnectionResponse {
            connection_arn: Some(changed.arn()),
            // It is over when this is told.
            connection_state: Some(ConnectionState::Deauthorizing),
            creation_time: Some(changed.created),
            last_modified_time: Some(changed.modified),
            last_authorized_time: changed.authorized,
        };
        connection::put(cx, changed)?;
        Ok(answer)
    }
}
