//! Managed policies by their ARNs, AWS's own and customers'.

use std::sync::Arc;

use alcazar_api_iam::types;
use alcazar_engine::{Reads, Result};
use alcazar_identity::aws_managed::{self, AwsManagedPolicy};
use alcazar_identity::managed_policy::ManagedPolicy;

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
