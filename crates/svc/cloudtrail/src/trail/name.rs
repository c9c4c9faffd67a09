//! Names and ARNs of trails.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html>

use std::net::Ipv4Addr;

use alcazar_base::{AccountId, Arn, Region};
use alcazar_shape::ApiError;

use crate::error;

/// How long a name may be, in characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=128;

/// What stands before the name in an ARN's last part.
const RESOURCE: &str = "trail/";

/// What a request calls a trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TrailName {
    /// A name, which may be none that a trail can have.
    Name(String),
    /// An ARN.
    Arn {
        /// The trail's home region.
        region: String,
        /// The account that owns it.
        account: AccountId,
        /// Its name.
        name: String,
    },
    /// What begins as an ARN and is none of a trail.
    NoArn(String),
}

impl TrailName {
    /// Reads what a request says.
    #[must_use]
    pub(crate) fn read(text: &str) -> Self {
        if !text.starts_with("arn:") {
            return Self::Name(text.to_owned());
        }
        let parsed = text.parse::<Arn>().ok().filter(|arn| arn.service == "cloudtrail").and_then(|arn| {
            let region: Region = arn.region.parse().ok()?;
            let name = arn.resource.strip_prefix(RESOURCE)?.to_owned();
            let is_of_partition = region.partition().as_str() == arn.partition;
            let (region, account) = (arn.region, arn.account.parse().ok()?);
            is_of_partition.then_some(Self::Arn { region, account, name })
        });
        parsed.unwrap_or_else(|| Self::NoArn(text.to_owned()))
    }

    /// Passes if a trail can be called so.
    ///
    /// # Errors
    /// It cannot.
    pub(crate) fn check(&self) -> Result<(), ApiError> {
        match self {
            Self::Name(name) | Self::Arn { name, .. } => check(name),
            Self::NoArn(text) => Err(error::arn_invalid(text)),
        }
    }
}

/// The ARN of a trail.
#[must_use]
pub(crate) fn arn(region: &str, account: AccountId, name: &str) -> String {
    let partition = region.parse::<Region>().map_or("aws", |region| region.partition().as_str());
    format!("arn:{partition}:cloudtrail:{region}:{account}:{RESOURCE}{name}")
}

/// Passes if a trail may have this name.
///
/// # Errors
/// It may not.
pub(crate) fn check(name: &str) -> Result<(), ApiError> {
    let length = name.chars().count();
    if name.trim().is_empty() {
        return Err(error::trail_name::blank());
    }
    if length < *LENGTHS.start() {
        return Err(error::trail_name::too_short(*LENGTHS.start(), length));
    }
    if length > *LENGTHS.end() {
        return Err(error::trail_name::too_long(*LENGTHS.end(), length));
    }
    if !name.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return Err(error::trail_name::starts_wrong());
    }
    if !name.ends_with(|last: char| last.is_ascii_alphanumeric()) {
        return Err(error::trail_name::ends_wrong());
    }
    let is_mark = |byte: u8| matches!(byte, b'.' | b'-' | b'_');
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || is_mark(byte)) {
        return Err(error::trail_name::characters());
    }
    let marks_meet = name.bytes().zip(name.bytes().skip(1)).any(|(one, next)| is_mark(one) && is_mark(next));
    if marks_meet {
        return Err(error::trail_name::adjacent_marks());
    }
    if name.parse::<Ipv4Addr>().is_ok() {
        return Err(error::trail_name::ip_address());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_refused_in_the_words_of_aws() {
        check("my-trail_1.x").unwrap();
        check(&"a".repeat(128)).unwrap();
        for (name, text) in [
            ("", "Trail name cannot be blank!"),
            (
                "a",
                "Trail name too short. Minimum allowed length: 3 characters. Specified name length: 1 characters.",
            ),
            ("-abc", "Trail name must starts with a letter or number."),
            ("abc-", "Trail name must ends with a letter or number."),
            (
                "a bc",
                "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens \
                 (-), and underscores (_).",
            ),
        ] {
            assert_eq!(check(name).unwrap_err().message(), Some(text), "{name}");
        }
        for name in ["my--trail", "my-_trail", "192.168.5.4", "träil"] {
            assert!(check(name).is_err(), "{name}");
        }
        let long = check(&"a".repeat(129)).unwrap_err();
        assert!(long.message().unwrap().contains("Specified name length: 129 characters."));
    }

    #[test]
    fn arns_are_those_of_trails() {
        let text = "arn:aws:cloudtrail:us-east-2:123456789012:trail/MyTrail";
        let TrailName::Arn { region, account, name } = TrailName::read(text) else { panic!() };
        assert_eq!(arn(&region, account, &name), text);
        for bad in [
            "arn:aws:cloudtrail:us-east-2:123456789012:MyTrail",
            "arn:aws:s3:::bucket",
            "arn:aws:cloudtrail:us-east-2::trail/MyTrail",
            "arn:aws-cn:cloudtrail:us-east-2:123456789012:trail/MyTrail",
            "arn:",
        ] {
            assert_eq!(TrailName::read(bad), TrailName::NoArn(bad.into()));
        }
        assert_eq!(TrailName::read("MyTrail"), TrailName::Name("MyTrail".into()));
    }
}
