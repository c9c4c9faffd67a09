//! Allowed patterns: regular expressions in Java's way, which values must match as a whole.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html>

use alcazar_shape::ApiError;
use alcazar_shape::pattern::Pattern;

use crate::error;
use crate::version::Kind;

/// Checks a value against its allowed pattern; of a list, every item.
///
/// # Errors
/// The pattern is none, or the value does not match it.
pub(crate) fn check(pattern: Option<&str>, kind: Kind, value: &str) -> Result<(), ApiError> {
    let Some(text) = pattern else { return Ok(()) };
    let pattern = Pattern::read(text).map_err(|_| error::put::invalid_pattern())?;
    let matches = match kind {
        Kind::StringList => value.split(',').all(|item| pattern.matches(item)),
        Kind::String | Kind::SecureString => pattern.matches(value),
    };
    if matches { Ok(()) } else { Err(error::put::pattern_mismatch(text)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pattern: &str, kind: Kind, value: &str) -> Option<&'static str> {
        check(Some(pattern), kind, value).err().map(|error| error.model().name)
    }

    #[test]
    fn the_whole_value_must_match() {
        assert_eq!(said(r"\d{1,4}", Kind::String, "1000"), None);
        assert_eq!(said(r"\d{1,4}", Kind::String, "10,000"), Some("ParameterPatternMismatchException"));
        assert_eq!(said(r"(?=.*[A-Z]).{4,}", Kind::SecureString, "abcD"), None);
        assert_eq!(
            said(r"(?=.*[A-Z]).{4,}", Kind::SecureString, "abcd"),
            Some("ParameterPatternMismatchException")
        );
    }

    #[test]
    fn every_item_of_a_list_must() {
        assert_eq!(said("[a-z]+", Kind::StringList, "a,b,c"), None);
        assert_eq!(said("[a-z]+", Kind::StringList, "a,2,c"), Some("ParameterPatternMismatchException"));
    }

    #[test]
    fn a_pattern_that_is_none_is_refused() {
        assert_eq!(said("(", Kind::String, "x"), Some("InvalidAllowedPatternException"));
    }
}
