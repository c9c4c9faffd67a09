//! `CreateUser`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::entity;
use alcazar_identity::unique_id::{self, IdKind};
use alcazar_identity::user::{self, User};

use crate::boundary::Boundary;
use crate::named::{self, Holder, Named};
use crate::{access, error, quota, shown, tag};

/// Makes a user without any permission.
pub struct CreateUser;

/// The name, and the boundary that the user is to have.
pub struct Target {
    named: Named<User>,
    boundary: Option<Boundary>,
}

impl Operation for CreateUser {
    type Api = api::CreateUser;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CreateUserRequest) -> Result<Target> {
        let named = Named::find(reads, &input.user_name).await?;
        let boundary = Boundary::find(reads, input.permissions_boundary.as_deref()).await?;
        Ok(Target { named, boundary })
    }

    fn access(call: &CallInfo, input: &api::CreateUserRequest, target: &Target) -> Access {
        let path = input.path.as_deref().unwrap_or("/");
        let arn = entity::arn(call.account(), "user", path, &target.named.name);
        let mut check = access::check(call, "iam:CreateUser", arn, User::TYPE);
        access::add_boundary(&mut check, input.permissions_boundary.as_deref());
        access::creation(check, "iam:TagUser", tag::pairs(input.tags.as_deref()))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateUserRequest,
        target: Allowed<Target>,
    ) -> Result<api::CreateUserResponse> {
        let path = named::path(input.path.as_deref())?;
        let tags = tag::read(input.tags.as_deref())?;
        named::must_be_free(&target.named)?;
        let account = cx.account();
        if let Some(most) = cx.quota(&quota::USERS) {
            let name = user::user_name(&cx.keyring(), account, &input.user_name);
            let room = cx.room_for(&name, &user::users(account), most).await?;
            room.map_err(|full| error::quota_exceeded("UsersPerAccount", full.quota))?;
        }
        let mut user = User {
            account,
            user_id: unique_id::new(IdKind::User, cx.entropy())?,
            path,
            name: input.user_name.clone(),
            created: cx.now(),
            tags,
            boundary: None,
            attached: Vec::new(),
            inline: Vec::new(),
            groups: Vec::new(),
            access_keys: Vec::new(),
            mfa_devices: Vec::new(),
        };
        if let Some(boundary) = &target.boundary {
            boundary.set(cx, &mut user).await?;
        }
        let answer = shown::user(&user);
        user.put(cx)?;
        Ok(api::CreateUserResponse { user: Some(answer) })
    }
}
