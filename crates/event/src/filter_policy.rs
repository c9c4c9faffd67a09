//! Filter policies of SNS subscriptions: event patterns, about a message's attributes or about its body.
//!
//! They are read and matched as event patterns are, under limits of their own.
//!
//! Sources: <https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html>,
//! <https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html>.

use serde_json::{Map, Value};
use thiserror::Error;

use crate::event::Event;
use crate::json::{Kind, Source};
use crate::pattern::{Branch, Tree, branches};

/// How long a filter policy may be.
pub const FILTER_POLICY_BYTES_MAX: usize = 256 * 1024;

/// How many keys a filter policy may have; what is nested in them does not count.
const KEYS_MAX: usize = 5;

/// How many combinations of values a filter policy may have.
const COMBINATIONS_MAX: usize = 150;

/// What a filter policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterPolicyScope {
    /// The attributes that come with a message.
    MessageAttributes,
    /// The message itself, which must be a JSON object.
    MessageBody,
}

/// A message's attribute, by its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageAttribute<'m> {
    /// `String`, and types of the sender's own that build on it.
    String(&'m str),
    /// `Number`: the number as it is written.
    Number(&'m str),
    /// `String.Array`: a JSON array of strings, numbers, booleans and nulls.
    StringArray(&'m str),
    /// `Binary`, which filter policies pass over.
    Binary,
}

/// A filter policy, ready to be matched.
#[derive(Debug, Clone)]
pub struct FilterPolicy {
    /// None match everything.
    branches: Box<[Tree]>,
}

/// A text that is no filter policy, in the words of SNS. What precedes them depends on the operation:
/// `Invalid parameter: ` where the policy is set, `Invalid parameter: Attributes Reason: ` in Subscribe.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FilterPolicyError {
    /// The text is no JSON.
    #[error("FilterPolicy: failed to parse JSON. {0}")]
    NotJson(String),
    /// The text is no policy, as the reason says.
    #[error("FilterPolicy: {0}")]
    Invalid(String),
    /// The text is too long.
    #[error("FilterPolicy: Filter policy is too long")]
    TooLong,
    /// There are too many keys.
    #[error("FilterPolicy: Filter policy can not have more than {KEYS_MAX} keys")]
    TooManyKeys,
    /// There are too many combinations of values.
    #[error("FilterPolicy: Filter policy is too complex")]
    TooComplex,
    /// Attributes have nothing nested in them.
    #[error("Filter policy scope MessageAttributes does not support nested filter policy")]
    Nested,
}

impl FilterPolicy {
    /// Reads a filter policy. `{}` lets every message pass.
    ///
    /// # Errors
    /// `FilterPolicyError` if the text is no filter policy.
    pub fn parse(text: &str, scope: FilterPolicyScope) -> Result<Self, FilterPolicyError> {
        if text.len() > FILTER_POLICY_BYTES_MAX {
            return Err(FilterPolicyError::TooLong);
        }
        match keys(text)? {
            0 => return Ok(Self { branches: Box::default() }),
            keys if keys > KEYS_MAX => return Err(FilterPolicyError::TooManyKeys),
            _ => {}
        }
        let branches = branches(text).map_err(|fault| FilterPolicyError::Invalid(fault.to_string()))?;
        if combinations(&branches) > COMBINATIONS_MAX {
            return Err(FilterPolicyError::TooComplex);
        }
        let nested = branches.iter().flat_map(|branch| branch.values()).any(|leaf| leaf.size().depth > 1);
        if nested && scope == FilterPolicyScope::MessageAttributes {
            return Err(FilterPolicyError::Nested);
        }
        Ok(Self { branches: branches.into_iter().map(Tree::of).collect() })
    }

    /// Whether a message with these attributes passes.
    pub fn matches_attributes<'m>(
        &self,
        attributes: impl IntoIterator<Item = (&'m str, MessageAttribute<'m>)>,
    ) -> bool {
        let values = attributes.into_iter().filter_map(|(name, attribute)| {
            let value = match attribute {
                MessageAttribute::String(text) => Value::from(text),
                MessageAttribute::Number(text) => Value::Number(text.trim().parse().ok()?),
                MessageAttribute::StringArray(text) => serde_json::from_str::<Vec<Value>>(text).ok()?.into(),
                MessageAttribute::Binary => return None,
            };
            Some((name.to_owned(), value))
        });
        self.matches(&Value::Object(values.collect::<Map<_, _>>()))
    }

    /// Whether a message with this body passes. One that is no JSON object does not.
    #[must_use]
    pub fn matches_body(&self, body: &Value) -> bool {
        body.is_object() && self.matches(body)
    }

    fn matches(&self, value: &Value) -> bool {
        match Event::new(value).value() {
            _ if self.branches.is_empty() => true,
            Value::Object(members) => self.branches.iter().any(|branch| branch.matches(members)),
            _ => false,
        }
    }
}

/// How many members the policy has; one if it is no object, which is told later.
fn keys(text: &str) -> Result<usize, FilterPolicyError> {
    let source = Source::new(text);
    let not_json = |(reason, place)| FilterPolicyError::NotJson(format!("{reason}{}", source.locate(place)));
    let root = source.root().map_err(not_json)?;
    match root.kind() {
        Kind::Object => Ok(source.members(root).map_err(not_json)?.len()),
        _ => Ok(1),
    }
}

/// The sum over all branches of the products of how many values their fields have; a value counts as often as it is
/// deep.
fn combinations(branches: &[Branch]) -> usize {
    let of_branch = |branch: &Branch| {
        branch.values().fold(1_usize, |product, leaf| {
            product.saturating_mul(leaf.size().tests).saturating_mul(leaf.size().depth)
        })
    };
    branches.iter().map(of_branch).fold(0, usize::saturating_add)
}
