//! Managed policies by their ARNs, AWS's own and customers'.

use std::sync::Arc;

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

/// The unique id of the policy of an ARN, if there is one.
///
/// # Errors
/// The store failed.
pub(crate) async fn id_of(reads: &mut Reads<'_>, arn: &str) -> Result<Option<String>> {
    Ok(Policy::find(reads, arn).await?.map(|policy| policy.id()))
}
