//! The caller's place in an organization, and what it may do from there.
//!
//! Beside policies, the account that calls decides: some operations are every member's, those that only read are the
//! delegated administrators' too, and the others the management account's, which may delegate some of them by the
//! organization's resource policy. Policies decide first; a caller whom they allow nothing learns nothing.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html>

use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_engine::{CallInfo, Check, Reads, Result, Rule};
use alcazar_identity::account::Account;
use alcazar_identity::organization::Organization;
use alcazar_policy::{CompiledPolicy, PolicyKind};
use alcazar_shape::ApiError;

use crate::{access, error};

/// Whose accounts an operation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Every account's in the organization.
    Members,
    /// The management account's and the delegated administrators', and whom the resource policy names.
    Readers,
    /// The management account's, and whom the resource policy names.
    Delegates,
    /// The management account's alone.
    Management,
}

/// The caller's account and its organization.
#[derive(Debug)]
pub struct Place {
    account: AccountId,
    record: Option<Arc<Account>>,
    organization: Option<Arc<Organization>>,
    delegation: Option<Arc<CompiledPolicy>>,
}

/// How the account that calls comes to do something.
enum Way<'a> {
    /// It is one of those whose operation it is.
    Own,
    /// The resource policy may let it.
    Delegated(&'a Arc<CompiledPolicy>),
    /// It does not.
    Closed,
}

impl Place {
    /// The caller's.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>) -> Result<Self> {
        let account = reads.account();
        let mut records = reads.records();
        let record = Account::find(&mut records, account).await?;
        let membership = record.as_ref().and_then(|record| record.membership.as_ref());
        let organization = match membership {
            Some(membership) => Organization::find(&mut records, &membership.organization_id).await?,
            None => None,
        };
        let policy = organization.as_ref().and_then(|organization| organization.resource_policy.as_ref());
        let delegation = policy.map(|policy| policy.document.compiled(PolicyKind::Resource)).transpose()?;
        Ok(Self { account, record, organization, delegation })
    }

    /// The caller's account.
    #[must_use]
    pub(crate) fn account(&self) -> AccountId {
        self.account
    }

    /// The record of the caller's account, if it has one.
    #[must_use]
    pub(crate) fn record(&self) -> Option<&Arc<Account>> {
        self.record.as_ref()
    }

    /// The caller's organization, if its account is in one.
    #[must_use]
    pub(crate) fn found(&self) -> Option<&Arc<Organization>> {
        self.organization.as_ref()
    }

    /// The question whether the caller may do `action`, which is `audience`'s, on what `resource` says; on no resource
    /// in particular where the caller is in no organization.
    #[must_use]
    pub(crate) fn check(
        &self,
        call: &CallInfo,
        action: &'static str,
        audience: Audience,
        kind: &'static str,
        resource: impl FnOnce(&Organization) -> String,
    ) -> Check {
        let Some(organization) = &self.organization else {
            return access::check(call, action, "*".to_owned(), "");
        };
        let mut check = access::check(call, action, resource(organization), kind);
        if let Way::Delegated(policy) = self.way(organization, audience) {
            check.owner = organization.management_account;
            check.rule = Rule::ResourcePolicy(policy.clone());
            check.denial = Some(error::access_denied());
        }
        check
    }

    /// The same about no resource in particular.
    #[must_use]
    pub(crate) fn organization_check(
        &self,
        call: &CallInfo,
        action: &'static str,
        audience: Audience,
    ) -> Check {
        self.check(call, action, audience, "", |_| "*".to_owned())
    }

    /// The organization, for an operation that is `audience`'s and that policies have allowed.
    ///
    /// # Errors
    /// The caller's account is in no organization, or is none of the audience.
    pub(crate) fn organization(&self, audience: Audience) -> Result<&Arc<Organization>, ApiError> {
        let organization = self.organization.as_ref().ok_or_else(error::not_in_use)?;
        match self.way(organization, audience) {
            Way::Own | Way::Delegated(_) => Ok(organization),
            Way::Closed => Err(error::access_denied()),
        }
    }

    fn way(&self, organization: &Organization, audience: Audience) -> Way<'_> {
        let mut administrators = organization.delegated_administrators.iter();
        let mut is_administrator = || administrators.any(|delegated| delegated.account == self.account);
        match (audience, &self.delegation) {
            _ if organization.management_account == self.account => Way::Own,
            (Audience::Members, _) => Way::Own,
            (Audience::Readers, _) if is_administrator() => Way::Own,
            (Audience::Readers | Audience::Delegates, Some(policy)) => Way::Delegated(policy),
            _ => Way::Closed,
        }
    }
}
