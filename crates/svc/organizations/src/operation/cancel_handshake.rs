//! `CancelHandshake`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CancelHandshake.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::handshake::{self, Sought, State};

/// Takes back what a handshake asks.
pub struct CancelHandshake;

impl Operation for CancelHandshake {
    type Api = api::CancelHandshake;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CancelHandshakeRequest) -> Result<Sought> {
        Sought::find(reads, &input.handshake_id).await
    }

    fn access(call: &CallInfo, _: &api::CancelHandshakeRequest, target: &Sought) -> Access {
        Access::one(target.check(call, "organizations:CancelHandshake"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::CancelHandshakeRequest,
        target: Allowed<Sought>,
    ) -> Result<api::CancelHandshakeResponse> {
        let mut canceled = target.of_sender()?;
        handshake::end(cx, &mut canceled, State::Canceled)?;
        handshake::cancel_children(cx, &canceled).await?;
        Ok(api::CancelHandshakeResponse { handshake: Some(handshake::shown(&canceled)) })
    }
}
