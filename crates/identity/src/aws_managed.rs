//! The managed policies that AWS maintains, as far as they are about services here or about a job.
//!
//! Each is a file beside this one, written from the permissions that AWS publishes: the actions, resources and
//! conditions of its default version as of September 2026, without the statements' names. Of the policies about all of
//! AWS, such as `ReadOnlyAccess`, `SecurityAudit` and those of jobs, they have what is about services near those here.
//! All accounts share these policies, and nobody changes them.
//!
//! Source: <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html>

mod sources;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use alcazar_base::Timestamp;
use alcazar_engine::{Error, Result};
use alcazar_policy::{CompiledPolicy, PolicyKind};
use serde::Deserialize;
use serde_json::value::RawValue;

use self::sources::SOURCES;
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
    /// The number of its default version, as AWS has it. It is the only version here.
    pub version: u32,
    /// When AWS made it.
    pub created: Timestamp,
    /// When AWS made its default version.
    pub updated: Timestamp,
    /// What AWS says that it is for.
    pub description: Option<&'static str>,
    /// What it says.
    pub document: Document,
}

/// A policy as its file has it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Source<'t> {
    name: &'t str,
    path: &'t str,
    version: u32,
    created: &'t str,
    updated: &'t str,
    description: Option<&'t str>,
    #[serde(borrow)]
    document: &'t RawValue,
}

/// The policies, in the order of their names.
static POLICIES: LazyLock<Vec<AwsManagedPolicy>> = LazyLock::new(|| {
    // A test holds every text to be a policy.
    let mut policies: Vec<_> = SOURCES.iter().copied().flatten().filter_map(|text| read(text)).collect();
    policies.sort_by_key(|policy| policy.name);
    policies
});

static BY_ARN: LazyLock<HashMap<String, &'static AwsManagedPolicy>> =
    LazyLock::new(|| POLICIES.iter().map(|policy| (policy.arn(), policy)).collect());

fn read(text: &'static str) -> Option<AwsManagedPolicy> {
    let Source { name, path, version, created, updated, description, document } =
        serde_json::from_str(text).ok()?;
    // The document stands two spaces further in than it would by itself.
    let document = document.get().replace("\n  ", "\n");
    Some(AwsManagedPolicy {
        name,
        path,
        version,
        created: Timestamp::parse_iso8601(created).ok()?,
        updated: Timestamp::parse_iso8601(updated).ok()?,
        description,
        document: Document::parse(&document, PolicyKind::Identity).ok()?,
    })
}

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
        let texts = SOURCES.iter().map(|group| group.len()).sum::<usize>();
        let unread: Vec<_> = SOURCES.iter().copied().flatten().filter(|text| read(text).is_none()).collect();
        assert!(unread.is_empty(), "{unread:?}");
        assert_eq!((all().len(), BY_ARN.len()), (texts, texts));
        let mut ids: Vec<_> = all().iter().map(AwsManagedPolicy::id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), texts);
        for policy in all() {
            assert_eq!(find(&policy.arn()).map(|found| found.name), Some(policy.name));
            assert!(policy.path.starts_with('/') && policy.path.ends_with('/'), "{}", policy.name);
            assert!(policy.created <= policy.updated && policy.version > 0, "{}", policy.name);
            assert!(policy.document.text.starts_with("{\n  \"Version\": \"2012-10-17\""), "{}", policy.name);
        }
    }

    #[test]
    fn every_file_is_in_the_list() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/src/aws_managed");
        let files = std::fs::read_dir(directory).unwrap().filter_map(|file| {
            let name = file.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(".json").map(str::to_owned)
        });
        let mut files: Vec<String> = files.collect();
        files.sort();
        assert_eq!(files, all().iter().map(|policy| policy.name).collect::<Vec<_>>());
    }

    #[test]
    fn policies_are_found_by_their_whole_arns() {
        let find = |path_and_name: &str| find(&format!("arn:aws:iam::aws:policy/{path_and_name}"));
        let of_job = find("job-function/ViewOnlyAccess").unwrap();
        assert_eq!((of_job.name, of_job.version > 40), ("ViewOnlyAccess", true));
        assert!(find("ViewOnlyAccess").is_none() && find("service-role/AdministratorAccess").is_none());
        assert!(find("root-task/SQSUnlockQueuePolicy").is_some());
    }

    #[test]
    fn full_access_is_a_policy_of_both_types() {
        organization_full_access(OrganizationPolicyType::ServiceControl).unwrap();
        organization_full_access(OrganizationPolicyType::ResourceControl).unwrap();
    }
}
