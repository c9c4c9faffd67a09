//! What a service does itself for somebody who gave it credentials: whether their policies allow it.
//!
//! Some permissions are of no operation, such as `events:InvokeApiDestination`: a service asks for them before it acts
//! for a role that it assumed.

use std::sync::Arc;

use alcazar_policy::{Decision, DecisionRequest, Request, ResourceRule, decide};

use crate::caller::{CallInfo, Caller, Origin};
use crate::context::Cx;
use crate::error::Result;
use crate::global_keys;
use crate::operation::{Check, Rule};

impl Cx<'_> {
    /// Whether `service`, as `events.amazonaws.com`, may do something for `caller`; if not, what it is told. All policies
    /// that count for the caller decide, as they would about a call.
    ///
    /// # Errors
    /// The caller is no more, or the store failed.
    pub async fn permits(
        &mut self,
        caller: Arc<Caller>,
        service: &str,
        mut check: Check,
    ) -> Result<std::result::Result<(), String>> {
        let call = CallInfo {
            standing: self.standing_of(&caller).await?,
            caller,
            origin: Arc::new(Origin { host: service.to_owned(), ..Origin::of_service(service) }),
            source: None,
            via: Vec::new(),
            ..self.call().clone()
        };
        let owner = self.account_standing(check.owner).await?;
        global_keys::add(&call, &owner, check.owner, &mut check.context);
        let decision = decide(&DecisionRequest {
            request: Request {
                principal: &call.caller.principal,
                action: check.action,
                resource: &check.resource,
                context: &check.context,
            },
            principal_policies: &call.standing.policies,
            resource_control: &[],
            resource_policy: check.rule.policy(),
            resource_account: check.owner,
            resource_rule: match check.rule {
                Rule::IdentityOnly | Rule::ResourcePolicy(_) => ResourceRule::Ordinary,
                Rule::RulingPolicy(_) | Rule::TrustPolicy(_) => ResourceRule::MustAllow,
            },
        });
        Ok(match decision {
            Decision::Allowed => Ok(()),
            Decision::Denied(denial) => {
                Err(denial.message(&call.caller.principal.arn, check.action, &check.resource))
            }
        })
    }
}
