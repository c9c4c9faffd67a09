//! The user, group or role whose policies a request asks about, by its ARN.

use alcazar_engine::{CallInfo, Check, Reads, Result};
use alcazar_identity::tag::Tag;

use crate::access;
use crate::simulation::SourceArn;

/// A user, group or role: there may be none of the ARN.
#[derive(Debug, Clone)]
pub struct Target {
    /// Which one.
    pub(crate) source: SourceArn,
    arn: String,
    tags: Vec<Tag>,
}

impl Target {
    /// Reads the ARN, and finds what the question to the policies is about.
    ///
    /// # Errors
    /// It is no such ARN, or the store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, arn: &str) -> Result<Self> {
        let source = SourceArn::parse(arn)?;
        let tags = if source.account == reads.account() { source.tags(reads).await? } else { Vec::new() };
        Ok(Self { source, arn: arn.to_owned(), tags })
    }

    /// The question whether the caller may do `action` on it.
    #[must_use]
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        let mut check = access::check(call, action, self.arn.clone(), self.source.resource_type());
        access::add_entity_tags(&mut check, &self.tags);
        check
    }
}
