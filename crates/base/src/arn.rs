//! Amazon Resource Names: `arn:partition:service:region:account:resource`.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A text that does not have the six parts of an ARN.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not an ARN: {0:?}")]
pub struct InvalidArn(String);

/// An ARN in its six parts. Region and account may be empty, as in `arn:aws:iam::111122223333:root`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Arn {
    /// `aws`, `aws-cn`, …
    pub partition: String,
    /// The service's namespace, e.g. `kms`.
    pub service: String,
    /// The region's name, or empty.
    pub region: String,
    /// The account id, or empty.
    pub account: String,
    /// The rest: everything behind the fifth colon.
    pub resource: String,
}

impl FromStr for Arn {
    type Err = InvalidArn;

    fn from_str(text: &str) -> Result<Self, InvalidArn> {
        let invalid = || InvalidArn(text.chars().take(128).collect());
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next().map(str::to_owned).ok_or_else(invalid);
        if next()? != "arn" {
            return Err(invalid());
        }
        let arn = Self {
            partition: next()?,
            service: next()?,
            region: next()?,
            account: next()?,
            resource: next()?,
        };
        if arn.partition.is_empty() || arn.service.is_empty() || arn.resource.is_empty() {
            return Err(invalid());
        }
        Ok(arn)
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, account, resource } = self;
        write!(f, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_read_and_written_back() {
        for text in [
            "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
            "arn:aws:iam::111122223333:root",
            "arn:aws:s3:::bucket/key:with:colons",
        ] {
            assert_eq!(text.parse::<Arn>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_lacks_a_part_is_refused() {
        for bad in
            ["", "arn", "arn:aws:kms:eu-west-1:1", "urn:aws:kms:r:1:x", "arn::kms:r:1:x", "arn:aws:kms:r:1:"]
        {
            assert!(bad.parse::<Arn>().is_err(), "{bad}");
        }
    }
}
