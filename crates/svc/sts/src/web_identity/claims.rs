//! What a token says, and what STS makes of it.
//!
//! Sources: <https://openid.net/specs/openid-connect-core-1_0.html#IDToken>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp>

use alcazar_base::Timestamp;
use alcazar_shape::ApiError;
use serde_json::{Map, Value as Json};

use crate::error;
use crate::session_tag::SessionTags;

/// The claim that holds session tags, and the names of its two halves, which may stand apart too.
const TAGS: &str = "https://aws.amazon.com/tags";
const PRINCIPAL_TAGS: &str = "principal_tags";
const TRANSITIVE_TAG_KEYS: &str = "transitive_tag_keys";

/// The claim that holds the source identity.
const SOURCE_IDENTITY: &str = "https://aws.amazon.com/source_identity";

/// The most session tags, and the most characters of their keys and values.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length>
const TAGS_MAX: usize = 50;
const KEY_CHARACTERS_MAX: usize = 128;
const VALUE_CHARACTERS_MAX: usize = 256;

/// The fewest and most characters of a source identity.
const SOURCE_IDENTITY_CHARACTERS: std::ops::RangeInclusive<usize> = 2..=64;

/// What a token says, as far as STS looks at it.
pub(super) struct Claims {
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) audiences: Vec<String>,
    pub(super) authorized_party: Option<String>,
    pub(super) methods: Vec<String>,
    pub(super) tags: SessionTags,
    pub(super) source_identity: Option<String>,
    expires: i64,
    not_before: Option<i64>,
}

impl Claims {
    /// Reads what a token says.
    ///
    /// # Errors
    /// Something is missing, or is not what it should be.
    pub(super) fn read(claims: &Map<String, Json>) -> Result<Self, ApiError> {
        let text = |name: &str| claims.get(name).and_then(Json::as_str).map(str::to_owned);
        let required = |name: &str| text(name).ok_or_else(|| error::missing_claim(name));
        let seconds = |name: &str| claims.get(name).and_then(Json::as_i64);
        let audiences = texts(claims.get("aud"));
        if audiences.is_empty() {
            return Err(error::missing_claim("aud"));
        }
        seconds("iat").ok_or_else(|| error::missing_claim("iat"))?;
        Ok(Self {
            issuer: required("iss")?,
            subject: required("sub")?,
            audiences,
            authorized_party: text("azp"),
            methods: texts(claims.get("amr")),
            tags: tags(claims)?,
            source_identity: source_identity(claims)?,
            expires: seconds("exp").ok_or_else(|| error::missing_claim("exp"))?,
            not_before: seconds("nbf"),
        })
    }

    /// Refuses a token outside of its time.
    ///
    /// # Errors
    /// It is.
    pub(super) fn must_be_in_time(&self, now: Timestamp) -> Result<(), ApiError> {
        let now = now.as_secs();
        if now >= self.expires {
            return Err(error::token_expired(now, self.expires));
        }
        match self.not_before {
            Some(not_before) if now < not_before => Err(error::token_too_early(now, not_before)),
            _ => Ok(()),
        }
    }
}

/// The tags in a token: each value is a text, or a list of one.
fn tags(claims: &Map<String, Json>) -> Result<SessionTags, ApiError> {
    let half = |name: &str| {
        claims.get(TAGS).and_then(|tags| tags.get(name)).or_else(|| claims.get(&format!("{TAGS}/{name}")))
    };
    let mut tags = Vec::new();
    for (key, value) in half(PRINCIPAL_TAGS).and_then(Json::as_object).into_iter().flatten() {
        let values = texts(Some(value));
        let [value] = values.as_slice() else { return Err(error::invalid_tags_claim()) };
        let fits = key.chars().count() <= KEY_CHARACTERS_MAX && value.chars().count() <= VALUE_CHARACTERS_MAX;
        if key.is_empty() || !fits {
            return Err(error::invalid_tags_claim());
        }
        tags.push((key.clone(), value.clone()));
    }
    if tags.len() > TAGS_MAX {
        return Err(error::invalid_tags_claim());
    }
    let transitive_keys = texts(half(TRANSITIVE_TAG_KEYS));
    let passed = tags.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    SessionTags::read(passed, &transitive_keys, None)
}

fn source_identity(claims: &Map<String, Json>) -> Result<Option<String>, ApiError> {
    let Some(claim) = claims.get(SOURCE_IDENTITY) else { return Ok(None) };
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "_+=,.@-".contains(character);
    let identity = claim.as_str().filter(|identity| {
        SOURCE_IDENTITY_CHARACTERS.contains(&identity.len()) && identity.chars().all(is_plain)
    });
    identity.map(|identity| Some(identity.to_owned())).ok_or_else(error::invalid_source_identity_claim)
}

/// A text, or the texts of a list.
fn texts(value: Option<&Json>) -> Vec<String> {
    match value {
        Some(Json::String(text)) => vec![text.clone()],
        Some(Json::Array(list)) => list.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
