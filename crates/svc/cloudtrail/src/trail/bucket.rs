//! Names of buckets, and prefixes of the keys in them.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>

use std::net::Ipv4Addr;

use alcazar_shape::ApiError;

use crate::error;

/// The longest prefix of keys, in characters.
const PREFIX_LENGTH_MAX: usize = 200;

/// Whether a bucket may have this name.
#[must_use]
pub(crate) fn is_name(name: &str) -> bool {
    let is_edge = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| is_edge(byte) || matches!(byte, b'.' | b'-'))
        && bytes.first().is_some_and(is_edge)
        && bytes.last().is_some_and(is_edge)
        && !name.contains("..")
        && !name.starts_with("xn--")
        && !name.ends_with("-s3alias")
        && name.parse::<Ipv4Addr>().is_err()
}

/// Passes if a bucket may have this name.
///
/// # Errors
/// It may not.
pub(crate) fn check_name(name: &str) -> Result<(), ApiError> {
    if is_name(name) { Ok(()) } else { Err(error::bucket_name(name)) }
}

/// Passes if keys may have this prefix.
///
/// # Errors
/// It is too long, or CloudTrail would not find its files again.
pub(crate) fn check_prefix(prefix: &str) -> Result<(), ApiError> {
    if prefix.chars().count() > PREFIX_LENGTH_MAX {
        return Err(error::prefix_too_long(PREFIX_LENGTH_MAX, prefix.chars().count()));
    }
    let is_allowed =
        |character: char| character.is_ascii_alphanumeric() || "!-_.*'()/=+@:,&$;? ".contains(character);
    if prefix.starts_with('/') || prefix.ends_with('/') || !prefix.chars().all(is_allowed) {
        return Err(error::prefix(prefix));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_buckets() {
        for name in ["abc", "amzn-s3-demo-bucket1", "my.bucket", "1bucket"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "ab", "Bucket", "bucket_", "-bucket", "bucket-", "a..b", "192.168.5.4", "xn--bucket"]
        {
            assert!(!is_name(name), "{name}");
        }
        assert!(is_name(&"a".repeat(63)) && !is_name(&"a".repeat(64)));
    }

    #[test]
    fn prefixes_are_parts_of_keys() {
        check_prefix("logs/of-ours").unwrap();
        for bad in ["/logs", "logs/", "lögs", "logs\\x"] {
            check_prefix(bad).unwrap_err();
        }
        check_prefix(&"a".repeat(200)).unwrap();
        check_prefix(&"a".repeat(201)).unwrap_err();
    }
}
