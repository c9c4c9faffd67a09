//! `DeclineHandshake`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeclineHandshake.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::handshake::{self, Sought, State};

/// Says no to what a handshake asks.
pub struct DeclineHandshake;

impl Operation for DeclineHandshake {
    type Api = api::DeclineHandshake;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeclineHandshakeRequest) -> Result<Sought> {
        Sought::find(reads, &input.handshake_id).await
    }

    fn access(call: &CallInfo, _: &api::DeclineHandshakeRequest, target: &Sought) -> Access {
        Access::one(target.check(call, "organizations:DeclineHandshake"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeclineHandshakeRequest,
        target: Allowed<Sought>,
    ) -> Result<api::DeclineHandshakeResponse> {
        let mut declined = target.of_recipient()?;
        handshake::end(cx, &mut declined, State::Declined)?;
        handshake::cancel_children(cx, &declined).await?;
        Ok(api::DeclineHandshakeResponse { handshake: Some(handshake::shown(&declined)) })
    }
}
