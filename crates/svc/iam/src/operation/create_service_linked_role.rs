//! `CreateServiceLinkedRole`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceLinkedRole.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::entity::{self, PolicyHolder as _};
use alcazar_identity::role::{Role, SERVICE_LINKED_PATH};
use alcazar_identity::unique_id::{self, IdKind};
use alcazar_identity::{attachment, aws_managed};

use crate::error::service_linked as error;
use crate::named::{self, Holder, Named};
use crate::service_linked::Template;
use crate::{access, document, role as shown};

/// Makes the role that a service works with in the account.
pub struct CreateServiceLinkedRole;

/// The service, and the name of its role.
pub struct Target {
    template: &'static Template,
    named: Named<Role>,
}

impl Operation for CreateServiceLinkedRole {
    type Api = api::CreateServiceLinkedRole;
    type Target = Option<Target>;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::CreateServiceLinkedRoleRequest,
    ) -> Result<Option<Target>> {
        let Some(template) = Template::of(&input.aws_service_name) else { return Ok(None) };
        // A suffix that is not taken is refused after the decision.
        let name =
            template.role_name(input.custom_suffix.as_deref()).or_else(|_| template.role_name(None))?;
        Ok(Some(Target { template, named: Named::find(reads, &name).await? }))
    }

    fn access(
        call: &CallInfo,
        input: &api::CreateServiceLinkedRoleRequest,
        target: &Option<Target>,
    ) -> Access {
        let service = &input.aws_service_name;
        let (path, name) = match target {
            Some(target) => (target.template.path(), target.named.name.as_str()),
            None => (format!("{SERVICE_LINKED_PATH}{service}/"), "AWSServiceRoleFor"),
        };
        let arn = entity::arn(call.account(), "role", &path, name);
        let mut check = access::check(call, "iam:CreateServiceLinkedRole", arn, Role::TYPE);
        check.context.insert("iam:AWSServiceName", service.clone());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateServiceLinkedRoleRequest,
        target: Allowed<Option<Target>>,
    ) -> Result<api::CreateServiceLinkedRoleResponse> {
        let target = target.as_ref().ok_or_else(|| error::no_template(&input.aws_service_name))?;
        let Target { template, named } = target;
        template.role_name(input.custom_suffix.as_deref())?;
        if let Some(other) = named.found() {
            return Err(error::name_taken(other.name()).into());
        }
        named::must_have_room_for_role(cx, &named.name).await?;
        let account = cx.account();
        let role_id = unique_id::new(IdKind::Role, cx.entropy())?;
        let trust = document::read_trust(&template.trust())?;
        let mut role = Role::new(account, role_id, template.path(), named.name.clone(), cx.now(), trust);
        role.description.clone_from(&input.description);
        role.linked_service = Some(template.service.to_owned());
        let policy_arn = template.policy_arn();
        if let Some(policy) = aws_managed::find(&policy_arn) {
            attachment::attach(cx, account, &mut role, &policy_arn, &policy.id())?;
        }
        let answer = shown::created(&role);
        role.put(cx)?;
        Ok(api::CreateServiceLinkedRoleResponse { role: Some(answer) })
    }
}
