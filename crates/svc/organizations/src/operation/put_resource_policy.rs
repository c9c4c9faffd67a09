//! `PutResourcePolicy`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_PutResourcePolicy.html>

use alcazar_api_organizations::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Exception, Operation, Reads, Result};
use alcazar_identity::organization::OrganizationResourcePolicy;

use crate::access::kind;
use crate::place::{Audience, Place};
use crate::{access, arn, error, id, resource_policy, tag, target as tree};

/// Delegates work on the organization to member accounts, in the place of what was delegated before.
pub struct PutResourcePolicy;

impl Operation for PutResourcePolicy {
    type Api = api::PutResourcePolicy;
    type Target = Place;
    const READ_ONLY: bool = false;
    const RECORDED: &'static [Exception] =
        &[Exception::hidden("content"), Exception::hidden("resourcePolicy.content")];

    async fn resolve(reads: &mut Reads<'_>, _: &api::PutResourcePolicyRequest) -> Result<Place> {
        Place::find(reads).await
    }

    fn access(call: &CallInfo, input: &api::PutResourcePolicyRequest, place: &Place) -> Access {
        let of = |action| {
            place.check(call, action, Audience::Management, kind::RESOURCE_POLICY, |organization| {
                let id = organization.resource_policy.as_ref().map(|policy| policy.id.as_str());
                arn::resource_policy(organization, id.unwrap_or("rp-*"))
            })
        };
        let check = of("organizations:PutResourcePolicy");
        access::creation(check, of, tag::pairs(input.tags.as_deref()))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::PutResourcePolicyRequest,
        place: Allowed<Place>,
    ) -> Result<api::PutResourcePolicyResponse> {
        let organization = place.organization(Audience::Management)?;
        let tags = tag::read(input.tags.as_deref())?;
        let document = resource_policy::read(cx, &input.content).await?;
        let policy = match organization.resource_policy.clone() {
            Some(_) if !tags.is_empty() => return Err(error::input::target_not_supported().into()),
            Some(old) => OrganizationResourcePolicy { document, ..old },
            None => OrganizationResourcePolicy { id: id::resource_policy(cx.entropy())?, document, tags },
        };
        let answer = resource_policy::shown(cx, organization, &policy).await?;
        let mut changed = organization.as_ref().clone();
        changed.resource_policy = Some(policy);
        tree::put_organization(cx, changed)?;
        Ok(api::PutResourcePolicyResponse { resource_policy: Some(answer) })
    }
}
