//! `ListAccessKeys`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html>

use std::sync::Arc;

use alcazar_api_iam::{operation as api, types};
use alcazar_engine::credentials::{AccessKey, AccessKeyStatus, access_key_name};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::whom::Whom;
use crate::{access_key, page};

/// Lists the access keys of a user, without their secrets.
pub struct ListAccessKeys;

impl Operation for ListAccessKeys {
    type Api = api::ListAccessKeys;
    type Target = Whom;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListAccessKeysRequest) -> Result<Whom> {
        Whom::find(reads, input.user_name.as_deref()).await
    }

    fn access(call: &CallInfo, _: &api::ListAccessKeysRequest, target: &Whom) -> Access {
        Access::one(target.check(call, "iam:ListAccessKeys"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListAccessKeysRequest,
        target: Allowed<Whom>,
    ) -> Result<api::ListAccessKeysResponse> {
        let mut keys = Vec::new();
        for id in access_key::ids(cx, &target).await? {
            keys.extend(cx.get::<AccessKey>(&access_key_name(&id)).await?);
        }
        let user_name =
            target.user().map(|named| named.existing().map(|user| user.name.clone())).transpose()?;
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let place = |key: &Arc<AccessKey>| format!("{:020} {}", key.created.as_millis(), key.access_key_id);
        let list = format!("access keys of {}", target.id(cx.account())?);
        let page = page::of(cx, &list, asked, keys, place)?;
        let (access_key_metadata, is_truncated, marker) = page.into_parts(|key| types::AccessKeyMetadata {
            user_name: user_name.clone(),
            access_key_id: Some(key.access_key_id.clone()),
            status: Some(match key.status() {
                AccessKeyStatus::Active => types::StatusType::Active,
                AccessKeyStatus::Inactive => types::StatusType::Inactive,
            }),
            create_date: Some(key.created),
        });
        Ok(api::ListAccessKeysResponse { access_key_metadata, is_truncated, marker })
    }
}
