//! `UpdateAccessKey`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html>

use alcazar_api_iam::{operation as api, types};
use alcazar_engine::credentials::{AccessKeyStatus, access_key_name};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::whom::Whom;
use crate::{access_key, error};

/// Activates an access key, or makes it inactive.
pub struct UpdateAccessKey;

impl Operation for UpdateAccessKey {
    type Api = api::UpdateAccessKey;
    type Target = Whom;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UpdateAccessKeyRequest) -> Result<Whom> {
        Whom::find(reads, input.user_name.as_deref()).await
    }

    fn access(call: &CallInfo, _: &api::UpdateAccessKeyRequest, target: &Whom) -> Access {
        Access::one(target.check(call, "iam:UpdateAccessKey"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdateAccessKeyRequest,
        target: Allowed<Whom>,
    ) -> Result<Output<Self>> {
        let key = access_key::find(cx, &target, &input.access_key_id).await?;
        let status = match input.status {
            types::StatusType::Active => AccessKeyStatus::Active,
            types::StatusType::Inactive => AccessKeyStatus::Inactive,
            types::StatusType::Expired => return Err(error::status_cannot_be_set("Expired").into()),
        };
        cx.put(access_key_name(&key.access_key_id), key.with_status(status))?;
        Ok(Output::<Self>::default())
    }
}
