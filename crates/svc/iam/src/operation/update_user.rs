//! `UpdateUser`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::entity::EntityKind;
use alcazar_identity::user::{self, User};

use crate::named::{self, Holder, Named};
use crate::{error, rename};

/// Gives a user another name or path, with all that is its own.
pub struct UpdateUser;

const ACTION: &str = "iam:UpdateUser";

/// The user, and whoever has the name that it is to get.
pub struct Target {
    named: Named<User>,
    renamed: Option<Named<User>>,
}

impl Operation for UpdateUser {
    type Api = api::UpdateUser;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UpdateUserRequest) -> Result<Target> {
        let named = Named::find(reads, &input.user_name).await?;
        let renamed = match &input.new_user_name {
            Some(name) => Some(Named::find(reads, name).await?),
            None => None,
        };
        Ok(Target { named, renamed })
    }

    fn access(call: &CallInfo, input: &api::UpdateUserRequest, target: &Target) -> Access {
        let (name, path) = (input.new_user_name.as_deref(), input.new_path.as_deref());
        let after = target.named.check_as(call, ACTION, name, path);
        Access { checks: vec![target.named.check(call, ACTION), after] }
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdateUserRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut user = target.named.to_changed()?;
        if let Some(taken) = target.renamed.as_ref().and_then(|renamed| renamed.found())
            && taken.user_id != user.user_id
        {
            return Err(error::entity_exists(EntityKind::User, &taken.name).into());
        }
        if let Some(path) = &input.new_path {
            user.path = named::path(Some(path))?;
        }
        if let Some(name) = &input.new_user_name {
            let older = user::user_name(&cx.keyring(), user.account, &user.name);
            user.name.clone_from(name);
            if older != user::user_name(&cx.keyring(), user.account, name) {
                cx.delete(older)?;
            }
        }
        rename::note_policies(cx, &user).await?;
        rename::note_belongings(cx, &user).await?;
        user.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
