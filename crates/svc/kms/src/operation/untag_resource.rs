//! `UntagResource`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_UntagResource.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::access;
use crate::target::{Accepts, Target};
use crate::{key, tag, usage};

/// Takes tags off a key.
pub struct UntagResource;

const ACTION: &str = "kms:UntagResource";

impl Operation for UntagResource {
    type Api = api::UntagResource;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UntagResourceRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, input: &api::UntagResourceRequest, target: &Target) -> Access {
        let mut check = access::key_check(call, ACTION, target);
        check.context.add_tag_keys(input.tag_keys.iter());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UntagResourceRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        target.not_pending_deletion()?;
        for key in input.tag_keys.iter() {
            tag::check_key(key)?;
        }
        let mut changed = target.key.to_changed();
        changed.tags.retain(|tag| !input.tag_keys.contains(&tag.key));
        key::put(cx, changed)?;
        usage::changed(cx, &target.key);
        Ok(Output::<Self>::default())
    }
}
