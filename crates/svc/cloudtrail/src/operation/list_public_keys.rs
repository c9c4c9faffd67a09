//! `ListPublicKeys`: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html>

use alcazar_api_cloudtrail::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::digest_key::DigestKey;
use crate::error;

/// Lists the keys whose private parts signed digests in a time.
pub struct ListPublicKeys;

impl Operation for ListPublicKeys {
    type Api = api::ListPublicKeys;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::ListPublicKeysRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::ListPublicKeysRequest, _: &()) -> Access {
        Access::any(call, "cloudtrail:ListPublicKeys")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListPublicKeysRequest,
        _: Allowed<()>,
    ) -> Result<Output<Self>> {
        let (account, now) = (cx.account(), cx.now());
        if input.next_token.as_ref().is_some_and(|token| !token.is_empty()) {
            return Err(error::reserved_token().into());
        }
        let (start, end) = (input.start_time.unwrap_or(now), input.end_time.unwrap_or(now));
        if start > end {
            return Err(error::time_range().into());
        }
        if start <= now && now <= end {
            DigestKey::current(cx, account).await?;
        }
        let keys = DigestKey::between(cx, account, start, end).await?;
        let shown: Vec<_> = keys.iter().map(|key| key.shown()).collect();
        Ok(Output::<Self> { public_key_list: Some(shown.into()), next_token: None })
    }
}
