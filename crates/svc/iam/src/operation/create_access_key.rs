//! `CreateAccessKey`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html>

use alcazar_api_iam::{operation as api, types};
use alcazar_engine::credentials::{AccessKey, Owner, access_key_name};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::access_key::RootKeys;
use crate::named::Holder;
use crate::whom::Whom;
use crate::{error, quota};

/// Makes an access key for a user; without a name, for the caller.
pub struct CreateAccessKey;

impl Operation for CreateAccessKey {
    type Api = api::CreateAccessKey;
    type Target = Whom;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CreateAccessKeyRequest) -> Result<Whom> {
        Whom::find(reads, input.user_name.as_deref()).await
    }

    fn access(call: &CallInfo, _: &api::CreateAccessKeyRequest, target: &Whom) -> Access {
        Access::one(target.check(call, "iam:CreateAccessKey"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::CreateAccessKeyRequest,
        target: Allowed<Whom>,
    ) -> Result<api::CreateAccessKeyResponse> {
        let account = cx.account();
        let (access_key_id, secret) = cx.new_access_key(account)?;
        let (owner, user_name) = match target.user() {
            Some(named) => {
                let mut user = named.to_changed()?;
                must_have_room(cx, user.access_keys.len())?;
                user.access_keys.push(access_key_id.clone());
                let (owner, name) = (user.owner(), user.name.clone());
                user.put(cx)?;
                (owner, name)
            }
            None => {
                let mut keys = RootKeys::of(cx, account).await?;
                must_have_room(cx, keys.access_key_ids.len())?;
                keys.access_key_ids.push(access_key_id.clone());
                keys.put(cx, account)?;
                (Owner::AccountRoot, String::new())
            }
        };
        let key = AccessKey::new(access_key_id, account, owner, secret, cx.now());
        let answer = types::AccessKey {
            user_name,
            access_key_id: key.access_key_id.clone(),
            status: types::StatusType::Active,
            secret_access_key: key.secret.clone(),
            create_date: Some(key.created),
        };
        cx.note_name("AWS::IAM::AccessKey", &key.access_key_id);
        cx.put(access_key_name(&key.access_key_id), key)?;
        Ok(api::CreateAccessKeyResponse { access_key: answer })
    }
}

fn must_have_room(cx: &Cx<'_>, keys: usize) -> Result<()> {
    match cx.quota(&quota::ACCESS_KEYS_PER_USER) {
        Some(most) if keys as u64 >= most => Err(error::quota_exceeded("AccessKeysPerUser", most).into()),
        _ => Ok(()),
    }
}
