//! The questions that SNS operations put to the policies, with SNS's condition keys.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html>

use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_engine::{Access, CallInfo, Check, Reads, Result, Rule};
use alcazar_identity::tag::Tag;
use alcazar_policy::{CompiledPolicy, PolicyKind};

use crate::arn::TopicArn;
use crate::topic::{self, Topic};

/// The type of a topic in audit events.
pub(crate) const TOPIC_TYPE: &str = "AWS::SNS::Topic";

/// The topic that a request names, if it is there, with the policy that decides about it.
#[derive(Debug)]
pub struct Target {
    pub(crate) arn: TopicArn,
    pub(crate) topic: Option<Arc<Topic>>,
    policy: Option<Arc<CompiledPolicy>>,
}

impl Target {
    /// Finds the topic of an ARN.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, arn: TopicArn) -> Result<Self> {
        let topic = topic::find(reads, &arn).await?;
        let policy = match &topic {
            Some(topic) => Some(topic.policy.compiled(PolicyKind::Resource)?),
            None => None,
        };
        Ok(Self { arn, topic, policy })
    }

    /// The question whether a caller may do something with the topic.
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        let owner = self.arn.account;
        let rule = self.policy.clone().map_or(Rule::IdentityOnly, Rule::ResourcePolicy);
        let mut check = Check::new(action, self.arn.to_string(), TOPIC_TYPE, owner);
        if let Some(topic) = &self.topic
            && call.needs_context(owner, &rule)
        {
            check.context.add_resource_tags(topic.tags.iter().map(Tag::pair));
        }
        Check { rule, ..check }
    }

    /// That question alone.
    pub(crate) fn access(&self, call: &CallInfo, action: &'static str) -> Access {
        Access::one(self.check(call, action))
    }
}

/// The question whether a caller may do something that is about no topic in particular.
pub(crate) fn any(call: &CallInfo, action: &'static str) -> Access {
    Access::one(Check::new(action, "*", TOPIC_TYPE, call.account()))
}

/// Whether the caller is of one of these accounts.
pub(crate) fn is_of(call: &CallInfo, accounts: [AccountId; 2]) -> bool {
    accounts.contains(&call.account())
}
