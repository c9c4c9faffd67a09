//! The queue that a request is about, and the questions that are put to the policies.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-using-identity-based-policies.html>

use std::sync::Arc;

use alcazar_base::{AccountId, Region};
use alcazar_engine::{Access, CallInfo, Check, Reads, Result, Rule};
use alcazar_identity::tag::Tag;
use alcazar_policy::{CompiledPolicy, PolicyKind};

use crate::error;
use crate::queue::{self, Queue};
use crate::url;

/// The type of a queue in audit events.
pub(crate) const QUEUE_TYPE: &str = "AWS::SQS::Queue";

/// The queue that a request names, be it there or not.
#[derive(Debug)]
pub struct Target {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) name: String,
    found: Option<Arc<Queue>>,
    policy: Option<Arc<CompiledPolicy>>,
}

impl Target {
    /// The queue of a URL.
    ///
    /// # Errors
    /// It is no URL of a queue, or the store failed.
    pub(crate) async fn of_url(reads: &mut Reads<'_>, url: &str) -> Result<Self> {
        let (account, name) = url::parse(url)?;
        let region = reads.region().clone();
        Self::of(reads, account, region, name).await
    }

    /// The queue of a name.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn of(
        reads: &mut Reads<'_>,
        account: AccountId,
        region: Region,
        name: &str,
    ) -> Result<Self> {
        let found = queue::find(reads, account, &region, name).await?;
        let policy = found.as_ref().and_then(|queue| queue.policy.as_ref());
        let policy = policy.map(|policy| policy.compiled(PolicyKind::Resource)).transpose()?;
        Ok(Self { account, region, name: name.to_owned(), found, policy })
    }

    /// The queue's ARN.
    #[must_use]
    pub(crate) fn arn(&self) -> String {
        queue::arn(&self.region, self.account, &self.name)
    }

    /// The queue, if it is there.
    #[must_use]
    pub(crate) fn found(&self) -> Option<&Arc<Queue>> {
        self.found.as_ref()
    }

    /// The queue.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn queue(&self) -> Result<&Arc<Queue>> {
        Ok(self.found.as_ref().ok_or_else(error::queue_does_not_exist)?)
    }

    /// May the caller do this with the queue? Its policy counts, in other accounts too.
    #[must_use]
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        let policy = self.policy.clone();
        self.check_by(call, action, policy.map_or(Rule::IdentityOnly, Rule::ResourcePolicy))
    }

    /// The same of what a queue's policy cannot give to other accounts.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-customer-managed-policy-examples.html>
    #[must_use]
    pub(crate) fn check_of_owner(&self, call: &CallInfo, action: &'static str) -> Check {
        match self.account == call.account() {
            true => self.check(call, action),
            false => self.check_by(call, action, Rule::IdentityOnly),
        }
    }

    /// One question alone.
    #[must_use]
    pub(crate) fn access(&self, call: &CallInfo, action: &'static str) -> Access {
        Access::one(self.check(call, action))
    }

    /// One question alone, which only the owner's own may be allowed.
    #[must_use]
    pub(crate) fn access_of_owner(&self, call: &CallInfo, action: &'static str) -> Access {
        Access::one(self.check_of_owner(call, action))
    }

    fn check_by(&self, call: &CallInfo, action: &'static str, rule: Rule) -> Check {
        let mut check = Check::new(action, self.arn(), QUEUE_TYPE, self.account);
        if let Some(queue) = self.found.as_ref().filter(|_| call.needs_context(self.account, &rule)) {
            check.context.add_resource_tags(queue.tags.iter().map(Tag::pair));
        }
        let is_foreign = self.account != call.account();
        Check { rule, denial: is_foreign.then(|| error::access_denied(&call.origin.base_url())), ..check }
    }
}
