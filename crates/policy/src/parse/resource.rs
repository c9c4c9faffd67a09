//! The `Resource` and `NotResource` elements.
//!
//! IAM looks closer at the resources of a policy that is written to it than the services at those of theirs.

use super::{Faults, ParseError, ParseReason, Reading, each};
use crate::arn;
use crate::document::Resources;
use crate::json::Json;
use crate::place::Place;
use crate::variable::Template;

/// What IAM finds wrong with a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResourceFault {
    /// It is no ARN.
    NotArn,
    /// Its second part is no partition.
    Partition,
    /// It names no service, or several by wildcards.
    Service,
    /// It has a region, which resources of IAM do not have.
    RegionOfIam,
    /// It has a region and no account, which resources of S3 do not have.
    RegionOfS3,
    /// IAM has no such type of resources.
    TypeOfIam,
}

const PARTITIONS: [&str; 8] =
    ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"];

/// What the resources of IAM begin with.
pub(super) const IAM_TYPES: [&str; 13] = [
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
];

pub(super) fn resources(
    json: &Json,
    negated: bool,
    place: Place<'_>,
    reading: Reading,
    faults: &mut Faults,
) -> Result<Resources, ParseError> {
    let patterns = each(json, place, |text, place| {
        let template =
            Template::parse(text, reading.version).map_err(|error| ParseReason::Variable(error).at(place))?;
        let not_arn = (!arn::is_resource(&template)).then_some(ResourceFault::NotArn);
        if let Some(fault) = fault(text).filter(|_| reading.for_iam).or(not_arn) {
            faults.keep(ParseReason::resource(text, fault).at(place));
        } else if reading.for_iam && fails_legacy_parsing(text) {
            faults.keep(ParseReason::legacy_resource(text).at(place));
        }
        Ok(template)
    })?;
    if patterns.is_empty() {
        faults.keep(ParseReason::Missing("Resource").at(place));
    }
    Ok(Resources { negated, patterns })
}

/// The first fault that IAM tells of a resource.
fn fault(text: &str) -> Option<ResourceFault> {
    if text.bytes().all(|byte| byte == b'*') && !text.is_empty() {
        return None;
    }
    let mut parts = text.splitn(6, ':').skip(1);
    let mut next = || parts.next();
    let Some(partition) = next() else { return Some(ResourceFault::NotArn) };
    let has_wildcard = |text: &str| text.contains(['*', '?']);
    if !PARTITIONS.contains(&partition) && !has_wildcard(partition) {
        return Some(ResourceFault::Partition);
    }
    let Some(service) = next().filter(|service| !has_wildcard(service)) else {
        return Some(ResourceFault::Service);
    };
    let (region, account, resource) = (next(), next(), next());
    let has_region = region.is_some_and(|region| !region.is_empty());
    match service {
        "iam" if has_region => Some(ResourceFault::RegionOfIam),
        "s3" if has_region && account == Some("") => Some(ResourceFault::RegionOfS3),
        "iam" if !resource.is_none_or(is_resource_of_iam) => Some(ResourceFault::TypeOfIam),
        _ => None,
    }
}

fn is_resource_of_iam(resource: &str) -> bool {
    matches!(resource, "*" | "root") || IAM_TYPES.iter().any(|of_type| resource.starts_with(of_type))
}

/// Whether it has too few colons to have an empty part, or no service at all.
fn fails_legacy_parsing(text: &str) -> bool {
    let colons = text.bytes().filter(|byte| *byte == b':').count();
    colons < 5 && text.contains("::") || text.split(':').nth(2) == Some("")
}
