//! `UpdateAlias`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html>

use std::sync::Arc;

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use super::create_alias::room_for_alias;
use crate::access;
use crate::alias::{self, Alias};
use crate::target::{Accepts, Target};
use crate::usage;

/// Points an alias at another key.
pub struct UpdateAlias;

/// What is changed: the alias, and the keys that it leaves and comes to.
pub struct Change {
    alias: Arc<Alias>,
    from: Target,
    to: Target,
}

const ACTION: &str = "kms:UpdateAlias";

impl Operation for UpdateAlias {
    type Api = api::UpdateAlias;
    type Target = Change;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UpdateAliasRequest) -> Result<Change> {
        alias::check_name(&input.alias_name)?;
        let alias = alias::find(reads, &input.alias_name).await?;
        let to = Target::find(reads, &input.target_key_id, Accepts::Keys).await?;
        let from = Target::find(reads, &alias.target_key_id, Accepts::Keys).await?;
        Ok(Change { alias, from, to })
    }

    fn access(call: &CallInfo, input: &api::UpdateAliasRequest, change: &Change) -> Access {
        let arn = alias::alias_arn(&call.region, call.account(), &input.alias_name);
        Access {
            checks: vec![
                access::alias_check(call, ACTION, arn, call.account()),
                access::key_check(call, ACTION, &change.from),
                access::key_check(call, ACTION, &change.to),
            ],
        }
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::UpdateAliasRequest,
        change: Allowed<Change>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &change.to)?;
        change.to.not_pending_deletion()?;
        let (account, region) = (cx.account(), cx.region().clone());
        if change.from.key.key_id != change.to.key.key_id {
            room_for_alias(cx, &change.to, &change.alias.alias_name).await?;
        }
        alias::delete(cx, account, &region, &change.alias)?;
        let moved = Alias {
            target_key_id: change.to.key.key_id.clone(),
            updated: cx.now(),
            ..change.alias.as_ref().clone()
        };
        alias::put(cx, account, &region, &moved)?;
        usage::changed(cx, &change.to.key);
        Ok(Output::<Self>::default())
    }
}
