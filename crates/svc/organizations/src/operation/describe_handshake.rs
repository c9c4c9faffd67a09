//! `DescribeHandshake`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeHandshake.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::handshake::{self, Sought};

/// Tells one of its parties of a handshake.
pub struct DescribeHandshake;

impl Operation for DescribeHandshake {
    type Api = api::DescribeHandshake;
    type Target = Sought;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DescribeHandshakeRequest) -> Result<Sought> {
        Sought::find(reads, &input.handshake_id).await
    }

    fn access(call: &CallInfo, _: &api::DescribeHandshakeRequest, target: &Sought) -> Access {
        Access::one(target.check(call, "organizations:DescribeHandshake"))
    }

    async fn run(
        _: &mut Cx<'_>,
        _: &api::DescribeHandshakeRequest,
        target: Allowed<Sought>,
    ) -> Result<api::DescribeHandshakeResponse> {
        let handshake = target.of_party()?;
        Ok(api::DescribeHandshakeResponse { handshake: Some(handshake::shown(handshake)) })
    }
}
