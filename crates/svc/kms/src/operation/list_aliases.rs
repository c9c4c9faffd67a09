//! `ListAliases`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html>

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::AliasListEntry;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::alias::{self, Alias};
use crate::target::{Accepts, Target};
use crate::{access, page};

/// Lists the account's aliases in the region, or those of one key.
pub struct ListAliases;

const ACTION: &str = "kms:ListAliases";

impl Operation for ListAliases {
    type Api = api::ListAliases;
    type Target = Option<Target>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListAliasesRequest) -> Result<Option<Target>> {
        match &input.key_id {
            Some(key_id) => Ok(Some(Target::find(reads, key_id, Accepts::Keys).await?)),
            None => Ok(None),
        }
    }

    fn access(call: &CallInfo, _: &api::ListAliasesRequest, _: &Option<Target>) -> Access {
        Access::any(call, ACTION)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListAliasesRequest,
        target: Allowed<Option<Target>>,
    ) -> Result<api::ListAliasesResponse> {
        let (account, region) = (cx.account(), cx.region().clone());
        let range = match &*target {
            Some(target) => {
                access::own_account(cx.call(), ACTION, target)?;
                alias::aliases_of_key(&region, &target.key.key_id)
            }
            None => alias::aliases(account, &region),
        };
        let asked = page::asked(input.marker.as_deref(), input.limit, 50, 100);
        let page = page::read::<Alias>(cx, &range, asked).await?;
        let entry = |alias: &Alias| AliasListEntry {
            alias_name: Some(alias.alias_name.clone()),
            alias_arn: Some(alias::alias_arn(&region, account, &alias.alias_name)),
            target_key_id: Some(alias.target_key_id.clone()),
            creation_date: Some(alias.created),
            last_updated_date: Some(alias.updated),
        };
        let mut aliases: Vec<_> = page.items.iter().map(|alias| entry(alias)).collect();
        aliases.sort_by(|one, other| one.alias_name.cmp(&other.alias_name));
        Ok(api::ListAliasesResponse {
            aliases: Some(aliases.into()),
            truncated: Some(page.next_token.is_some()),
            next_marker: page.next_token,
        })
    }
}
