//! `DescribeConnection`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeConnection.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::connection::NamedConnection;

/// Tells of a connection all but its secrets.
pub struct DescribeConnection;

impl Operation for DescribeConnection {
    type Api = api::DescribeConnection;
    type Target = NamedConnection;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedConnection> {
        NamedConnection::find(reads, &input.name).await
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &NamedConnection) -> Access {
        Access::one(target.check("events:DescribeConnection"))
    }

    async fn run(_: &mut Cx<'_>, _: &Input<Self>, target: Allowed<NamedConnection>) -> Result<Output<Self>> {
        let connection = target.connection()?;
        Ok(api::DescribeConnectionResponse {
            connection_arn: Some(connection.arn()),
            name: Some(connection.name.clone()),
            description: connection.description.clone(),
            invocation_connectivity_parameters: None,
            connection_state: Some(connection.state.into()),
            state_reason: connection.reason.clone(),
            authorization_type: Some(connection.kind.into()),
            secret_arn: Some(connection.secret_arn()),
            kms_key_identifier: connection.kms_key.clone(),
            auth_parameters: Some(connection.shown()),
            creation_time: Some(connection.created),
            last_modified_time: Some(connection.modified),
            last_authorized_time: connection.authorized,
        })
    }
}
