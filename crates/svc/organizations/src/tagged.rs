//! What has tags: the root, units, accounts, policies, and the organization's resource policy.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging.html>

use alcazar_engine::{CallInfo, Check, Cx, Reads, Result};
use alcazar_identity::account::{self, Account};
use alcazar_identity::organization::{self, Organization, OrganizationPolicy, Unit};
use alcazar_identity::tag::Tag;

use crate::access::kind;
use crate::place::{Audience, Place};
use crate::policy::{Policy, SoughtPolicy};
use crate::target::{self as tree, Sought, Target};
use crate::{arn, error};

/// What a request names by its id.
#[derive(Debug)]
pub enum Tagged {
    /// The root, a unit or an account.
    Target(Sought),
    /// A policy.
    Policy(Box<SoughtPolicy>),
    /// The resource policy, if it has this id.
    ResourcePolicy(Place, String),
}

impl Tagged {
    /// What has this id.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, id: &str) -> Result<Self> {
        if id.starts_with("p-") {
            return Ok(Self::Policy(Box::new(SoughtPolicy::find(reads, id).await?)));
        }
        if id.starts_with("rp-") {
            return Ok(Self::ResourcePolicy(Place::find(reads).await?, id.to_owned()));
        }
        Ok(Self::Target(Sought::find(reads, id).await?))
    }

    /// The question whether the caller may do `action`, which is `audience`'s, on it.
    #[must_use]
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str, audience: Audience) -> Check {
        match self {
            Self::Target(sought) => {
                let kind = match sought.found {
                    Some(Target::Root) => kind::ROOT,
                    Some(Target::Unit(_)) => kind::UNIT,
                    Some(Target::Account(_)) | None => kind::ACCOUNT,
                };
                sought.check(call, action, audience, kind)
            }
            Self::Policy(policy) => policy.check(call, action, audience),
            Self::ResourcePolicy(place, id) => {
                let arn = |organization: &Organization| arn::resource_policy(organization, id);
                let mut check = place.check(call, action, audience, kind::RESOURCE_POLICY, arn);
                let policy = place.found().and_then(|organization| organization.resource_policy.as_ref());
                if let Some(policy) = policy {
                    check.context.add_resource_tags(policy.tags.iter().map(Tag::pair));
                }
                check
            }
        }
    }

    /// Its tags.
    ///
    /// # Errors
    /// There is nothing of the id, or the caller's account is none of the audience.
    pub(crate) fn tags(&self, audience: Audience) -> Result<Vec<Tag>> {
        let not_found = error::target_not_found;
        Ok(match self {
            Self::Target(sought) => {
                let organization = sought.place.organization(audience)?;
                sought.found.as_ref().ok_or_else(not_found)?.tags(organization).to_vec()
            }
            Self::Policy(policy) => {
                policy.place.organization(audience)?;
                match policy.found.as_ref().ok_or_else(not_found)? {
                    Policy::Aws(_) => Vec::new(),
                    Policy::Customer(policy) => policy.tags.clone(),
                }
            }
            Self::ResourcePolicy(place, id) => {
                let policy = place.organization(audience)?.resource_policy.as_ref();
                policy.filter(|policy| policy.id == *id).ok_or_else(not_found)?.tags.clone()
            }
        })
    }

    /// Gives it other tags.
    ///
    /// # Errors
    /// As [`Self::tags`]; or AWS maintains it; or the record cannot be sealed.
    pub(crate) fn put_tags(&self, cx: &mut Cx<'_>, audience: Audience, tags: Vec<Tag>) -> Result<()> {
        match self {
            Self::Target(sought) => {
                let organization = sought.place.organization(audience)?;
                match sought.found.as_ref().ok_or_else(error::target_not_found)? {
                    Target::Root => {
                        let mut changed = organization.as_ref().clone();
                        changed.root.tags = tags;
                        tree::put_organization(cx, changed)
                    }
                    Target::Unit(unit) => {
                        let changed = Unit { tags, ..Unit::clone(unit) };
                        cx.put(organization::unit_name(&organization.id, &changed.id), changed)
                    }
                    Target::Account(member) => {
                        let changed = Account { tags, ..Account::clone(member) };
                        cx.put(account::account_name(changed.account), changed)
                    }
                }
            }
            Self::Policy(policy) => {
                let organization = policy.place.organization(audience)?;
                let own = policy.found.as_ref().ok_or_else(error::target_not_found)?.own()?;
                let changed = OrganizationPolicy { tags, ..own.clone() };
                cx.put(organization::policy_name(&organization.id, &changed.id), changed)
            }
            Self::ResourcePolicy(place, id) => {
                let mut changed = place.organization(audience)?.as_ref().clone();
                let policy = changed.resource_policy.as_mut().filter(|policy| policy.id == *id);
                policy.ok_or_else(error::target_not_found)?.tags = tags;
                tree::put_organization(cx, changed)
            }
        }
    }
}
