//! `DecodeAuthorizationMessage`:
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html>

use alcazar_api_sts::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::{caller, error};

/// Tells what a denial was about, of the encoded message that its caller was told.
pub struct DecodeAuthorizationMessage;

impl Operation for DecodeAuthorizationMessage {
    type Api = api::DecodeAuthorizationMessage;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(caller::must_not_have_token(&reads.call().caller, "DecodeAuthorizationMessage")?)
    }

    fn access(call: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::any(call, "sts:DecodeAuthorizationMessage")
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        let decoded = cx.decoded_authorization_message(&input.encoded_message);
        let decoded = decoded.ok_or_else(error::invalid_authorization_message)?;
        Ok(api::DecodeAuthorizationMessageResponse { decoded_message: Some(decoded) })
    }
}
