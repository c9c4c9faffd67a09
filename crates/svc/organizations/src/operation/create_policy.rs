//! `CreatePolicy`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html>

use std::sync::Arc;

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::organization::{self, OrganizationPolicy};

use crate::access::{self, kind};
use crate::place::{Audience, Place};
use crate::policy::{self, Policy};
use crate::{arn, error, id, quota, tag};

/// Makes a policy, which counts when it is attached.
pub struct CreatePolicy;

impl Operation for CreatePolicy {
    type Api = api::CreatePolicy;
    type Target = Place;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, _: &api::CreatePolicyRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, input: &api::CreatePolicyRequest, place: &Place) -> Access {
        let mut check = place.organization_check(call, "organizations:CreatePolicy", Audience::Delegates);
        access::add_policy_type(&mut check, input.r#type.as_str());
        let new = |action| {
            let arn = |organization: &_| match policy::known_type(input.r#type) {
                Some(policy_type) => arn::policy(organization, policy_type, "p-*"),
                None => "*".to_owned(),
            };
            place.check(call, action, Audience::Delegates, kind::POLICY, arn)
        };
        access::creation(check, new, tag::pairs(input.tags.as_deref()))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreatePolicyRequest,
        place: Allowed<Place>,
    ) -> Result<api::CreatePolicyResponse> {
        let organization = place.organization(Audience::Delegates)?;
        let policy_type = policy::available_type(organization, input.r#type)?;
        let tags = tag::read(input.tags.as_deref())?;
        let document = policy::read_content(cx, &input.content, policy_type)?;
        policy::name_must_be_free(cx, organization, policy_type, &input.name, "").await?;
        let made = OrganizationPolicy {
            id: id::policy(cx.entropy())?,
            policy_type,
            name: input.name.clone(),
            description: input.description.clone(),
            document,
            tags,
        };
        let name = organization::policy_name(&organization.id, &made.id);
        if let Some(most) = cx.quota(&quota::POLICIES) {
            let range = organization::policies(&organization.id);
            let room = cx.room_for(&name, &range, most).await?;
            room.map_err(|_| error::constraint::too_many_policies())?;
        }
        let made = Arc::new(made);
        let answer = Policy::Customer(made.clone()).shown(organization);
        cx.put::<OrganizationPolicy>(name, made)?;
        Ok(api::CreatePolicyResponse { policy: Some(answer) })
    }
}
