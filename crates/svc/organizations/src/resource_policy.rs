//! The organization's resource policy, which delegates work to member accounts.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html>

use alcazar_api_organizations::types;
use alcazar_engine::{Cx, Reads, Result};
use alcazar_identity::document::Document;
use alcazar_identity::organization::{Organization, OrganizationResourcePolicy};
use alcazar_policy::{PolicyDocument, PolicyKind, PrincipalId};

use crate::{arn, error};

/// What can be delegated, in the order of the names: what reads, and the work on policies and tags.
const DELEGABLE: [&str; 33] = [
    "attachpolicy",
    "createpolicy",
    "deletepolicy",
    "describeaccount",
    "describecreateaccountstatus",
    "describeeffectivepolicy",
    "describehandshake",
    "describeorganization",
    "describeorganizationalunit",
    "describepolicy",
    "describeresourcepolicy",
    "detachpolicy",
    "disablepolicytype",
    "enablepolicytype",
    "listaccounts",
    "listaccountsforparent",
    "listawsserviceaccessfororganization",
    "listchildren",
    "listcreateaccountstatus",
    "listdelegatedadministrators",
    "listdelegatedservicesforaccount",
    "listhandshakesforaccount",
    "listhandshakesfororganization",
    "listorganizationalunitsforparent",
    "listparents",
    "listpolicies",
    "listpoliciesfortarget",
    "listroots",
    "listtagsforresource",
    "listtargetsforpolicy",
    "tagresource",
    "untagresource",
    "updatepolicy",
];

/// Reads a resource policy.
///
/// # Errors
/// It is none; it is about something that cannot be delegated, or about someone who cannot be delegated to; or the
/// store failed.
pub(crate) async fn read(cx: &mut Cx<'_>, text: &str) -> Result<Document> {
    let policy = PolicyDocument::parse(text, PolicyKind::Resource);
    let policy = policy.map_err(|_| error::input::resource_policy())?;
    let mut actions = policy.statements().iter().map(|statement| &statement.actions);
    if !actions.all(|actions| !actions.negated && actions.patterns.iter().all(|one| is_delegable(one))) {
        return Err(error::input::unsupported_action().into());
    }
    let mut principals = policy.statements().iter().filter_map(|statement| statement.principals.as_ref());
    if !principals.all(|principals| !principals.negated && principals.ids.iter().all(is_of_an_account)) {
        return Err(error::input::principal().into());
    }
    for arn in policy.identities() {
        if !cx.principal_exists(arn).await? {
            return Err(error::input::principal().into());
        }
    }
    Document::of_bound(cx, text, &policy).await
}

/// Whether an action can be delegated. A pattern stands for what it matches of that.
fn is_delegable(pattern: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    let Some(name) = pattern.strip_prefix("organizations:") else { return false };
    name.contains(['*', '?']) || DELEGABLE.binary_search(&name).is_ok()
}

/// Whether it is an account, or someone in one.
fn is_of_an_account(principal: &PrincipalId) -> bool {
    matches!(principal, PrincipalId::Everyone | PrincipalId::Account(_) | PrincipalId::Identity(_))
}

/// The policy as answers have it.
///
/// # Errors
/// The store failed.
pub(crate) async fn shown(
    reads: &mut Reads<'_>,
    organization: &Organization,
    policy: &OrganizationResourcePolicy,
) -> Result<types::ResourcePolicy> {
    Ok(types::ResourcePolicy {
        resource_policy_summary: Some(types::ResourcePolicySummary {
            id: Some(policy.id.clone()),
            arn: Some(arn::resource_policy(organization, &policy.id)),
        }),
        content: Some(policy.document.told(reads).await?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_and_the_work_on_policies_can_be_delegated() {
        assert!(DELEGABLE.is_sorted());
        for delegable in ["organizations:CreatePolicy", "Organizations:listRoots", "organizations:Describe*"]
        {
            assert!(is_delegable(delegable), "{delegable}");
        }
        for kept in ["*", "organizations:CreateAccount", "organizations:PutResourcePolicy", "iam:ListRoles"] {
            assert!(!is_delegable(kept), "{kept}");
        }
    }
}
