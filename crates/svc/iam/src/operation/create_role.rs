//! `CreateRole`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::entity;
use alcazar_identity::role::{self, Role};
use alcazar_identity::unique_id::{self, IdKind};

use crate::boundary::Boundary;
use crate::named::{self, Holder, Named};
use crate::{access, error, role as shown, tag, trust};

/// Makes a role without any permission, for those whom its trust policy names.
pub struct CreateRole;

/// The name, and the boundary that the role is to have.
pub struct Target {
    named: Named<Role>,
    boundary: Option<Boundary>,
}

impl Operation for CreateRole {
    type Api = api::CreateRole;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CreateRoleRequest) -> Result<Target> {
        let named = Named::find(reads, &input.role_name).await?;
        let boundary = Boundary::find(reads, input.permissions_boundary.as_deref()).await?;
        Ok(Target { named, boundary })
    }

    fn access(call: &CallInfo, input: &api::CreateRoleRequest, target: &Target) -> Access {
        let path = input.path.as_deref().unwrap_or("/");
        let arn = entity::arn(call.account(), "role", path, &target.named.name);
        let mut check = access::check(call, "iam:CreateRole", arn, Role::TYPE);
        access::add_boundary(&mut check, input.permissions_boundary.as_deref());
        access::creation(check, "iam:TagRole", tag::pairs(input.tags.as_deref()))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateRoleRequest,
        target: Allowed<Target>,
    ) -> Result<api::CreateRoleResponse> {
        let path = named::path(input.path.as_deref())?;
        if path.starts_with(role::SERVICE_LINKED_PATH) {
            return Err(error::reserved_path(role::SERVICE_LINKED_PATH).into());
        }
        let tags = tag::read(input.tags.as_deref())?;
        named::must_be_free(&target.named)?;
        let trust = trust::read(cx, &input.assume_role_policy_document).await?;
        let account = cx.account();
        named::must_have_room_for_role(cx, &input.role_name).await?;
        let role_id = unique_id::new(IdKind::Role, cx.entropy())?;
        let mut role = Role::new(account, role_id, path, input.role_name.clone(), cx.now(), trust);
        role.description.clone_from(&input.description);
        role.tags = tags;
        if let Some(seconds) = input.max_session_duration.and_then(|seconds| u32::try_from(seconds).ok()) {
            role.max_session_seconds = seconds;
        }
        if let Some(boundary) = &target.boundary {
            boundary.set(cx, &mut role).await?;
        }
        let answer = shown::created(&role);
        role.put(cx)?;
        Ok(api::CreateRoleResponse { role: answer })
    }
}
