//! `ListHandshakesForAccount`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListHandshakesForAccount.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::{access, handshake, page};

/// Lists the handshakes that are for the caller's account.
pub struct ListHandshakesForAccount;

impl Operation for ListHandshakesForAccount {
    type Api = api::ListHandshakesForAccount;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::ListHandshakesForAccountRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::ListHandshakesForAccountRequest, (): &()) -> Access {
        Access::one(access::check(call, "organizations:ListHandshakesForAccount", "*".to_owned(), ""))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListHandshakesForAccountRequest,
        _: Allowed<()>,
    ) -> Result<api::ListHandshakesForAccountResponse> {
        let received = handshake::of_recipient(cx).await?;
        let asked = page::asked(input.next_token.as_deref(), input.max_results);
        let list = format!("handshakes for {}", cx.account());
        let (handshakes, next_token) =
            handshake::filtered(cx, &list, asked, input.filter.as_ref(), received)?;
        Ok(api::ListHandshakesForAccountResponse { handshakes, next_token })
    }
}
