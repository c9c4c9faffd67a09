//! What stands in an organization's tree: the root, organizational units, accounts.

use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{CallInfo, Check, Cx, Name, Reads, Result};
use alcazar_identity::account::{self, Account};
use alcazar_identity::organization::{self, Organization, OrganizationPolicyType, UNIT_DEPTH_MAX, Unit};
use alcazar_identity::tag::Tag;
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use crate::place::{Audience, Place};
use crate::{arn, error, page};

const MEMBERS: &str = "organizations.member";

/// That an account is in an organization: there is one for each membership that an [`Account`] has.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Member {
    /// The account.
    #[n(0)]
    pub account: AccountId,
}

/// The root, a unit or an account of an organization.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// The root.
    Root,
    /// An organizational unit.
    Unit(Arc<Unit>),
    /// An account.
    Account(Arc<Account>),
}

impl Target {
    /// What has this id.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(
        reads: &mut Reads<'_>,
        organization: &Organization,
        id: &str,
    ) -> Result<Option<Self>> {
        if let Some(parent) = Self::find_parent(reads, organization, id).await? {
            return Ok(Some(parent));
        }
        let Ok(account) = id.parse() else { return Ok(None) };
        Ok(member(reads, organization, account).await?.map(Self::Account))
    }

    /// The root or unit that has this id.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find_parent(
        reads: &mut Reads<'_>,
        organization: &Organization,
        id: &str,
    ) -> Result<Option<Self>> {
        if id == organization.root.id {
            return Ok(Some(Self::Root));
        }
        let unit = Unit::find(&mut reads.records(), &organization.id, id).await?;
        Ok(unit.map(Self::Unit))
    }

    /// Its tags.
    #[must_use]
    pub(crate) fn tags<'a>(&'a self, organization: &'a Organization) -> &'a [Tag] {
        match self {
            Self::Root => &organization.root.tags,
            Self::Unit(unit) => &unit.tags,
            Self::Account(account) => &account.tags,
        }
    }

    /// Its id.
    #[must_use]
    pub(crate) fn id(&self, organization: &Organization) -> String {
        match self {
            Self::Root => organization.root.id.clone(),
            Self::Unit(unit) => unit.id.clone(),
            Self::Account(account) => account.account.to_string(),
        }
    }

    /// The ids of the policies attached to it.
    #[must_use]
    pub(crate) fn policies<'a>(&'a self, organization: &'a Organization) -> &'a [String] {
        match self {
            Self::Root => &organization.root.policies,
            Self::Unit(unit) => &unit.policies,
            Self::Account(account) => {
                account.membership.as_ref().map_or(&[], |membership| membership.policies.as_slice())
            }
        }
    }
}

/// What a request names in the caller's organization: there may be nothing of the id.
#[derive(Debug)]
pub struct Sought {
    /// The caller's place.
    pub(crate) place: Place,
    /// What there is.
    pub(crate) found: Option<Target>,
    id: String,
}

impl Sought {
    /// The root, unit or account of an id.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, id: &str) -> Result<Self> {
        let place = Place::find(reads).await?;
        let found = match place.found() {
            Some(organization) => Target::find(reads, organization, id).await?,
            None => None,
        };
        Ok(Self { place, found, id: id.to_owned() })
    }

    /// The root or unit of an id.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find_parent(reads: &mut Reads<'_>, id: &str) -> Result<Self> {
        let sought = Self::find(reads, id).await?;
        let found = sought.found.filter(|found| !matches!(found, Target::Account(_)));
        Ok(Self { found, ..sought })
    }

    /// The question whether the caller may do `action`, which is `audience`'s, on it.
    #[must_use]
    pub(crate) fn check(
        &self,
        call: &CallInfo,
        action: &'static str,
        audience: Audience,
        kind: &'static str,
    ) -> Check {
        let arn = |organization: &Organization| arn::target(organization, &self.id);
        let mut check = self.place.check(call, action, audience, kind, arn);
        if let (Some(found), Some(organization)) = (&self.found, self.place.found()) {
            check.context.add_resource_tags(found.tags(organization).iter().map(Tag::pair));
        }
        check
    }

    /// The account.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn account(&self) -> Result<&Account, ApiError> {
        match &self.found {
            Some(Target::Account(account)) => Ok(account),
            _ => Err(error::account_not_found()),
        }
    }

    /// The unit.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn unit(&self) -> Result<&Unit, ApiError> {
        match &self.found {
            Some(Target::Unit(unit)) => Ok(unit),
            _ => Err(error::unit_not_found()),
        }
    }

    /// Passes if it is the root.
    ///
    /// # Errors
    /// It is none.
    pub(crate) fn root(&self) -> Result<(), ApiError> {
        match &self.found {
            Some(Target::Root) => Ok(()),
            _ => Err(error::root_not_found()),
        }
    }

    /// Passes if it is a root or unit.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn parent(&self) -> Result<(), ApiError> {
        match &self.found {
            Some(Target::Root | Target::Unit(_)) => Ok(()),
            _ => Err(error::parent_not_found()),
        }
    }
}

/// The account of this id, if it is in the organization.
///
/// # Errors
/// The store failed.
pub(crate) async fn member(
    reads: &mut Reads<'_>,
    organization: &Organization,
    account: AccountId,
) -> Result<Option<Arc<Account>>> {
    let found = Account::find(&mut reads.records(), account).await?;
    Ok(found.filter(|account| is_in(account, &organization.id)))
}

