//! `DeleteAlias`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteAlias.html>

use std::sync::Arc;

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::access;
use crate::alias::{self, Alias};
use crate::target::{Accepts, Target};

/// Takes a name from a key. The key stays.
pub struct DeleteAlias;

/// The alias and its key.
pub struct Named {
    alias: Arc<Alias>,
    key: Target,
}

const ACTION: &str = "kms:DeleteAlias";

impl Operation for DeleteAlias {
    type Api = api::DeleteAlias;
    type Target = Named;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteAliasRequest) -> Result<Named> {
        alias::check_name(&input.alias_name)?;
        let alias = alias::find(reads, &input.alias_name).await?;
        let key = Target::find(reads, &alias.target_key_id, Accepts::Keys).await?;
        Ok(Named { alias, key })
    }

    fn access(call: &CallInfo, input: &api::DeleteAliasRequest, named: &Named) -> Access {
        let arn = alias::alias_arn(&call.region, call.account(), &input.alias_name);
        Access {
            checks: vec![
                access::alias_check(call, ACTION, arn, call.account()),
                access::key_check(call, ACTION, &named.key),
            ],
        }
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteAliasRequest,
        named: Allowed<Named>,
    ) -> Result<Output<Self>> {
        let (account, region) = (cx.account(), cx.region().clone());
        alias::delete(cx, account, &region, &named.alias)?;
        Ok(Output::<Self>::default())
    }
}
