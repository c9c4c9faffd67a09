//! `RegisterDelegatedAdministrator`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_RegisterDelegatedAdministrator.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::account::{Account, AccountStatus};
use alcazar_identity::organization::DelegatedAdministrator;

use crate::access::{self, kind};
use crate::place::Audience;
use crate::target::{self as tree, Sought};
use crate::{error, quota, trusted};

/// Lets a member account do some of the management account's work for a service.
pub struct RegisterDelegatedAdministrator;

impl Operation for RegisterDelegatedAdministrator {
    type Api = api::RegisterDelegatedAdministrator;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::RegisterDelegatedAdministratorRequest,
    ) -> Result<Sought> {
        Sought::find(reads, &input.account_id).await
    }

    fn access(
        call: &CallInfo,
        input: &api::RegisterDelegatedAdministratorRequest,
        target: &Sought,
    ) -> Access {
        let action = "organizations:RegisterDelegatedAdministrator";
        let mut check = target.check(call, action, Audience::Management, kind::ACCOUNT);
        access::add_service_principal(&mut check, &input.service_principal);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::RegisterDelegatedAdministratorRequest,
        target: Allowed<Sought>,
    ) -> Result<Output<Self>> {
        let organization = target.place.organization(Audience::Management)?;
        if !organization.all_features {
            return Err(error::constraint::not_all_features().into());
        }
        let &Account { account, status, .. } = target.account()?;
        if account == organization.management_account {
            return Err(error::constraint::cannot_register_management_account().into());
        }
        if status == AccountStatus::Suspended {
            return Err(error::constraint::cannot_register_closed_account().into());
        }
        trusted::check(&input.service_principal)?;
        let mut trusted = organization.trusted_services.iter();
        if !trusted.any(|one| one.service_principal == input.service_principal) {
            return Err(error::constraint::service_access_not_enabled().into());
        }
        let of_service = |one: &&DelegatedAdministrator| one.service_principal == input.service_principal;
        let registered: Vec<_> = organization.delegated_administrators.iter().filter(of_service).collect();
        if registered.iter().any(|one| one.account == account) {
            return Err(error::account_already_registered().into());
        }
        let most = cx.quota(&quota::ADMINISTRATORS_PER_SERVICE);
        if most.is_some_and(|most| tree::count(registered.len()) >= most) {
            return Err(error::constraint::too_many_administrators().into());
        }
        let mut changed = organization.as_ref().clone();
        changed.delegated_administrators.push(DelegatedAdministrator {
            account,
            service_principal: input.service_principal.clone(),
            enabled: cx.now(),
        });
        tree::put_organization(cx, changed)?;
        Ok(Output::<Self>::default())
    }
}
