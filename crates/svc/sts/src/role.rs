//! The role that is to be assumed, and the questions whether it may be.
//!
//! Nobody who may not assume a role learns whether it exists: a role that does not is one that trusts nobody.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html>

use std::sync::Arc;

use alcazar_base::{AccountId, Arn};
use alcazar_engine::{Check, Error, Reads, Result, Rule};
use alcazar_identity::role::Role;
use alcazar_identity::tag::Tag;
use alcazar_policy::{CompiledPolicy, Context, PolicyKind};

use crate::error;

/// A role that a caller named, whether or not there is one.
pub(crate) struct NamedRole {
    /// The ARN as it was given.
    pub(crate) arn: String,
    /// The account in it.
    pub(crate) account: AccountId,
    role: Option<Arc<Role>>,
    trust: Option<Arc<CompiledPolicy>>,
}

impl NamedRole {
    /// Finds the role of an ARN.
    ///
    /// # Errors
    /// It is no ARN in an account, or the store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, arn: &str) -> Result<Self> {
        let account = account_of(arn).ok_or_else(|| error::invalid_arn(arn))?;
        let role = Role::find_by_arn(&mut reads.records(), arn).await?;
        let trust = role.as_ref().map(|role| role.trust.compiled(PolicyKind::Trust)).transpose()?;
        Ok(Self { arn: arn.to_owned(), account, role, trust })
    }

    /// The role, after the decision, which nobody passes without one.
    ///
    /// # Errors
    /// There is none, and the decision was passed.
    pub(crate) fn role(&self) -> Result<&Role> {
        self.role.as_deref().ok_or_else(|| Error::invariant("a role that does not exist trusts somebody"))
    }

    /// The question whether the caller may do `action` on the role.
    pub(crate) fn check(&self, action: &'static str, context: Context) -> Check {
        let rule = Rule::TrustPolicy(self.trust.clone());
        let check = Check::new(action, &self.arn, "AWS::IAM::Role", self.account);
        let mut check = Check { rule, context, ..check };
        let tags = || self.role.iter().flat_map(|role| role.tags.iter().map(Tag::pair));
        check.context.add_resource_tags(tags());
        check.context.add_tags("iam:ResourceTag/", tags());
        check
    }
}

/// The account of an ARN that could be a role's.
fn account_of(arn: &str) -> Option<AccountId> {
    let arn: Arn = arn.parse().ok()?;
    let is_whole = arn.partition.starts_with("aws") && !arn.service.is_empty() && !arn.resource.is_empty();
    arn.account.parse().ok().filter(|_| is_whole)
}
