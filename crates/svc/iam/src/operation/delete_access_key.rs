//! `DeleteAccessKey`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::credentials::access_key_name;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::access_key::{self, RootKeys};
use crate::named::Holder;
use crate::whom::Whom;

/// Deletes an access key.
pub struct DeleteAccessKey;

impl Operation for DeleteAccessKey {
    type Api = api::DeleteAccessKey;
    type Target = Whom;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteAccessKeyRequest) -> Result<Whom> {
        Whom::find(reads, input.user_name.as_deref()).await
    }

    fn access(call: &CallInfo, _: &api::DeleteAccessKeyRequest, target: &Whom) -> Access {
        Access::one(target.check(call, "iam:DeleteAccessKey"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DeleteAccessKeyRequest,
        target: Allowed<Whom>,
    ) -> Result<Output<Self>> {
        let key = access_key::find(cx, &target, &input.access_key_id).await?;
        match target.user() {
            Some(named) => {
                let mut user = named.to_changed()?;
                user.access_keys.retain(|id| *id != key.access_key_id);
                user.put(cx)?;
            }
            None => {
                let account = cx.account();
                let mut keys = RootKeys::of(cx, account).await?;
                keys.access_key_ids.retain(|id| *id != key.access_key_id);
                keys.put(cx, account)?;
            }
        }
        cx.delete(access_key_name(&key.access_key_id))?;
        Ok(Output::<Self>::default())
    }
}
