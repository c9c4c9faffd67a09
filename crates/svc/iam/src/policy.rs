//! Managed policies by their ARNs, AWS's own and customers'.

use std::collections::HashMap;
use std::sync::Arc;

use alcazar_api_iam::types;
use alcazar_base::{AccountId, Arn, Timestamp};
use alcazar_engine::{CallInfo, Check, Cx, Reads, Result};
use alcazar_identity::attachment::{self, Attachment, Usage};
use alcazar_identity::aws_managed::{self, AwsManagedPolicy};
use alcazar_identity::document::Document;
use alcazar_identity::group::{self, Group};
use alcazar_identity::managed_policy::{self, ManagedPolicy, PolicyVersion};
use alcazar_identity::role::{self, Role};
use alcazar_identity::tag::Tag;
use alcazar_identity::user::{self, User};
use alcazar_shape::ApiError;

use crate::named::Holder;
use crate::{access, error, page};

/// A managed policy.
#[derive(Debug, Clone)]
pub(crate) enum Policy {
    /// One that AWS maintains.
    Aws(&'static AwsManagedPolicy),
    /// One of the account's own.
    Customer(Arc<ManagedPolicy>),
}

impl Policy {
    /// The policy of an ARN, if it is AWS's own or the caller's account's.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, arn: &str) -> Result<Option<Self>> {
        if let Some(policy) = aws_managed::find(arn) {
            return Ok(Some(Self::Aws(policy)));
        }
        let account = reads.account();
        let found = ManagedPolicy::find_by_arn(&mut reads.records(), arn).await?;
        Ok(found.filter(|policy| policy.account == account).map(Self::Customer))
    }

    /// The unique id.
    #[must_use]
    pub(crate) fn id(&self) -> String {
        match self {
            Self::Aws(policy) => policy.id(),
            Self::Customer(policy) => policy.policy_id.clone(),
        }
    }

    /// The ARN.
    #[must_use]
    pub(crate) fn arn(&self) -> String {
        match self {
            Self::Aws(policy) => policy.arn(),
            Self::Customer(policy) => policy.arn(),
        }
    }

    /// The name.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Aws(policy) => policy.name,
            Self::Customer(policy) => &policy.name,
        }
    }

    /// The path.
    #[must_use]
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Aws(policy) => policy.path,
            Self::Customer(policy) => &policy.path,
        }
    }

    /// The tags; AWS's policies have none.
    #[must_use]
    pub(crate) fn tags(&self) -> &[Tag] {
        match self {
            Self::Aws(_) => &[],
            Self::Customer(policy) => &policy.tags,
        }
    }

    /// What it is for.
    #[must_use]
    pub(crate) fn description(&self) -> Option<&str> {
        match self {
            Self::Aws(policy) => policy.description,
            Self::Customer(policy) => policy.description.as_deref(),
        }
    }

    /// The versions, the newest first.
    #[must_use]
    pub(crate) fn versions(&self) -> Vec<Version<'_>> {
        match self {
            Self::Aws(policy) => {
                let AwsManagedPolicy { version, updated, document, .. } = policy;
                vec![Version { number: *version, is_default: true, created: *updated, document }]
            }
            Self::Customer(policy) => {
                policy.versions.iter().rev().map(|version| Version::of(policy, version)).collect()
            }
        }
    }

    /// The version of an id.
    #[must_use]
    pub(crate) fn version(&self, version_id: &str) -> Option<Version<'_>> {
        let number = number_of(version_id)?;
        self.versions().into_iter().find(|version| version.number == number)
    }

    /// The policy as lists show it.
    #[must_use]
    pub(crate) fn listed(&self, usages: Usages) -> types::Policy {
        match self {
            Self::Aws(policy) => types::Policy {
                policy_name: Some(policy.name.to_owned()),
                policy_id: Some(policy.id()),
                arn: Some(policy.arn()),
                path: Some(policy.path.to_owned()),
                default_version_id: Some(version_id(policy.version)),
                attachment_count: i32::try_from(usages.attachments).ok(),
                permissions_boundary_usage_count: i32::try_from(usages.boundaries).ok(),
                is_attachable: Some(true),
                create_date: Some(policy.created),
                update_date: Some(policy.updated),
                ..types::Policy::default()
            },
            Self::Customer(policy) => listed(policy, usages),
        }
    }
}

/// A version of a policy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Version<'a> {
    /// Its number.
    pub(crate) number: u32,
    /// Whether it is the one that counts.
    pub(crate) is_default: bool,
    created: Timestamp,
    /// What it says.
    pub(crate) document: &'a Document,
}

impl<'a> Version<'a> {
    /// A version of a customer's policy.
    #[must_use]
    pub(crate) fn of(policy: &ManagedPolicy, version: &'a PolicyVersion) -> Self {
        Self {
            number: version.number,
            is_default: version.number == policy.default_version,
            created: version.created,
            document: &version.document,
        }
    }

    /// The version as lists show it, without what it says.
    #[must_use]
    pub(crate) fn listed(&self) -> types::PolicyVersion {
        types::PolicyVersion {
            document: None,
            version_id: Some(version_id(self.number)),
            is_default_version: Some(self.is_default),
            create_date: Some(self.created),
        }
    }
}

/// The managed policy that a request names: there may be none of the ARN.
#[derive(Debug, Clone)]
pub struct Target {
    arn: String,
    policy: Option<Policy>,
}

