//! `DeregisterDelegatedAdministrator`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeregisterDelegatedAdministrator.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::access::{self, kind};
use crate::place::Audience;
use crate::target::{self as tree, Sought};
use crate::{error, trusted};

/// Takes from a member account what it was delegated for a service.
pub struct DeregisterDelegatedAdministrator;

impl Operation for DeregisterDelegatedAdministrator {
    type Api = api::DeregisterDelegatedAdministrator;
    type Target = Sought;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::DeregisterDelegatedAdministratorRequest,
    ) -> Result<Sought> {
        Sought::find(reads, &input.account_id).await
    }

    fn access(
        call: &CallInfo,
        input: &api::DeregisterDelegatedAdministratorRequest,
        target: &Sought,
    ) -> Access {
        let action = "organizations:DeregisterDelegatedAdministrator";
        let mut check = target.check(call, action, Audience::Management, kind::ACCOUNT);
        access::add_service_principal(&mut check, &input.service_principal);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DeregisterDelegatedAdministratorRequest,
        target: Allowed<Sought>,
    ) -> Result<Output<Self>> {
        let organization = target.place.organization(Audience::Management)?;
        let account = target.account()?.account;
        if account == organization.management_account {
            return Err(error::constraint::cannot_register_management_account().into());
        }
        trusted::check(&input.service_principal)?;
        let mut changed = organization.as_ref().clone();
        let before = changed.delegated_administrators.len();
        changed
            .delegated_administrators
            .retain(|one| one.account != account || one.service_principal != input.service_principal);
        if changed.delegated_administrators.len() == before {
            return Err(error::account_not_registered().into());
        }
        tree::put_organization(cx, changed)?;
        Ok(Output::<Self>::default())
    }
}
