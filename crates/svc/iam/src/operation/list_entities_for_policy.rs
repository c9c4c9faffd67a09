//! `ListEntitiesForPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html>

use std::sync::Arc;

use alcazar_api_iam::operation as api;
use alcazar_api_iam::types::{EntityType, PolicyGroup, PolicyRole, PolicyUsageType, PolicyUser};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::attachment::{self, Attachment, Usage};
use alcazar_identity::entity::EntityKind;

use crate::page;
use crate::policy::Target;

/// Lists the users, groups and roles that a managed policy is attached to or limits.
pub struct ListEntitiesForPolicy;

impl Operation for ListEntitiesForPolicy {
    type Api = api::ListEntitiesForPolicy;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListEntitiesForPolicyRequest) -> Result<Target> {
        Target::find(reads, &input.policy_arn).await
    }

    fn access(call: &CallInfo, _: &api::ListEntitiesForPolicyRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:ListEntitiesForPolicy"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListEntitiesForPolicyRequest,
        target: Allowed<Target>,
    ) -> Result<api::ListEntitiesForPolicyResponse> {
        let policy_id = target.existing()?.id();
        let prefix = input.path_prefix.as_deref().unwrap_or("/");
        let mut found: Vec<(EntityKind, Arc<Attachment>)> = Vec::new();
        for kind in [EntityKind::User, EntityKind::Group, EntityKind::Role] {
            if !is_kind(input.entity_filter, kind) {
                continue;
            }
            for usage in usages(input.policy_usage_filter) {
                let range = attachment::attachments_to(cx.account(), &policy_id, *usage, kind);
                let attachments = page::all::<Attachment>(cx, &range).await?;
                let asked_for = attachments.into_iter().filter(|found| found.entity_path.starts_with(prefix));
                found.extend(asked_for.map(|found| (kind, found)));
            }
        }
        found.sort_by(|(kind, one), (other_kind, other)| {
            (kind, &one.entity_id).cmp(&(other_kind, &other.entity_id))
        });
        found.dedup_by(|(_, one), (_, other)| one.entity_id == other.entity_id);
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let page = page::of(cx, "policy entities", asked, found, |(kind, attachment)| {
            format!("{} {}", kind.as_str(), attachment.entity_name.to_lowercase())
        })?;
        Ok(answer(page.items, page.next_token))
    }
}

fn is_kind(filter: Option<EntityType>, kind: EntityKind) -> bool {
    match filter {
        None => true,
        Some(EntityType::User) => kind == EntityKind::User,
        Some(EntityType::Group) => kind == EntityKind::Group,
        Some(EntityType::Role) => kind == EntityKind::Role,
        // Policies are not attached to policies.
        Some(EntityType::LocalManagedPolicy | EntityType::AwsManagedPolicy) => false,
    }
}

fn usages(filter: Option<PolicyUsageType>) -> &'static [Usage] {
    match filter {
        None => &[Usage::Permissions, Usage::Boundary],
        Some(PolicyUsageType::PermissionsPolicy) => &[Usage::Permissions],
        Some(PolicyUsageType::PermissionsBoundary) => &[Usage::Boundary],
    }
}

fn answer(
    entities: Vec<(EntityKind, Arc<Attachment>)>,
    marker: Option<String>,
) -> api::ListEntitiesForPolicyResponse {
    let (mut users, mut groups, mut roles) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, attachment) in entities {
        let (name, id) = (Some(attachment.entity_name.clone()), Some(attachment.entity_id.clone()));
        match kind {
            EntityKind::User => users.push(PolicyUser { user_name: name, user_id: id }),
            EntityKind::Group => groups.push(PolicyGroup { group_name: name, group_id: id }),
            EntityKind::Role => roles.push(PolicyRole { role_name: name, role_id: id }),
        }
    }
    api::ListEntitiesForPolicyResponse {
        policy_groups: Some(groups.into()),
        policy_users: Some(users.into()),
        policy_roles: Some(roles.into()),
        is_truncated: Some(marker.is_some()),
        marker,
    }
}
