//! `CreateConnection`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::connection::credentials::{Given, Kind};
use crate::connection::parameter::Parameters;
use crate::connection::{self, Connection, NamedConnection, State};
use crate::{error, id};

/// Makes a connection.
pub struct CreateConnection;

impl Operation for CreateConnection {
    type Api = api::CreateConnection;
    type Target = NamedConnection;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedConnection> {
        NamedConnection::find(reads, &input.name).await
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &NamedConnection) -> Access {
        Access::one(target.check("events:CreateConnection"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &Input<Self>,
        target: Allowed<NamedConnection>,
    ) -> Result<Output<Self>> {
        let given = &input.auth_parameters;
        let (invocation, token) = (&input.invocation_connectivity_parameters, &given.connectivity_parameters);
        connection::check_public([invocation, token])?;
        if target.found.is_some() {
            return Err(error::connection::exists(&input.name).into());
        }
        let kind = Kind::from(input.authorization_type);
        let credentials = Given::of_new(given)?.onto(kind, None)?;
        let parameters = given.invocation_http_parameters.as_ref().map(Parameters::read).transpose()?;
        let mut connection = Connection {
            account: cx.account(),
            region: cx.region().clone(),
            name: input.name.clone(),
            id: id::new(cx)?,
            description: input.description.clone(),
            secret: connection::new_secret(cx)?,
            kms_key: input.kms_key_identifier.clone(),
            kind,
            credentials: Some(credentials),
            parameters,
            state: State::Deauthorized,
            reason: None,
            created: cx.now(),
            modified: cx.now(),
            authorized: None,
        };
        connection.authorize(cx)?;
        let answer = api::CreateConnectionResponse {
            connection_arn: Some(connection.arn()),
            connection_state: Some(connection.state.into()),
            creation_time: Some(connection.created),
            last_modified_time: Some(connection.modified),
        };
        connection::put_new(cx, connection).await?;
        Ok(answer)
    }
}
