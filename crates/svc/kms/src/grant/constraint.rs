//! The constraints of grants.
//!
//! Of the pairs in a constraint, the keys are the same in upper and lower case, the values are not; their order does not
//! count. Only the case of ASCII letters is passed over: no key that merely looks the same widens a constraint.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html>

use std::collections::BTreeMap;

use alcazar_api_kms::types::GrantConstraints;
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use crate::error::grant as error;

/// The most pairs that a constraint may have.
const PAIRS_MAX: usize = 8;

/// The longest value in a constraint, in characters.
const VALUE_LENGTH_MAX: usize = 384;

/// The pairs of an encryption context in the form that is compared: keys in lower case, all in order.
pub(crate) type Pairs = Vec<(String, String)>;

/// The constraints of a grant, as they were given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub(crate) struct Constraints {
    /// What the encryption context has to be.
    #[n(0)]
    pub equals: Option<BTreeMap<String, String>>,
    /// What the encryption context has to hold.
    #[n(1)]
    pub subset: Option<BTreeMap<String, String>>,
    /// The resource on whose behalf the call has to be made.
    #[n(2)]
    pub source_arn: Option<String>,
}

/// The encryption context that a grant is to allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Context {
    /// The operation has none, and no constraint looks at it.
    None,
    /// Exactly these pairs.
    Exactly(Pairs),
    /// These pairs and any others.
    AtLeast(Pairs),
}

impl Context {
    /// The pairs that are sure to be there.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        match self {
            Self::None => &[],
            Self::Exactly(pairs) | Self::AtLeast(pairs) => pairs,
        }
    }
}

/// The form in which pairs are compared.
#[must_use]
pub(crate) fn canonical(pairs: &BTreeMap<String, String>) -> Pairs {
    let mut canonical: Pairs =
        pairs.iter().map(|(key, value)| (key.to_ascii_lowercase(), value.clone())).collect();
    canonical.sort_unstable();
    canonical
}

/// Pairs as one text; no other pairs have the same.
#[must_use]
pub(crate) fn text_of(pairs: &[(String, String)]) -> String {
    let text = |(key, value): &(String, String)| format!("{}:{key}{}:{value}", key.len(), value.len());
    pairs.iter().map(text).collect()
}

impl Constraints {
    /// The constraints of a request.
    #[must_use]
    pub(crate) fn of(constraints: Option<&GrantConstraints>) -> Self {
        let Some(constraints) = constraints else { return Self::default() };
        Self {
            equals: constraints.encryption_context_equals.clone(),
            subset: constraints.encryption_context_subset.clone(),
            source_arn: constraints.source_arn.clone(),
        }
    }

    /// The constraints as the API shows them; nothing if there are none.
    #[must_use]
    pub(crate) fn to_api(&self) -> Option<GrantConstraints> {
        (*self != Self::default()).then(|| GrantConstraints {
            encryption_context_equals: self.equals.clone(),
            encryption_context_subset: self.subset.clone(),
            source_arn: self.source_arn.clone(),
        })
    }

    /// Passes if a grant may have these constraints.
    ///
    /// # Errors
    /// They are of both kinds, or too large.
    pub(crate) fn check(&self) -> Result<(), ApiError> {
        if self.equals.is_some() && self.subset.is_some() {
            return Err(error::two_context_constraints());
        }
        let Some(pairs) = self.encryption_context() else { return Ok(()) };
        if pairs.len() > PAIRS_MAX {
            return Err(error::constraint_pairs(PAIRS_MAX));
        }
        if pairs.values().any(|value| value.chars().count() > VALUE_LENGTH_MAX) {
            return Err(error::constraint_length(VALUE_LENGTH_MAX));
        }
        Ok(())
    }

    /// What the encryption context is compared with, if it is.
    #[must_use]
    pub(crate) fn encryption_context(&self) -> Option<&BTreeMap<String, String>> {
        self.equals.as_ref().or(self.subset.as_ref())
    }

    /// The kinds of constraints that there are.
    pub(crate) fn types(&self) -> impl Iterator<Item = &'static str> {
        [
            self.equals.as_ref().map(|_| "EncryptionContextEquals"),
            self.subset.as_ref().map(|_| "EncryptionContextSubset"),
            self.source_arn.as_ref().map(|_| "SourceArn"),
        ]
        .into_iter()
        .flatten()
    }

    /// What encryption contexts these constraints let through.
    #[must_use]
    pub(crate) fn context(&self) -> Context {
        match (&self.equals, &self.subset) {
            (Some(equals), _) => Context::Exactly(canonical(equals)),
            (None, subset) => Context::AtLeast(subset.as_ref().map(canonical).unwrap_or_default()),
        }
    }

    /// Whether all that `wanted` stands for is let through: one encryption context, or all those that a grant made by
    /// this one would let through.
    #[must_use]
    pub(crate) fn let_through(&self, wanted: &Context, source_arn: Option<&str>) -> bool {
        let from_source = self.source_arn.is_none() || self.source_arn.as_deref() == source_arn;
        from_source
            && match (wanted, self.context()) {
                (Context::None, _) => true,
                (Context::Exactly(wanted), Context::Exactly(only)) => *wanted == only,
                (_, Context::Exactly(_)) => false,
                (wanted, held) => held.pairs().iter().all(|pair| wanted.pairs().contains(pair)),
            }
    }

    /// The constraints as one text; no others that mean something else have the same.
    #[must_use]
    pub(crate) fn canonical_text(&self) -> String {
        let kind = if self.equals.is_some() { "equals" } else { "subset" };
        let source = self.source_arn.as_deref().unwrap_or_default();
        format!("{kind} {} {source}", text_of(self.context().pairs()))
    }
}

#[cfg(test)]
mod tests;
