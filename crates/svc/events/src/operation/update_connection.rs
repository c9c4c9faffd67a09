//! `UpdateConnection`: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateConnection.html>

use alcazar_api_events::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::connection::credentials::{Given, Kind};
use crate::connection::parameter::Parameters;
use crate::connection::{self, Connection, NamedConnection};

/// Changes a connection. What is not given stays; where it proves who calls with something else, it is authorized anew.
pub struct UpdateConnection;

impl Operation for UpdateConnection {
    type Api = api::UpdateConnection;
    type Target = NamedConnection;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<NamedConnection> {
        NamedConnection::find(reads, &input.name).await
    }

    fn access(_: &CallInfo, _: &Input<Self>, target: &NamedConnection) -> Access {
        Access::one(target.check("events:UpdateConnection"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &Input<Self>,
        target: Allowed<NamedConnection>,
    ) -> Result<Output<Self>> {
        let given = input.auth_parameters.as_ref();
        let token = given.and_then(|given| given.connectivity_parameters.clone());
        connection::check_public([&input.invocation_connectivity_parameters, &token])?;
        let mut changed = Connection::clone(target.connection()?);
        if let Some(description) = &input.description {
            changed.description = Some(description.clone());
        }
        if let Some(key) = &input.kms_key_identifier {
            changed.kms_key = Some(key.clone()).filter(|key| !key.is_empty());
        }
        if let Some(parameters) = given.and_then(|given| given.invocation_http_parameters.as_ref()) {
            changed.parameters = Some(Parameters::read(parameters)?);
            cx.destroys()?;
        }
        let kind = input.authorization_type.map_or(changed.kind, Kind::from);
        let proof = given.map(Given::of_change).transpose()?.unwrap_or_default();
        if kind != changed.kind || !proof.is_empty() {
            changed.credentials = Some(proof.onto(kind, changed.credentials.as_ref())?);
            changed.kind = kind;
            changed.authorize(cx)?;
            cx.destroys()?;
        }
        changed.modified = cx.now();
        let answer = api::UpdateConnectionResponse {
            connection_arn: Some(changed.arn()),
            connection_state: Some(changed.state.into()),
            creation_time: Some(changed.created),
            last_modified_time: Some(changed.modified),
            last_authorized_time: changed.authorized,
        };
        connection::put(cx, changed)?;
        Ok(answer)
    }
}
