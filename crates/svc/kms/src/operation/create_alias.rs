//! `CreateAlias`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::alias::{self, Alias};
use crate::target::{Accepts, Target};
use crate::{access, error, quota, usage};

/// Gives a key a name.
pub struct CreateAlias;

const ACTION: &str = "kms:CreateAlias";

impl Operation for CreateAlias {
    type Api = api::CreateAlias;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CreateAliasRequest) -> Result<Target> {
        alias::check_name(&input.alias_name)?;
        Target::find(reads, &input.target_key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, input: &api::CreateAliasRequest, target: &Target) -> Access {
        let arn = alias::alias_arn(&call.region, call.account(), &input.alias_name);
        Access {
            checks: vec![
                access::alias_check(call, ACTION, arn, call.account()),
                access::key_check(call, ACTION, target),
            ],
        }
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateAliasRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        target.not_pending_deletion()?;
        let (account, region) = (cx.account(), cx.region().clone());
        let name = alias::alias_name(&cx.keyring(), account, &region, &input.alias_name);
        if cx.get::<Alias>(&name).await?.is_some() {
            let arn = alias::alias_arn(&region, account, &input.alias_name);
            return Err(error::alias_exists(&arn).into());
        }
        room_for_alias(cx, &target, &input.alias_name).await?;
        let now = cx.now();
        let alias = Alias {
            alias_name: input.alias_name.clone(),
            target_key_id: target.key.key_id.clone(),
            created: now,
            updated: now,
        };
        alias::put(cx, account, &region, &alias)?;
        usage::changed(cx, &target.key);
        Ok(Output::<Self>::default())
    }
}

/// Passes if the key may have one more alias.
pub(super) async fn room_for_alias(cx: &mut Cx<'_>, target: &Target, alias: &str) -> Result<()> {
    let Some(most) = cx.quota(&quota::ALIASES_PER_KEY) else { return Ok(()) };
    let (region, key_id) = (&target.key.region, &target.key.key_id);
    let name = alias::alias_of_key_name(&cx.keyring(), region, key_id, alias);
    let room = cx.room_for(&name, &alias::aliases_of_key(region, key_id), most).await?;
    Ok(room.map_err(error::quota::aliases_per_key)?)
}
