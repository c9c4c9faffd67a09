//! The engine's port [`Identities`] on the records.

use alcazar_base::{AccountId, Arn};
use alcazar_engine::port::BoxFuture;
use alcazar_engine::{AccountStanding, Caller, Identities, Records, Result, Standing};

use crate::account::Account;
use crate::entity;
use crate::entity::PolicyHolder;
use crate::role::Role;
use crate::standing;
use crate::user::User;

/// Who there is, by the records.
#[derive(Debug, Clone, Copy, Default)]
pub struct Directory;

impl Identities for Directory {
    fn standing<'a>(
        &'a self,
        records: &'a mut Records<'_>,
        caller: &'a Caller,
    ) -> BoxFuture<'a, Result<Option<Standing>>> {
        Box::pin(standing::of_caller(records, caller))
    }

    fn account_standing<'a>(
        &'a self,
        records: &'a mut Records<'_>,
        account: AccountId,
    ) -> BoxFuture<'a, Result<AccountStanding>> {
        Box::pin(standing::of_account(records, account))
    }

    fn account_exists<'a>(
        &'a self,
        records: &'a mut Records<'_>,
        account: AccountId,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(account_exists(records, account))
    }

    fn unique_id<'a>(
        &'a self,
        records: &'a mut Records<'_>,
        arn: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>>> {
        Box::pin(unique_id(records, arn))
    }

    fn principal_exists<'a>(
        &'a self,
        records: &'a mut Records<'_>,
        arn: &'a str,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(principal_exists(records, arn))
    }
}

async fn account_exists(records: &mut Records<'_>, account: AccountId) -> Result<bool> {
    if records.every_account_exists() || Account::find(records, account).await?.is_some() {
        return Ok(true);
    }
    Ok(records.administrator_account().await? == Some(account))
}

async fn unique_id(records: &mut Records<'_>, text: &str) -> Result<Option<String>> {
    let Ok(arn) = text.parse::<Arn>() else { return Ok(None) };
    let Ok(account) = arn.account.parse() else { return Ok(None) };
    let name = entity::name_of(&arn.resource);
    match (arn.service.as_str(), arn.resource.split('/').next()) {
        ("iam", Some("user")) => {
            let user = User::find(records, account, name).await?;
            Ok(user.filter(|user| user.arn() == text).map(|user| user.user_id.clone()))
        }
        ("iam", Some("role")) => {
            let role = Role::find(records, account, name).await?;
            Ok(role.filter(|role| role.arn() == text).map(|role| role.role_id.clone()))
        }
        _ => Ok(None),
    }
}

async fn principal_exists(records: &mut Records<'_>, arn: &str) -> Result<bool> {
    let Ok(arn) = arn.parse::<Arn>() else { return Ok(false) };
    let Ok(account) = arn.account.parse() else { return Ok(false) };
    if !account_exists(records, account).await? {
        return Ok(false);
    }
    let Some((kind, path_and_name)) = arn.resource.split_once('/') else {
        return Ok(arn.resource == "root");
    };
    match (arn.service.as_str(), kind) {
        ("iam", "user" | "role") => Ok(unique_id(records, &arn.to_string()).await?.is_some()),
        ("sts", "assumed-role") => {
            let role = path_and_name.split('/').next().unwrap_or_default();
            Ok(Role::find(records, account, role).await?.is_some())
        }
        ("sts", "federated-user") => Ok(true),
        _ => Ok(false),
    }
}
