//! The questions that operations put to the policies, with Parameter Store's condition keys.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html>

use std::sync::Arc;

use alcazar_api_ssm::types;
use alcazar_engine::{Access, CallInfo, Check, Reads, Result, Rule};
use alcazar_identity::tag::Tag;
use alcazar_policy::CompiledPolicy;

use crate::parameter::{self, Parameter};
use crate::reference::Reference;
use crate::resource_policy;

/// The type of a parameter in audit events.
pub(crate) const PARAMETER_TYPE: &str = "AWS::SSM::Parameter";

/// What is no single resource, and so stands in no audit event.
pub(crate) const NO_TYPE: &str = "";

/// The parameter that a request names, if it is there, with the policy that decides about it.
#[derive(Debug)]
pub struct Target {
    pub(crate) reference: Reference,
    pub(crate) parameter: Option<Arc<Parameter>>,
    policy: Option<Arc<CompiledPolicy>>,
}

impl Target {
    /// Finds what a request names. What is in another region than that of the call is not there.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, reference: Reference) -> Result<Self> {
        let parameter = match reference.region == *reads.region() {
            true => parameter::find(reads, &reference).await?,
            false => None,
        };
        let policy = match &parameter {
            Some(parameter) => resource_policy::compiled(parameter)?,
            None => None,
        };
        Ok(Self { reference, parameter, policy })
    }

    /// The same for a call that changes it: such calls of one parameter queue up, so that they do not conflict.
    ///
    /// # Errors
    /// The store failed, or the call waits for its turn.
    pub(crate) async fn find_to_change(reads: &mut Reads<'_>, reference: Reference) -> Result<Self> {
        reads.lock([reference.arn()])?;
        Self::find(reads, reference).await
    }

    /// What a name names that nothing can have.
    #[must_use]
    pub(crate) fn nothing(reference: Reference) -> Self {
        Self { reference, parameter: None, policy: None }
    }

    /// The question whether a caller may do something with the parameter.
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        let owner = self.reference.account;
        let rule = self.policy.clone().map_or(Rule::IdentityOnly, Rule::ResourcePolicy);
        let mut check = Check::new(action, self.reference.arn(), PARAMETER_TYPE, owner);
        if let Some(parameter) = &self.parameter
            && call.needs_context(owner, &rule)
        {
            let tags = || parameter.tags.iter().map(Tag::pair);
            check.context.add_resource_tags(tags());
            check.context.add_tags("ssm:resourceTag/", tags());
        }
        Check { rule, ..check }
    }

    /// That question alone.
    pub(crate) fn access(&self, call: &CallInfo, action: &'static str) -> Access {
        Access::one(self.check(call, action))
    }
}

/// The question whether a caller may do something that is about no parameter in particular.
pub(crate) fn any(call: &CallInfo, action: &'static str) -> Access {
    let (partition, region, account) = (call.region.partition(), &call.region, call.account());
    let arn = format!("arn:{}:ssm:{region}:{account}:*", partition.as_str());
    Access::one(Check { resource_type: NO_TYPE, ..of_arn(call, action, arn) })
}

/// The question whether a caller may do something with what an ARN names, which is no single parameter.
pub(crate) fn of_arn(call: &CallInfo, action: &'static str, arn: String) -> Check {
    Check::new(action, arn, PARAMETER_TYPE, call.account())
}

/// Adds the tags that a request gives.
pub(crate) fn add_request_tags(check: &mut Check, tags: &[types::Tag]) {
    check.context.add_request_tags(tags.iter().map(|tag| (&tag.key, &tag.value)));
}

/// Adds the keys of tags that a request takes away.
pub(crate) fn add_tag_keys(check: &mut Check, keys: &[String]) {
    check.context.add_tag_keys(keys);
}
