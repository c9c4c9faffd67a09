//! `ListConnections`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListConnections.html>

use alcazar_api_events::operation as api;
use alcazar_api_events::types::{self, ConnectionState};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::connection::{self, Connection};
use crate::page;

/// Lists connections.
pub struct ListConnections;

impl Operation for ListConnections {
    type Api = api::ListConnections;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::any(call, "events:ListConnections")
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        let mut connections = connection::all(cx).await?;
        connections.retain(|connection| {
            connection.name.starts_with(input.name_prefix.as_deref().unwrap_or_default())
                && input.connection_state.is_none_or(|state| ConnectionState::from(connection.state) == state)
        });
        let list = format!("events.connections/{}/{}", cx.account(), cx.region());
        let asked = page::asked(input.next_token.as_deref(), input.limit);
        let page = page::of(cx, &list, asked, connections, |connection| connection.name.clone())?;
        let connections: Vec<_> = page.items.iter().map(|connection| shown(connection)).collect();
        Ok(api::ListConnectionsResponse {
            connections: Some(connections.into()),
            next_token: page.next_token,
        })
    }
}

fn shown(connection: &Connection) -> types::Connection {
    types::Connection {
        connection_arn: Some(connection.arn()),
        name: Some(connection.name.clone()),
        connection_state: Some(connection.state.into()),
        state_reason: connection.reason.clone(),
        authorization_type: Some(connection.kind.into()),
        creation_time: Some(connection.created),
        last_modified_time: Some(connection.modified),
        last_authorized_time: connection.authorized,
    }
}
