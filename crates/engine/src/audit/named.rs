//! The resources of an event by the names that the event history knows them by.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Resource.html>

use minicbor::{Decode, Encode};

use super::{AuditEvent, Resource};

/// Something by its type and name. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct NamedResource {
    /// Its type, e.g. `AWS::IAM::AccessKey`.
    #[n(0)]
    pub kind: String,
    /// Its name.
    #[n(1)]
    pub name: String,
}

impl AuditEvent {
    /// The type and name of every resource that the event history tells of; none for what a service did in its own name.
    pub fn named_resources(&self) -> impl Iterator<Item = (&str, &str)> {
        let by_service = self.identity.as_ref().is_some_and(|identity| identity.kind == "AWSService");
        let resources = if by_service { &[] } else { self.resources.as_slice() };
        let names = self.names.iter().map(|named| (named.kind.as_str(), named.name.as_str()));
        let resources = resources
            .iter()
            .filter(|resource| !resource.kind.is_empty())
            .map(|resource| (resource.kind.as_str(), resource.name()));
        names.chain(resources)
    }
}

impl Resource {
    /// What the event history calls it: keys and roles by their ARNs, others by what stands last in them.
    fn name(&self) -> &str {
        match self.kind.as_str() {
            "AWS::KMS::Key" | "AWS::IAM::Role" => &self.arn,
            _ => self.arn.rsplit(['/', ':']).next().unwrap_or(&self.arn),
        }
    }
}