impl Target {
    /// Finds it.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, arn: &str) -> Result<Self> {
        Ok(Self { arn: arn.to_owned(), policy: Policy::find(reads, arn).await? })
    }

    /// The question whether the caller may do `action` on it.
    #[must_use]
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        let mut check = access::check(call, action, self.arn.clone(), TYPE);
        check.context.add_resource_tags(self.policy.iter().flat_map(Policy::tags).map(Tag::pair));
        check
    }

    /// The policy.
    ///
    /// # Errors
    /// There is none of the ARN.
    pub(crate) fn existing(&self) -> Result<&Policy, ApiError> {
        self.must_be_arn()?;
        self.policy.as_ref().ok_or_else(|| error::policy_not_found(&self.arn))
    }

    /// A version of the policy.
    ///
    /// # Errors
    /// There is no such policy, or no such version of it.
    pub(crate) fn version(&self, version_id: &str) -> Result<Version<'_>, ApiError> {
        self.must_be_arn()?;
        let version = self.policy.as_ref().and_then(|policy| policy.version(version_id));
        version.ok_or_else(|| error::no_such_version(&self.arn, version_id))
    }

    /// A copy of the policy, to be changed by `action` and put back.
    ///
    /// # Errors
    /// There is none of the ARN, or AWS maintains it.
    pub(crate) fn to_changed(&self, call: &CallInfo, action: &str) -> Result<ManagedPolicy, ApiError> {
        match self.existing()? {
            Policy::Customer(policy) => Ok(ManagedPolicy::clone(policy)),
            Policy::Aws(_) => Err(error::aws_maintains(call.caller.arn(), action, &self.arn)),
        }
    }

    fn must_be_arn(&self) -> Result<(), ApiError> {
        let is_arn = self.arn.parse::<Arn>().is_ok();
        if is_arn { Ok(()) } else { Err(error::invalid_arn(&self.arn)) }
    }
}

/// Writes a customer's policy back.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn put(cx: &mut Cx<'_>, policy: ManagedPolicy) -> Result<()> {
    cx.put(managed_policy::policy_name(&cx.keyring(), policy.account, &policy.name), policy)
}

/// A managed policy's type in audit events.
pub(crate) const TYPE: &str = "AWS::IAM::Policy";

/// How often a policy is used in the caller's account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usages {
    /// How many users, groups and roles it is attached to.
    pub(crate) attachments: usize,
    /// How many users and roles it limits.
    pub(crate) boundaries: usize,
}

/// A customer managed policy as lists show it.
#[must_use]
pub(crate) fn listed(policy: &ManagedPolicy, usages: Usages) -> types::Policy {
    types::Policy {
        policy_name: Some(policy.name.clone()),
        policy_id: Some(policy.policy_id.clone()),
        arn: Some(policy.arn()),
        path: Some(policy.path.clone()),
        default_version_id: Some(version_id(policy.default_version)),
        attachment_count: i32::try_from(usages.attachments).ok(),
        permissions_boundary_usage_count: i32::try_from(usages.boundaries).ok(),
        is_attachable: Some(true),
        create_date: Some(policy.created),
        update_date: Some(policy.updated),
        ..types::Policy::default()
    }
}

/// How often a policy is used in the caller's account.
///
/// # Errors
/// The store failed.
pub(crate) async fn usages(reads: &mut Reads<'_>, policy: &Policy) -> Result<Usages> {
    let (account, id) = (reads.account(), policy.id());
    let attachments = attachment::attachments(account, &id, Usage::Permissions);
    let boundaries = attachment::attachments(account, &id, Usage::Boundary);
    Ok(Usages {
        attachments: page::all::<Attachment>(reads, &attachments).await?.len(),
        boundaries: page::all::<Attachment>(reads, &boundaries).await?.len(),
    })
}

/// How often each policy is used in the account, by the policies' ARNs.
///
/// # Errors
/// The store failed.
pub(crate) async fn all_usages(reads: &mut Reads<'_>) -> Result<HashMap<String, Usages>> {
    let account = reads.account();
    let mut usages = HashMap::new();
    count::<User>(&mut usages, &page::all(reads, &user::users(account)).await?);
    count::<Group>(&mut usages, &page::all(reads, &group::groups(account)).await?);
    count::<Role>(&mut usages, &page::all(reads, &role::roles(account)).await?);
    Ok(usages)
}

fn count<H: Holder>(usages: &mut HashMap<String, Usages>, holders: &[Arc<H>]) {
    for holder in holders {
        for arn in holder.attached() {
            usages.entry(arn.clone()).or_default().attachments += 1;
        }
        if let Some(arn) = holder.boundary() {
            usages.entry(arn.to_owned()).or_default().boundaries += 1;
        }
    }
}

/// All managed policies of the account, and AWS's own.
///
/// # Errors
/// The store failed.
pub(crate) async fn all(reads: &mut Reads<'_>, account: AccountId) -> Result<Vec<Policy>> {
    let customers = page::all::<ManagedPolicy>(reads, &managed_policy::policies(account)).await?;
    let aws = aws_managed::all().iter().map(Policy::Aws);
    Ok(customers.into_iter().map(Policy::Customer).chain(aws).collect())
}

/// The number of a version's id.
fn number_of(version_id: &str) -> Option<u32> {
    version_id.strip_prefix('v')?.parse().ok()
}

/// A version's id, e.g. `v1`.
#[must_use]
pub(crate) fn version_id(number: u32) -> String {
    format!("v{number}")
}

/// The unique id of the policy of an ARN, if there is one.
///
/// # Errors
/// The store failed.
pub(crate) async fn id_of(reads: &mut Reads<'_>, arn: &str) -> Result<Option<String>> {
    Ok(Policy::find(reads, arn).await?.map(|policy| policy.id()))
}
