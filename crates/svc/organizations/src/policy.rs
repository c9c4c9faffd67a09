//! Policies of the organization, and where they are attached.
//!
//! What is attached stands in the records of the root, the units and the accounts, and nowhere else.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html>

use std::sync::Arc;

use alcazar_api_organizations::types;
use alcazar_engine::{CallInfo, Check, Cx, Reads, Result};
use alcazar_identity::account::{self, Account, AccountMembership};
use alcazar_identity::aws_managed;
use alcazar_identity::document::Document;
use alcazar_identity::organization::{
    self, FULL_AWS_ACCESS, Organization, OrganizationPolicy, OrganizationPolicyType, RCP_FULL_AWS_ACCESS,
    Unit,
};
use alcazar_identity::tag::Tag;
use alcazar_shape::ApiError;

use crate::access::kind;
use crate::place::{Audience, Place};
use crate::target::{self as tree, Target};
use crate::{access, arn, error, page, quota, shown};

/// A policy of the organization's.
#[derive(Debug, Clone)]
pub(crate) enum Policy {
    /// The one of AWS's own that allows everything.
    Aws(OrganizationPolicyType),
    /// One that the customer made.
    Customer(Arc<OrganizationPolicy>),
}

impl Policy {
    /// The policy of an id.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(
        reads: &mut Reads<'_>,
        organization: &Organization,
        id: &str,
    ) -> Result<Option<Self>> {
        match id {
            FULL_AWS_ACCESS => Ok(Some(Self::Aws(OrganizationPolicyType::ServiceControl))),
            RCP_FULL_AWS_ACCESS => Ok(Some(Self::Aws(OrganizationPolicyType::ResourceControl))),
            _ => {
                let found = OrganizationPolicy::find(&mut reads.records(), &organization.id, id).await?;
                Ok(found.map(Self::Customer))
            }
        }
    }

    /// All policies of a type, AWS's own among them.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn all(
        reads: &mut Reads<'_>,
        organization: &Organization,
        policy_type: OrganizationPolicyType,
    ) -> Result<Vec<Self>> {
        let range = organization::policies(&organization.id);
        let mut policies = vec![Self::Aws(policy_type)];
        let found = page::all::<OrganizationPolicy>(reads, &range).await?;
        policies
            .extend(found.into_iter().filter(|found| found.policy_type == policy_type).map(Self::Customer));
        Ok(policies)
    }

    /// The id.
    #[must_use]
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Aws(policy_type) => policy_type.full_access(),
            Self::Customer(policy) => &policy.id,
        }
    }

    /// The type.
    #[must_use]
    pub(crate) fn policy_type(&self) -> OrganizationPolicyType {
        match self {
            Self::Aws(policy_type) => *policy_type,
            Self::Customer(policy) => policy.policy_type,
        }
    }

    /// The ARN.
    #[must_use]
    pub(crate) fn arn(&self, organization: &Organization) -> String {
        match self {
            Self::Aws(policy_type) => arn::aws_policy(*policy_type, policy_type.full_access()),
            Self::Customer(policy) => arn::policy(organization, policy.policy_type, &policy.id),
        }
    }

    /// What answers say of it, but for what it says itself.
    #[must_use]
    pub(crate) fn summary(&self, organization: &Organization) -> types::PolicySummary {
        let (name, description) = match self {
            Self::Aws(OrganizationPolicyType::ServiceControl) => {
                ("FullAWSAccess", "Allows access to every operation")
            }
            Self::Aws(OrganizationPolicyType::ResourceControl) => {
                ("RCPFullAWSAccess", "Allows access to every resource")
            }
            Self::Customer(policy) => (policy.name.as_str(), policy.description.as_str()),
        };
        types::PolicySummary {
            id: Some(self.id().to_owned()),
            arn: Some(self.arn(organization)),
            name: Some(name.to_owned()),
            description: Some(description.to_owned()),
            r#type: Some(shown::policy_type(self.policy_type())),
            aws_managed: Some(matches!(self, Self::Aws(_))),
        }
    }

    /// What answers say of it.
    #[must_use]
    pub(crate) fn shown(&self, organization: &Organization) -> types::Policy {
        let content = match self {
            Self::Aws(policy_type) => aws_managed::full_access_text(*policy_type).to_owned(),
            Self::Customer(policy) => policy.document.text.clone(),
        };
        types::Policy { policy_summary: Some(self.summary(organization)), content: Some(content) }
    }

    /// It, if a customer made it.
    ///
    /// # Errors
    /// AWS maintains it.
    pub(crate) fn own(&self) -> Result<&OrganizationPolicy, ApiError> {
        match self {
            Self::Aws(_) => Err(error::input::immutable_policy()),
            Self::Customer(policy) => Ok(policy),
        }
    }
}

/// What a request names in the caller's organization: there may be no policy of the id.
#[derive(Debug)]
pub struct SoughtPolicy {
    /// The caller's place.
    pub(crate) place: Place,
    /// What there is.
    pub(crate) found: Option<Policy>,
    id: String,
}

