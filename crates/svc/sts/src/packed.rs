//! How much of a session's room its policies and tags take.
//!
//! AWS packs them into a form that it does not document, and tells in percent how full that is. Here every character
//! counts that is no white space of a policy.
//!
//! Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_ResponseElements>

use alcazar_identity::document::counted_characters;
use alcazar_shape::ApiError;

use crate::error;
use crate::session_policy::SessionPolicies;
use crate::session_tag::SessionTags;

/// The characters that a session has room for.
const CHARACTERS_MAX: usize = 4096;

/// The part of the room that is taken, in percent, of which something above nothing is at least one; none if nothing
/// was passed.
///
/// # Errors
/// It is more than there is.
pub(crate) fn size(policies: &SessionPolicies, tags: &SessionTags) -> Result<Option<i32>, ApiError> {
    let of_policy = policies.text.as_deref().map_or(0, counted_characters);
    let of_arns: usize = policies.arns.iter().map(String::len).sum();
    let of_tags: usize = tags.tags.iter().map(|(key, value)| key.len() + value.len()).sum();
    let taken = of_policy + of_arns + of_tags;
    if taken == 0 {
        return Ok(None);
    }
    let percent = (taken * 100).div_ceil(CHARACTERS_MAX);
    match i32::try_from(percent) {
        Ok(percent @ ..=100) => Ok(Some(percent)),
        _ => Err(error::packed_policy_too_large(percent)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_passed_counts_in_percent_and_more_than_there_is_room_for_is_refused() {
        let size_of = |text: Option<&str>, value: usize| {
            let policies = SessionPolicies { text: text.map(str::to_owned), ..SessionPolicies::default() };
            let tags = SessionTags { tags: vec![("k".into(), "v".repeat(value))], ..SessionTags::default() };
            size(&policies, &tags)
        };
        assert_eq!(size(&SessionPolicies::default(), &SessionTags::default()).unwrap(), None);
        assert_eq!(size_of(Some("{ }"), 1).unwrap(), Some(1));
        assert_eq!(size_of(None, CHARACTERS_MAX - 1).unwrap(), Some(100));
        let refused = size_of(None, CHARACTERS_MAX).unwrap_err();
        let text = "Packed policy consumes 101% of allotted space, please use smaller policy.";
        assert_eq!(refused.message(), Some(text));
    }
}
