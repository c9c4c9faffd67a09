//! `GetAccessKeyLastUsed`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html>

use alcazar_api_iam::{operation as api, types};
use alcazar_engine::credentials::{AccessKey, Owner, access_key_name};
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Operation, Reads, Result};
use alcazar_identity::entity;
use alcazar_identity::user::User;

use crate::named::{Holder, Named};
use crate::{access, error};

/// Tells when an access key of the account was last used, and for what.
pub struct GetAccessKeyLastUsed;

const ACTION: &str = "iam:GetAccessKeyLastUsed";

/// What stands for the service and region of a key that was never used.
const NEVER: &str = "N/A";

/// Whose the key is.
pub enum Target {
    /// A user's.
    User(Named<User>),
    /// The root user's.
    Root,
    /// Nobody's in this account.
    Nobody,
}

impl Operation for GetAccessKeyLastUsed {
    type Api = api::GetAccessKeyLastUsed;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetAccessKeyLastUsedRequest) -> Result<Target> {
        let account = reads.account();
        let key = reads.get::<AccessKey>(&access_key_name(&input.access_key_id)).await?;
        let Some(key) = key.filter(|key| key.account == account) else { return Ok(Target::Nobody) };
        Ok(match &key.owner {
            Owner::AccountRoot => Target::Root,
            Owner::User { path_and_name, .. } => {
                Target::User(Named::find(reads, entity::name_of(path_and_name)).await?)
            }
        })
    }

    fn access(call: &CallInfo, input: &api::GetAccessKeyLastUsedRequest, target: &Target) -> Access {
        Access::one(match target {
            Target::User(named) => named.check(call, ACTION),
            Target::Root => {
                let arn = format!("arn:aws:iam::{}:root", call.account());
                access::check(call, ACTION, arn, User::TYPE)
            }
            Target::Nobody => Check {
                denial: Some(error::access_key_is_hidden(call.caller.arn(), &input.access_key_id)),
                ..access::check(call, ACTION, entity::arn(call.account(), "user", "/", "*"), User::TYPE)
            },
        })
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GetAccessKeyLastUsedRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetAccessKeyLastUsedResponse> {
        let user_name = match &*target {
            Target::User(named) => Some(named.existing()?.name.clone()),
            Target::Root => None,
            Target::Nobody => {
                return Err(error::access_key_is_hidden(cx.call().caller.arn(), &input.access_key_id).into());
            }
        };
        let last = cx.access_key_last_use(&input.access_key_id).await?;
        let access_key_last_used = Some(match last {
            Some(last) => types::AccessKeyLastUsed {
                last_used_date: Some(last.time),
                service_name: last.service.clone(),
                region: last.region.clone(),
            },
            None => types::AccessKeyLastUsed {
                last_used_date: None,
                service_name: NEVER.to_owned(),
                region: NEVER.to_owned(),
            },
        });
        Ok(api::GetAccessKeyLastUsedResponse { user_name, access_key_last_used })
    }
}