/// All accounts of the organization.
///
/// # Errors
/// The store failed.
pub(crate) async fn members(reads: &mut Reads<'_>, organization: &Organization) -> Result<Vec<Arc<Account>>> {
    let mut accounts = Vec::new();
    for member in page::all::<Member>(reads, &member_names(&organization.id)).await? {
        accounts.extend(self::member(reads, organization, member.account).await?);
    }
    Ok(accounts)
}

/// All organizational units of the organization.
///
/// # Errors
/// The store failed.
pub(crate) async fn units(reads: &mut Reads<'_>, organization: &Organization) -> Result<Vec<Arc<Unit>>> {
    page::all(reads, &organization::units(&organization.id)).await
}

/// The accounts that stand directly in a root or unit.
///
/// # Errors
/// The store failed.
pub(crate) async fn members_in(
    reads: &mut Reads<'_>,
    organization: &Organization,
    parent_id: &str,
) -> Result<Vec<Arc<Account>>> {
    let mut members = members(reads, organization).await?;
    members.retain(|account| {
        account.membership.as_ref().is_some_and(|membership| membership.parent_id == parent_id)
    });
    Ok(members)
}

/// All accounts and units of the organization; the root is not among them.
///
/// # Errors
/// The store failed.
pub(crate) async fn everything(reads: &mut Reads<'_>, organization: &Organization) -> Result<Vec<Target>> {
    let mut targets: Vec<_> = units(reads, organization).await?.into_iter().map(Target::Unit).collect();
    targets.extend(members(reads, organization).await?.into_iter().map(Target::Account));
    Ok(targets)
}

/// Writes an organization.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn put_organization(cx: &mut Cx<'_>, organization: Organization) -> Result<()> {
    cx.put(organization::organization_name(&organization.id), organization)
}

/// The units that stand directly in a root or unit.
///
/// # Errors
/// The store failed.
pub(crate) async fn units_in(
    reads: &mut Reads<'_>,
    organization: &Organization,
    parent_id: &str,
) -> Result<Vec<Arc<Unit>>> {
    let mut units = units(reads, organization).await?;
    units.retain(|unit| unit.parent_id == parent_id);
    Ok(units)
}

/// Passes if no unit in the root or unit has the name.
///
/// # Errors
/// One has it, or the store failed.
pub(crate) async fn name_must_be_free(
    reads: &mut Reads<'_>,
    organization: &Organization,
    parent_id: &str,
    name: &str,
) -> Result<()> {
    let units = units_in(reads, organization, parent_id).await?;
    if units.iter().any(|unit| unit.name == name) {
        return Err(error::duplicate_unit().into());
    }
    Ok(())
}

/// The units from `parent_id` up to the root, which is left out.
///
/// # Errors
/// The store failed.
pub(crate) async fn ancestors(
    reads: &mut Reads<'_>,
    organization: &Organization,
    parent_id: &str,
) -> Result<Vec<Arc<Unit>>> {
    let (mut units, mut parent_id) = (Vec::new(), parent_id.to_owned());
    for _ in 0..UNIT_DEPTH_MAX {
        let found = Unit::find(&mut reads.records(), &organization.id, &parent_id).await?;
        let Some(unit) = found else { break };
        parent_id.clone_from(&unit.parent_id);
        units.push(unit);
    }
    Ok(units)
}

/// The path of a root or unit, e.g. `o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/`.
///
/// # Errors
/// The store failed.
pub(crate) async fn path(
    reads: &mut Reads<'_>,
    organization: &Organization,
    parent_id: &str,
) -> Result<String> {
    let mut path = format!("{}/{}/", organization.id, organization.root.id);
    for unit in ancestors(reads, organization, parent_id).await?.iter().rev() {
        path.push_str(&unit.id);
        path.push('/');
    }
    Ok(path)
}

/// Writes an account, and that it is a member where it has become one.
///
/// # Errors
/// The store failed.
pub(crate) async fn put_account(cx: &mut Cx<'_>, account: Account) -> Result<()> {
    if let Some(membership) = &account.membership {
        let name = member_name(&membership.organization_id, account.account);
        if cx.get::<Member>(&name).await?.is_none() {
            cx.put(name, Member { account: account.account })?;
        }
    }
    cx.put(account::account_name(account.account), account)
}

/// What is attached to an account or unit that comes into the organization: for each type that is enabled, the policy
/// of AWS's own that allows everything.
#[must_use]
pub(crate) fn first_policies(organization: &Organization) -> Vec<String> {
    let full_access = |policy_type: &OrganizationPolicyType| policy_type.full_access().to_owned();
    organization.root.policy_types.iter().map(full_access).collect()
}

/// The name of the record that an account is a member.
#[must_use]
pub(crate) fn member_name(organization_id: &str, account: AccountId) -> Name {
    Name::table(MEMBERS).part(organization_id).part(account.as_str()).name()
}

/// The records of all members.
#[must_use]
pub(crate) fn member_names(organization_id: &str) -> NameRange {
    Name::table(MEMBERS).part(organization_id).range()
}

fn is_in(account: &Account, organization_id: &str) -> bool {
    account.membership.as_ref().is_some_and(|membership| membership.organization_id == organization_id)
}

/// A number of records, as quotas count.
#[must_use]
pub(crate) fn count(records: usize) -> u64 {
    u64::try_from(records).unwrap_or(u64::MAX)
}
