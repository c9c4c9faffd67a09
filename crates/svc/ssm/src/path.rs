//! Paths: what stands above parameters in hierarchies. One may end with a slash, or be the slash above everything.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-hierarchies.html>

use alcazar_shape::ApiError;

use crate::error;
use crate::name::{SLASH, has_levels};

/// The top of every hierarchy.
const TOP: &str = "/";

/// Checks the path below which parameters are to be read.
///
/// # Errors
/// It has not the form of one, or is AWS's own and not where AWS's public parameters are.
pub(crate) fn check(path: &str) -> Result<(), ApiError> {
    let is_reserved = begins_with(path, "/ssm") || (begins_with(path, "/aws") && !path.starts_with("/aws"));
    if is_path(path) && !is_reserved { Ok(()) } else { Err(error::path::malformed()) }
}

/// Checks the path that a filter names.
///
/// # Errors
/// It has not the form of one, or is AWS's own.
pub(crate) fn check_filter(path: &str) -> Result<(), ApiError> {
    if begins_with(path, "/ssm") || begins_with(path, "/aws") {
        return Err(error::path::reserved_filter());
    }
    if is_path(path) { Ok(()) } else { Err(error::path::malformed_filter()) }
}

fn is_path(path: &str) -> bool {
    path == TOP || path.starts_with(SLASH) && has_levels(path.strip_suffix(SLASH).unwrap_or(path))
}

fn begins_with(path: &str, beginning: &str) -> bool {
    path.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(result: Result<(), ApiError>) -> Option<String> {
        result.err().and_then(|error| error.message().map(str::to_owned))
    }

    #[test]
    fn paths_begin_with_a_slash_and_are_of_levels() {
        for path in ["/", "/a", "/a/", "/a/b.c-d_e/", "/a/aws", "/a/ssm/"] {
            check(path).unwrap();
            check_filter(path).unwrap();
        }
        for path in ["", "a", "a/b", "//", "/a//b", "/a//", "/a b", "/*", "/é"] {
            assert_eq!(said(check(path)), said(Err(error::path::malformed())), "{path}");
            assert_eq!(said(check_filter(path)), said(Err(error::path::malformed_filter())), "{path}");
        }
    }

    #[test]
    fn only_the_public_parameters_are_read_below_what_is_aws_own() {
        check("/aws/service/ami-amazon-linux-latest").unwrap();
        for path in ["/AWS/service", "/Awsome", "/ssm", "/SSM/x"] {
            assert_eq!(said(check(path)), said(Err(error::path::malformed())), "{path}");
        }
        for path in ["/aws/service", "/AWS", "/ssm/x", "/awsome/"] {
            assert_eq!(said(check_filter(path)), said(Err(error::path::reserved_filter())), "{path}");
        }
    }
}
