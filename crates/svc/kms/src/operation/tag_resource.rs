//! `TagResource`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::access;
use crate::target::{Accepts, Target};
use crate::{key, tag};

/// Puts tags on a key.
pub struct TagResource;

const ACTION: &str = "kms:TagResource";

impl Operation for TagResource {
    type Api = api::TagResource;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::TagResourceRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, input: &api::TagResourceRequest, target: &Target) -> Access {
        let mut check = access::key_check(call, ACTION, target);
        check.context.add_request_tags(tag::pairs(&input.tags));
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::TagResourceRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        target.not_pending_deletion()?;
        let mut changed = target.key.to_changed();
        changed.tags = tag::merge(cx, &target.key.tags, tag::read(&input.tags)?)?;
        key::put(cx, changed)?;
        Ok(Output::<Self>::default())
    }
}
