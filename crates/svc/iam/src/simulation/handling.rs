//! `ResourceHandlingOption`: which resources a simulation of EC2's calls must name.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html>

use alcazar_shape::ApiError;

use crate::error::simulation as error;

/// The options, each with the types of EC2's resources that it needs.
const OPTIONS: &[(&str, &[&str])] = &[
    ("EC2-Classic-InstanceStore", &["instance", "image", "security-group"]),
    ("EC2-Classic-EBS", &["instance", "image", "security-group", "volume"]),
    ("EC2-VPC-InstanceStore", &["instance", "image", "security-group", "network-interface"]),
    ("EC2-VPC-InstanceStore-Subnet", &["instance", "image", "security-group", "network-interface", "subnet"]),
    ("EC2-VPC-EBS", &["instance", "image", "security-group", "network-interface", "volume"]),
    ("EC2-VPC-EBS-Subnet", &["instance", "image", "security-group", "network-interface", "subnet", "volume"]),
];

/// Passes if the resources are those that the option needs.
///
/// # Errors
/// There is no such option, or a resource of some type is missing.
pub(super) fn check(option: Option<&str>, resources: &[String]) -> Result<(), ApiError> {
    let Some(option) = option else { return Ok(()) };
    let Some((_, types)) = OPTIONS.iter().find(|(name, _)| *name == option) else {
        return Err(error::invalid_handling(option));
    };
    let is_there = |kind: &str| {
        let of_kind = |arn: &String| arn.starts_with("arn:aws:ec2:") && arn.contains(&format!(":{kind}/"));
        resources.iter().any(of_kind)
    };
    match types.iter().find(|kind| !is_there(kind)) {
        Some(missing) => Err(error::resource_needed(option, missing)),
        None => Ok(()),
    }
}
