//! The names of parameters, and where they stand in hierarchies.
//!
//! A name at the top is the same with a leading slash and without one: both have one ARN. What stands in the names of
//! records is the form with the slash, its *path*; answers repeat the form that was asked for.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html>

use alcazar_base::{AccountId, Region};
use alcazar_shape::ApiError;

use crate::error;

/// How many levels a hierarchy may have.
const LEVELS_MAX: usize = 15;

/// How long a parameter's ARN may be.
const ARN_CHARACTERS_MAX: usize = 1011;

/// What stands between the levels of a hierarchy.
pub(crate) const SLASH: char = '/';

/// The name with its leading slash.
#[must_use]
pub(crate) fn path_of(name: &str) -> String {
    if name.starts_with(SLASH) { name.to_owned() } else { format!("/{name}") }
}

/// A path with the slash behind it.
#[must_use]
pub(crate) fn directory(path: &str) -> String {
    if path.ends_with(SLASH) { path.to_owned() } else { format!("{path}{SLASH}") }
}

/// The ARN of a parameter, or of what begins with a path.
#[must_use]
pub(crate) fn arn(account: AccountId, region: &Region, name: &str) -> String {
    let partition = region.partition().as_str();
    let resource = name.strip_prefix(SLASH).unwrap_or(name);
    format!("arn:{partition}:ssm:{region}:{account}:parameter/{resource}")
}

/// Whether the levels of a name are of the characters that names are of.
#[must_use]
pub(crate) fn has_levels(name: &str) -> bool {
    let is_of_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let is_level = |level: &str| !level.is_empty() && level.bytes().all(is_of_name);
    name.strip_prefix(SLASH).unwrap_or(name).split(SLASH).all(is_level)
}

/// Checks a name that is read.
///
/// # Errors
/// It has not the form of one.
pub(crate) fn check(name: &str) -> Result<(), ApiError> {
    let is_qualified = name.starts_with(SLASH) || !name.contains(SLASH);
    if is_qualified && has_levels(name) { Ok(()) } else { Err(error::name::malformed()) }
}

/// Checks the name of a parameter that is put, and gives it without the spaces around it.
///
/// # Errors
/// It has not the form of one, is AWS's own, too deep or too long.
pub(crate) fn check_new<'a>(account: AccountId, region: &Region, name: &'a str) -> Result<&'a str, ApiError> {
    let name = name.trim_matches(' ');
    if name.len() > 1 && name.ends_with(SLASH) {
        return Err(error::name::trailing_slash());
    }
    if !has_levels(name) {
        return Err(error::name::malformed());
    }
    let path = path_of(name);
    let levels: Vec<&str> = path.split(SLASH).skip(1).collect();
    let begins_with = |prefix: &str| {
        let start = levels.first().and_then(|level| level.get(..prefix.len()));
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let is_nested = levels.len() > 1;
    match (begins_with("aws"), begins_with("ssm")) {
        (true, _) if is_nested && name.starts_with(SLASH) => {
            return Err(error::name::reserved(name.strip_prefix(SLASH).unwrap_or(name)));
        }
        (true, _) | (_, true) if !is_nested => return Err(error::name::prefixed()),
        (_, true) => return Err(error::name::malformed()),
        _ => {}
    }
    if is_nested && !name.starts_with(SLASH) {
        return Err(error::name::not_fully_qualified());
    }
    if levels.len() > LEVELS_MAX {
        return Err(error::name::too_deep());
    }
    let length = arn(account, region, name).chars().count();
    if length > ARN_CHARACTERS_MAX {
        return Err(error::name::too_long(length, ARN_CHARACTERS_MAX));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(name: &str) -> Result<String, String> {
        let (account, region) = ("111122223333".parse().unwrap(), "eu-west-1".parse().unwrap());
        let said =
            |error: ApiError| format!("{}: {}", error.model().name, error.message().unwrap_or_default());
        check_new(account, &region, name).map(str::to_owned).map_err(said)
    }

    #[test]
    fn names_are_at_the_top_or_fully_qualified() {
        let deepest = "/x".repeat(LEVELS_MAX);
        for name in ["a", "/a", "/a/b", "/a/b.c-d_e/F9", "a.b", &deepest, "/a/aws", "/a/ssm/b"] {
            assert_eq!(checked(name).as_deref(), Ok(name), "{name}");
        }
        assert_eq!(checked("  /a/b ").as_deref(), Ok("/a/b"));
        for (name, said) in [
            ("", "ValidationException: Parameter name: can't be prefixed with \"ssm\""),
            ("/", "ValidationException: Parameter name: can't be prefixed with \"ssm\""),
            ("/a/", "ValidationException: Parameter name must not end with slash."),
            ("//a", "ValidationException: Parameter name: can't be prefixed with \"ssm\""),
            ("a b", "ValidationException: Parameter name: can't be prefixed with \"ssm\""),
            ("/a/é", "ValidationException: Parameter name: can't be prefixed with \"ssm\""),
            ("/SSM/x", "ValidationException: Parameter name: can't be prefixed with \"ssm\""),
            ("a/b", "ValidationException: Parameter name must be a fully qualified name."),
            ("AWSx", "ValidationException: Parameter name: can't be prefixed with \"aws\" or \"ssm\""),
            ("/ssm", "ValidationException: Parameter name: can't be prefixed with \"aws\" or \"ssm\""),
            ("/awsds/x", "AccessDeniedException: No access to reserved parameter name: awsds/x."),
        ] {
            assert!(checked(name).unwrap_err().starts_with(said), "{name}: {:?}", checked(name));
        }
        let said = checked(&format!("{deepest}/y")).unwrap_err();
        assert!(said.starts_with("HierarchyLevelLimitExceededException"), "{said}");
    }

    #[test]
    fn names_that_are_read_have_the_form_of_one() {
        for name in ["a", "/a", "/a/b", "/aws/service/x", "/ssm/x"] {
            check(name).unwrap();
        }
        for name in ["", "/", "a/b", "/a//b", "/a/", "a b", "{a}-b"] {
            check(name).unwrap_err();
        }
    }

    #[test]
    fn the_arn_counts_for_the_length() {
        let before = "arn:aws:ssm:eu-west-1:111122223333:parameter/".len();
        assert!(checked(&"x".repeat(ARN_CHARACTERS_MAX - before)).is_ok());
        assert!(checked(&"x".repeat(ARN_CHARACTERS_MAX - before + 1)).is_err());
    }

    #[test]
    fn a_name_at_the_top_has_one_arn_with_and_without_the_slash() {
        let (account, region) = ("111122223333".parse().unwrap(), "eu-west-1".parse().unwrap());
        assert_eq!(arn(account, &region, "x"), "arn:aws:ssm:eu-west-1:111122223333:parameter/x");
        assert_eq!(arn(account, &region, "x"), arn(account, &region, "/x"));
        assert_eq!(arn(account, &region, "/a/b"), "arn:aws:ssm:eu-west-1:111122223333:parameter/a/b");
    }
}
