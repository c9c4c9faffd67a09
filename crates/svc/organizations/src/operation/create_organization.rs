//! `CreateOrganization`: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateOrganization.html>

use alcazar_api_organizations::operation as api;
use alcazar_api_organizations::types::OrganizationFeatureSet;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::account::Account;
use alcazar_identity::organization::{self, Organization, Root};

use crate::membership::Joined;
use crate::place::Place;
use crate::{access, error, id, membership, role, shown};

/// Makes an organization, whose management account the caller's becomes.
pub struct CreateOrganization;

/// The caller's place, and whether its account lacks the service-linked role.
pub struct Target {
    place: Place,
    needs_role: bool,
}

impl Operation for CreateOrganization {
    type Api = api::CreateOrganization;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, _: &api::CreateOrganizationRequest) -> Result<Target> {
        let place = Place::find(reads).await?;
        let needs_role = !role::has_service_linked(reads, place.account()).await?;
        Ok(Target { place, needs_role })
    }

    fn access(call: &CallInfo, _: &api::CreateOrganizationRequest, target: &Target) -> Access {
        let mut checks = vec![access::check(call, "organizations:CreateOrganization", "*".to_owned(), "")];
        if target.needs_role {
            checks.push(access::service_linked_role(call, role::service_linked_arn(call.account())));
        }
        Access { checks }
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateOrganizationRequest,
        target: Allowed<Target>,
    ) -> Result<api::CreateOrganizationResponse> {
        if target.place.found().is_some() {
            return Err(error::already_in_organization().into());
        }
        let account = target.place.account();
        let organization = Organization {
            id: id::organization(cx.entropy())?,
            management_account: account,
            all_features: input.feature_set != Some(OrganizationFeatureSet::ConsolidatedBilling),
            created: cx.now(),
            root: Root {
                id: id::root(cx.entropy())?,
                policy_types: Vec::new(),
                policies: Vec::new(),
                tags: Vec::new(),
            },
            trusted_services: Vec::new(),
            delegated_administrators: Vec::new(),
            resource_policy: None,
            root_access: None,
        };
        let management = target.place.record().map(|record| Account::clone(record));
        let management = management.unwrap_or_else(|| membership::unknown(account));
        let answer = shown::organization(&organization, Some(&management));
        membership::put_email(cx, &management.email, account)?;
        membership::join(cx, &organization, management, Vec::new(), Joined::Invited).await?;
        role::make_service_linked(cx, account).await?;
        cx.put(organization::organization_name(&organization.id), organization)?;
        Ok(api::CreateOrganizationResponse { organization: Some(answer) })
    }
}
