//! Session tags: those that are passed for a session, and those that come down a chain of sessions.
//!
//! Keys are compared without regard to case, as those of roles are.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>

use alcazar_api_sts::types::Tag;
use alcazar_engine::Session;
use alcazar_policy::Context;
use alcazar_shape::ApiError;

use crate::error;

/// What keys of AWS's own begin with.
const RESERVED_PREFIX: &str = "aws:";

/// The tags of a session, and which of them go on to the next one.
#[derive(Debug, Default)]
pub(crate) struct SessionTags {
    /// Keys with values.
    pub(crate) tags: Vec<(String, String)>,
    /// The keys of those that go on.
    pub(crate) transitive_keys: Vec<String>,
}

impl SessionTags {
    /// The tags that are passed, with those that go on from the session that calls.
    ///
    /// # Errors
    /// Keys do not go together.
    pub(crate) fn read<'a>(
        passed: impl Iterator<Item = (&'a str, &'a str)>,
        transitive_keys: &[String],
        calling: Option<&Session>,
    ) -> Result<Self, ApiError> {
        let inherited = calling.map(inherited).unwrap_or_default();
        let mut tags: Vec<(String, String)> = Vec::new();
        for (key, value) in passed {
            if starts_reserved(key) {
                return Err(error::reserved_tag_key());
            }
            if has(&tags, key) {
                return Err(error::duplicate_tag_keys());
            }
            tags.push((key.to_owned(), value.to_owned()));
        }
        if transitive_keys.iter().any(|key| !has(&tags, key)) {
            return Err(error::transitive_key_without_tag());
        }
        if tags.iter().any(|(key, _)| has(&inherited, key)) {
            return Err(error::inherited_tag());
        }
        let own = tags.iter().map(|(key, _)| key);
        let own = own.filter(|key| transitive_keys.iter().any(|other| other.eq_ignore_ascii_case(key)));
        let transitive_keys = inherited.iter().map(|(key, _)| key).chain(own).cloned().collect();
        Ok(Self { tags: inherited.into_iter().chain(tags).collect(), transitive_keys })
    }

    /// Adds what policies may ask of them.
    pub(crate) fn add_to(&self, context: &mut Context) {
        context.add_request_tags(self.tags.iter().map(|(key, value)| (key, value)));
        for key in &self.transitive_keys {
            context.insert("sts:TransitiveTagKeys", key.clone());
        }
    }
}

/// The keys and values of a request's tags.
pub(crate) fn pairs(tags: Option<&[Tag]>) -> impl Iterator<Item = (&str, &str)> {
    tags.unwrap_or_default().iter().map(|tag| (tag.key.as_str(), tag.value.as_str()))
}

fn inherited(calling: &Session) -> Vec<(String, String)> {
    let goes_on = |key: &str| calling.transitive_tag_keys.iter().any(|other| other.eq_ignore_ascii_case(key));
    calling.tags.iter().filter(|(key, _)| goes_on(key)).cloned().collect()
}

fn has(tags: &[(String, String)], key: &str) -> bool {
    tags.iter().any(|(other, _)| other.eq_ignore_ascii_case(key))
}

fn starts_reserved(key: &str) -> bool {
    key.get(..RESERVED_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(RESERVED_PREFIX))
}
