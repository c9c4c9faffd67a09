//! `CreateAccount`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Exception, Operation, Reads, Result};

use crate::creation::{self, Creation, Outcome};
use crate::place::{Audience, Place};
use crate::{access, arn, error, handshake, id, quota, role, tag, target as tree};

/// Has an account made in the organization.
pub struct CreateAccount;

impl Operation for CreateAccount {
    type Api = api::CreateAccount;
    type Target = Place;
    const READ_ONLY: bool = false;
    const RECORDED: &'static [Exception] = &[
        Exception::masked("email"),
        Exception::masked("accountName"),
        Exception::masked("createAccountStatus.accountName"),
    ];

    async fn resolve(reads: &mut Reads<'_>, _: &api::CreateAccountRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, input: &api::CreateAccountRequest, target: &Place) -> Access {
        let check = target.organization_check(call, "organizations:CreateAccount", Audience::Management);
        let new = |action| {
            target.check(call, action, Audience::Management, access::kind::ACCOUNT, arn::any_account)
        };
        access::creation(check, new, tag::pairs(input.tags.as_deref()))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateAccountRequest,
        target: Allowed<Place>,
    ) -> Result<api::CreateAccountResponse> {
        let organization = target.organization(Audience::Management)?;
        let role_name = input.role_name.as_deref().unwrap_or(role::ACCESS_ROLE_DEFAULT);
        if role_name.starts_with(role::RESERVED_PREFIX) {
            return Err(error::input::role_name().into());
        }
        let tags = tag::read(input.tags.as_deref())?;
        let in_progress = creation::in_progress(cx, &organization.id).await?;
        if cx.quota(&quota::ACCOUNTS_IN_CREATION).is_some_and(|most| tree::count(in_progress) >= most) {
            return Err(error::constraint::too_many_in_creation().into());
        }
        if !handshake::has_room_for_account(cx, organization).await? {
            return Err(error::constraint::too_many_accounts().into());
        }
        let creation = Creation {
            id: id::create_account_request(cx.entropy())?,
            organization_id: organization.id.clone(),
            name: input.account_name.expose().to_owned(),
            email: input.email.expose().to_owned(),
            role_name: role_name.to_owned(),
            tags,
            requested: cx.now(),
            completed: None,
            outcome: Outcome::InProgress,
        };
        let answer = creation.shown();
        creation::begin(cx, creation)?;
        Ok(api::CreateAccountResponse { create_account_status: Some(answer) })
    }
}
