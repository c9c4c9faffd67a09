//! The managed policies that AWS maintains, as far as they are about services here.
//!
//! Each is a file beside this one, written from the permissions that AWS documents. All accounts share them, and
//! nobody changes them.
//!
//! Source: <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html>

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use alcazar_engine::{Error, Result};
use alcazar_policy::{CompiledPolicy, PolicyKind};

use crate::document::Document;
use crate::organization::OrganizationPolicyType;
use crate::unique_id::{self, IdKind};

/// A policy that AWS maintains.
#[derive(Debug)]
pub struct AwsManagedPolicy {
    /// Its name.
    pub name: &'static str,
    /// Its path, which begins and ends with a slash.
    pub path: &'static str,
    /// The number of its default version, as AWS has it.
    pub version: u32,
    /// What it says.
    pub document: Document,
}

/// What stands in the list below: name, path, version, text.
type Source = (&'static str, &'static str, u32, &'static str);

/// The policies, in the order of their names.
const SOURCES: &[Source] =
    &[("AdministratorAccess", "/", 1, include_str!("aws_managed/AdministratorAccess.json"))];

static POLICIES: LazyLock<Vec<AwsManagedPolicy>> = LazyLock::new(|| {
    let policy = |(name, path, version, text): &Source| {
        // A test holds every text to be a policy.
        let document = Document::parse(text.trim_end(), PolicyKind::Identity).ok()?;
        Some(AwsManagedPolicy { name, path, version: *version, document })
    };
    SOURCES.iter().filter_map(policy).collect()
});

static BY_ARN: LazyLock<HashMap<String, &'static AwsManagedPolicy>> =
    LazyLock::new(|| POLICIES.iter().map(|policy| (policy.arn(), policy)).collect());

impl AwsManagedPolicy {
    /// The ARN.
    #[must_use]
    pub fn arn(&self) -> String {
        format!("arn:aws:iam::aws:policy{}{}", self.path, self.name)
    }

    /// The unique id, which follows from the name.
    #[must_use]
    pub fn id(&self) -> String {
        let mut bytes = [0_u8; 11];
        for (index, byte) in self.name.bytes().enumerate() {
            if let Some(slot) = bytes.get_mut(index % 11) {
                *slot = slot.wrapping_mul(31).wrapping_add(byte);
            }
        }
        unique_id::spelled(IdKind::ManagedPolicy, &bytes)
    }

    /// The policy, compiled.
    ///
    /// # Errors
    /// Never: what is in the list has been parsed.
    pub fn compiled(&self) -> Result<Arc<CompiledPolicy>> {
        self.document.compiled(PolicyKind::Identity)
    }
}

/// All policies that AWS maintains here, in the order of their names.
#[must_use]
pub fn all() -> &'static [AwsManagedPolicy] {
    &POLICIES
}

/// The policy of an ARN.
#[must_use]
pub fn find(arn: &str) -> Option<&'static AwsManagedPolicy> {
    if !arn.starts_with("arn:aws:iam::aws:policy/") {
        return None;
    }
    BY_ARN.get(arn).copied()
}

/// The policy that everything in an organization has while a type of policies is enabled.
///
/// # Errors
/// Never: its text is a policy.
pub fn organization_full_access(policy_type: OrganizationPolicyType) -> Result<Arc<CompiledPolicy>> {
    static SERVICE_CONTROL: LazyLock<Option<Document>> = LazyLock::new(|| {
        let text = full_access_text(OrganizationPolicyType::ServiceControl);
        Document::parse(text, PolicyKind::ServiceControl).ok()
    });
    // A resource control policy may only deny; this one of AWS's own allows everything.
    static RESOURCE_CONTROL: LazyLock<Option<Document>> = LazyLock::new(|| {
        let text = full_access_text(OrganizationPolicyType::ResourceControl);
        Document::parse(text, PolicyKind::Resource).ok()
    });
    let (document, kind) = match policy_type {
        OrganizationPolicyType::ServiceControl => (&*SERVICE_CONTROL, PolicyKind::ServiceControl),
        OrganizationPolicyType::ResourceControl => (&*RESOURCE_CONTROL, PolicyKind::Resource),
    };
    let document = document.as_ref().ok_or_else(|| Error::invariant("full access is no policy"))?;
    document.compiled(kind)
}

/// What that policy says.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
#[must_use]
pub fn full_access_text(policy_type: OrganizationPolicyType) -> &'static str {
    match policy_type {
        OrganizationPolicyType::ServiceControl => {
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
        }
        OrganizationPolicyType::ResourceControl => {
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_a_policy_with_a_name_and_an_id_of_its_own() {
        assert_eq!(all().len(), SOURCES.len());
        let mut ids: Vec<_> = all().iter().map(AwsManagedPolicy::id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), SOURCES.len());
        assert!(all().is_sorted_by_key(|policy| policy.name));
        for policy in all() {
            assert_eq!(find(&policy.arn()).map(|found| found.name), Some(policy.name));
        }
    }

    #[test]
    fn full_access_is_a_policy_of_both_types() {
        organization_full_access(OrganizationPolicyType::ServiceControl).unwrap();
        organization_full_access(OrganizationPolicyType::ResourceControl).unwrap();
    }
}
