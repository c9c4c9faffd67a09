//! `DeleteConnection`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteConnection.html>

use alcazar_api_events::operation as api;
use alcazar_api_events::types::ConnectionState;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::connection::{self, NamedConnection};

/// Deletes a connection. API destinations that use it are inactive from then on.
pub struct DeleteConnection;

impl Operation for DeleteConnection {
    type Api = api::DeleteConnection;
    type Target = NamedConnection;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedConnection> {
        NamedConnection::find(reads, &input.name).await
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &NamedConnection) -> Access {
        Access::one(target.check("events:DeleteConnection"))
    }

    async fn run(cx: &mut Cx<'_>, _: &Input<Self>, target: Allowed<NamedConnection>) -> Result<Output<Self>> {
        let connection = target.connection()?;
        connection::delete(cx, connection)?;
        Ok(api::DeleteConnectionResponse {
            connection_arn: Some(connection.arn()),
            connection_state: Some(ConnectionState::Deleting),
            creation_time: Some(connection.created),
            last_modified_time: Some(connection.modified),
            last_authorized_time: connection.authorized,
        })
    }
}