impl SoughtPolicy {
    /// The policy of an id.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, id: &str) -> Result<Self> {
        let place = Place::find(reads).await?;
        let found = match place.found() {
            Some(organization) => Policy::find(reads, organization, id).await?,
            None => None,
        };
        Ok(Self { place, found, id: id.to_owned() })
    }

    /// The question whether the caller may do `action`, which is `audience`'s, on it. Where there is none, its type is
    /// not known, and the question is about a service control policy.
    #[must_use]
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str, audience: Audience) -> Check {
        let policy_arn = |organization: &Organization| match &self.found {
            Some(found) => found.arn(organization),
            None => arn::policy(organization, OrganizationPolicyType::ServiceControl, &self.id),
        };
        let mut check = self.place.check(call, action, audience, kind::POLICY, policy_arn);
        if let Some(found) = &self.found {
            let policy_type = shown::policy_type(found.policy_type());
            access::add_policy_type(&mut check, policy_type.as_str());
            if let Policy::Customer(policy) = found {
                check.context.add_resource_tags(policy.tags.iter().map(Tag::pair));
            }
        }
        check
    }

    /// The policy.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn existing(&self) -> Result<&Policy, ApiError> {
        self.found.as_ref().ok_or_else(error::policy_not_found)
    }
}

/// Attaches a policy, and puts the target back.
///
/// # Errors
/// The store failed.
pub(crate) fn attach(
    cx: &mut Cx<'_>,
    organization: &Organization,
    target: &Target,
    policy_id: &str,
) -> Result<()> {
    change(cx, organization, target, |policies| policies.push(policy_id.to_owned()))
}

/// Detaches a policy, and puts the target back.
///
/// # Errors
/// The store failed.
pub(crate) fn detach(
    cx: &mut Cx<'_>,
    organization: &Organization,
    target: &Target,
    policy_id: &str,
) -> Result<()> {
    change(cx, organization, target, |policies| policies.retain(|id| id != policy_id))
}

/// Puts a root, unit or account back with other policies.
pub(crate) fn change(
    cx: &mut Cx<'_>,
    organization: &Organization,
    target: &Target,
    change: impl FnOnce(&mut Vec<String>),
) -> Result<()> {
    match target {
        Target::Root => {
            let mut changed = organization.clone();
            change(&mut changed.root.policies);
            cx.put(organization::organization_name(&changed.id), changed)
        }
        Target::Unit(unit) => {
            let mut changed = Unit::clone(unit);
            change(&mut changed.policies);
            cx.put(organization::unit_name(&organization.id, &changed.id), changed)
        }
        Target::Account(member) => {
            let mut changed = Account::clone(member);
            if let Some(AccountMembership { policies, .. }) = &mut changed.membership {
                change(policies);
            }
            cx.put(account::account_name(changed.account), changed)
        }
    }
}

/// Reads what a policy is to say.
///
/// # Errors
/// It is no policy of the type, or too long.
pub(crate) fn read_content(
    cx: &Cx<'_>,
    text: &str,
    policy_type: OrganizationPolicyType,
) -> Result<Document, ApiError> {
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    if cx.quota(&quota::POLICY_CHARACTERS).is_some_and(|most| length > most) {
        return Err(error::constraint::policy_too_long());
    }
    Document::parse(text, policy_type.kind()).map_err(|_| error::malformed_policy())
}

/// The type that a request names; none if no organization here can have policies of it.
#[must_use]
pub(crate) fn known_type(policy_type: types::PolicyType) -> Option<OrganizationPolicyType> {
    match policy_type {
        types::PolicyType::ServiceControlPolicy => Some(OrganizationPolicyType::ServiceControl),
        types::PolicyType::ResourceControlPolicy => Some(OrganizationPolicyType::ResourceControl),
        _ => None,
    }
}

/// The type that a request names, of which the organization can have policies.
///
/// # Errors
/// It cannot.
pub(crate) fn available_type(
    organization: &Organization,
    policy_type: types::PolicyType,
) -> Result<OrganizationPolicyType, ApiError> {
    let known = known_type(policy_type).filter(|_| organization.all_features);
    known.ok_or_else(error::policy_type_not_available)
}

/// All that a policy is attached to. Found by looking at everything: its quotas bound it.
///
/// # Errors
/// The store failed.
pub(crate) async fn targets(
    reads: &mut Reads<'_>,
    organization: &Organization,
    policy_id: &str,
) -> Result<Vec<Target>> {
    let mut targets = vec![Target::Root];
    targets.extend(tree::everything(reads, organization).await?);
    targets.retain(|target| target.policies(organization).iter().any(|id| id == policy_id));
    Ok(targets)
}

/// Passes if no other policy of the type has the name.
///
/// # Errors
/// One has it, or the store failed.
pub(crate) async fn name_must_be_free(
    reads: &mut Reads<'_>,
    organization: &Organization,
    policy_type: OrganizationPolicyType,
    name: &str,
    except_id: &str,
) -> Result<()> {
    let policies = Policy::all(reads, organization, policy_type).await?;
    let has_name = |policy: &Policy| policy.summary(organization).name.as_deref() == Some(name);
    if policies.iter().any(|policy| policy.id() != except_id && has_name(policy)) {
        return Err(error::duplicate_policy().into());
    }
    Ok(())
}
