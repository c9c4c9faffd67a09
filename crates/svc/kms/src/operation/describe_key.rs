//! `DescribeKey`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Output, Reads, Result};

use crate::access;
use crate::grant;
use crate::metadata;
use crate::target::{Accepts, Target};

/// Tells what is known of a key. An alias of a service's managed key makes that key.
pub struct DescribeKey;

const ACTION: &str = "kms:DescribeKey";

impl Operation for DescribeKey {
    type Api = api::DescribeKey;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DescribeKeyRequest) -> Result<Target> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        Target::find(reads, &input.key_id, Accepts::KeysAndAliases).await
    }

    fn access(call: &CallInfo, _: &api::DescribeKeyRequest, target: &Target) -> Access {
        access::key_access(call, ACTION, target)
    }

    async fn granted(
        reads: &mut Reads<'_>,
        _: &api::DescribeKeyRequest,
        target: &Target,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, target, check, None).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DescribeKeyRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        target.settle(cx)?;
        Ok(api::DescribeKeyResponse { key_metadata: Some(metadata::of(&target.key)) })
    }
}
