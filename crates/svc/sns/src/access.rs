//! The questions that SNS operations put to the policies, with SNS's condition keys.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html>

use std::sync::Arc;

use alcazar_api_sns::types;
use alcazar_base::AccountId;
use alcazar_engine::{Access, CallInfo, Check, Reads, Result, Rule};
use alcazar_policy::{CompiledPolicy, Context, PolicyKind};

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
        let mut context = Context::new();
        if let Some(topic) = &self.topic
            && call.needs_context(owner, &rule)
        {
            for tag in &topic.tags {
                context.insert(format!("aws:ResourceTag/{}", tag.key), tag.value.clone());
            }
        }
        Check {
            action,
            resource: self.arn.to_string(),
            owner,
            resource_type: TOPIC_TYPE,
            rule,
            context,
            beyond_resource_control: false,
            denial: None,
            charges: Vec::new(),
        }
    }

    /// That question alone.
    pub(crate) fn access(&self, call: &CallInfo, action: &'static str) -> Access {
        Access::one(self.check(call, action))
    }
}

/// The question whether a caller may do something that is about no topic in particular.
pub(crate) fn any(call: &CallInfo, action: &'static str) -> Access {
    Access::one(Check {
        action,
        resource: "*".to_owned(),
        owner: call.account(),
        resource_type: TOPIC_TYPE,
        rule: Rule::IdentityOnly,
        context: Context::new(),
        beyond_resource_control: false,
        denial: None,
        charges: Vec::new(),
    })
}

/// Adds the tags that a request gives.
pub(crate) fn add_request_tags(check: &mut Check, tags: &[types::Tag]) {
    for tag in tags {
        check.context.insert(format!("aws:RequestTag/{}", tag.key), tag.value.clone());
        check.context.insert("aws:TagKeys", tag.key.clone());
    }
}

/// Adds the keys of tags that a request takes away.
pub(crate) fn add_tag_keys(check: &mut Check, keys: &[String]) {
    for key in keys {
        check.context.insert("aws:TagKeys", key.clone());
    }
}

/// Whether the caller is of one of these accounts.
pub(crate) fn is_of(call: &CallInfo, accounts: [AccountId; 2]) -> bool {
    accounts.contains(&call.account())
}
