//! A policy document as a record holds it: its text, and what was compiled of it, once.

use std::sync::{Arc, OnceLock};

use alcazar_engine::{BoundPrincipals, Error, Reads, Result};
use alcazar_policy::{CompiledPolicy, ParseError, PolicyDocument, PolicyKind};
use minicbor::{Decode, Encode};

/// A policy document that was checked before it was stored.
#[derive(Clone, Encode, Decode)]
pub struct Document {
    /// The text as it was given.
    #[n(0)]
    pub text: String,
    /// The users and roles that it names as principals.
    #[n(1)]
    pub bound: Option<BoundPrincipals>,
    #[cbor(skip)]
    compiled: OnceLock<Arc<CompiledPolicy>>,
}

impl Document {
    /// Checks a text.
    ///
    /// # Errors
    /// It is no policy of this kind.
    pub fn parse(text: &str, kind: PolicyKind) -> std::result::Result<Self, ParseError> {
        Ok(Self::of(text, &PolicyDocument::parse(text, kind)?))
    }

    /// Checks a text that is to be written to IAM, which takes less than the language has.
    ///
    /// # Errors
    /// It is no policy of this kind that IAM takes; [`ParseError::iam_message`] says so in IAM's words.
    pub fn parse_for_iam(text: &str, kind: PolicyKind) -> std::result::Result<Self, ParseError> {
        Ok(Self::of(text, &PolicyDocument::parse_for_iam(text, kind)?))
    }

    /// A text that was read.
    #[must_use]
    pub fn of(text: &str, policy: &PolicyDocument) -> Self {
        let compiled = OnceLock::from(Arc::new(CompiledPolicy::compile(policy)));
        Self { text: text.to_owned(), bound: None, compiled }
    }

    /// A text that was read and names principals: whom it names is kept.
    ///
    /// # Errors
    /// The store failed.
    pub async fn of_bound(reads: &mut Reads<'_>, text: &str, policy: &PolicyDocument) -> Result<Self> {
        let bound = reads.bind(policy).await?;
        let compiled = OnceLock::from(Arc::new(bound.compile(policy)));
        Ok(Self { text: text.to_owned(), bound: Some(bound), compiled })
    }

    /// A text that was made of this one by adding or removing statements: principals that both name are those whom this
    /// one meant when it was written.
    ///
    /// # Errors
    /// The store failed.
    pub async fn changed(&self, reads: &mut Reads<'_>, text: &str, policy: &PolicyDocument) -> Result<Self> {
        let mut bound = reads.bind(policy).await?;
        if let Some(before) = &self.bound {
            bound.keep(before, policy);
        }
        let compiled = OnceLock::from(Arc::new(bound.compile(policy)));
        Ok(Self { text: text.to_owned(), bound: Some(bound), compiled })
    }

    /// The text as it is told: principals that were deleted since stand there with their unique ids.
    ///
    /// # Errors
    /// The store failed.
    pub async fn told(&self, reads: &mut Reads<'_>) -> Result<String> {
        match &self.bound {
            Some(bound) => reads.told(&self.text, bound).await,
            None => Ok(self.text.clone()),
        }
    }

    /// The policy, compiled.
    ///
    /// # Errors
    /// The text does not parse any more, since the language has become stricter. What it denies is not known then, so
    /// no decision can be made.
    pub fn compiled(&self, kind: PolicyKind) -> Result<Arc<CompiledPolicy>> {
        if let Some(compiled) = self.compiled.get() {
            return Ok(compiled.clone());
        }
        let document = PolicyDocument::parse(&self.text, kind)
            .map_err(|error| Error::invariant(format!("a stored policy does not parse: {error}")))?;
        let none = BoundPrincipals::default();
        let bound = self.bound.as_ref().unwrap_or(&none);
        Ok(self.compiled.get_or_init(|| Arc::new(bound.compile(&document))).clone())
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.bound == other.bound
    }
}

impl Eq for Document {}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Document").field(&self.text).finish()
    }
}

/// A policy that stands in a user, group or role itself.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct InlinePolicy {
    /// Its name.
    #[n(0)]
    pub name: String,
    /// What it says.
    #[n(1)]
    pub document: Document,
}

/// What counts against quotas of a document's size: every character but white space.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
#[must_use]
pub fn counted_characters(text: &str) -> usize {
    text.chars().filter(|character| !character.is_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_document_is_compiled_once_and_compares_by_its_text() {
        let text =
            r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}"#;
        let document = Document::parse(text, PolicyKind::Identity).unwrap();
        let read: Document = minicbor::decode(&minicbor::to_vec(&document).unwrap()).unwrap();
        assert_eq!(read, document);
        let compiled = read.compiled(PolicyKind::Identity).unwrap();
        assert!(Arc::ptr_eq(&compiled, &read.compiled(PolicyKind::Identity).unwrap()));
        assert_eq!(counted_characters(" {\"a\": 1}\n"), 7);
    }
}
