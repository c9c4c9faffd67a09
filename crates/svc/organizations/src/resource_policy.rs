//! The organization's resource policy, which delegates work to member accounts.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html>

use alcazar_api_organizations::types;
use alcazar_engine::{Cx, Reads, Result};
use alcazar_identity::document::Document;
use alcazar_identity::organization::{Organization, OrganizationResourcePolicy};
use alcazar_policy::{PolicyDocument, PolicyKind};

use crate::{arn, error};

/// Reads a resource policy.
///
/// # Errors
/// It is none, or the store failed.
pub(crate) async fn read(cx: &mut Cx<'_>, text: &str) -> Result<Document> {
    let policy =
        PolicyDocument::parse(text, PolicyKind::Resource).map_err(|_| error::malformed_resource_policy())?;
    Document::of_bound(cx, text, &policy).await
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
