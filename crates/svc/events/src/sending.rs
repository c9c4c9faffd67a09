//! One event on its way to one target.

use alcazar_base::{Region, Timestamp};
use alcazar_engine::{Cx, Result, Source};

use crate::dispatch::Dispatch;
use crate::failure::{Failure, Outcome, outcome};
use crate::rule::Rule;
use crate::target::Target;
use crate::{access, role};

/// An event on its way to a target.
pub(crate) struct Sending<'s> {
    /// The rule that sends it.
    pub rule: &'s Rule,
    /// The target.
    pub target: &'s Target,
    /// The event, and how it came.
    pub dispatch: &'s Dispatch,
    /// A unique id, the same for all attempts.
    pub delivery_id: &'s str,
    /// How many attempts failed before.
    pub attempts: u32,
}

impl Sending<'_> {
    /// What the target is sent.
    pub(crate) fn body(&self) -> Result<String, Failure> {
        let Some(input) = &self.target.input else { return Ok(self.dispatch.event.clone()) };
        input.of_event(&alcazar_event::TransformerInput {
            event: &self.dispatch.event,
            rule_arn: &self.rule.arn(),
            rule_name: &self.rule.name,
            ingestion_time: Timestamp::from_millis(self.dispatch.ingested.as_millis()),
        })
    }

    /// For what EventBridge acts when it calls other services.
    pub(crate) fn source(&self) -> Source {
        Source { arn: self.rule.arn(), account: self.rule.account }
    }

    /// Calls an operation of another service: with the target's role if it has one, else in EventBridge's own name, as
    /// the resource's policy allows it.
    ///
    /// # Errors
    /// Something failed inside.
    pub(crate) async fn call<A: alcazar_shape::ApiOperation>(
        &self,
        cx: &mut Cx<'_>,
        region: &Region,
        input: A::Input,
    ) -> Result<Outcome<A::Output>> {
        let Some(role_arn) = &self.target.role_arn else {
            let answered = cx.invoke_as_service::<A>(access::PRINCIPAL, &self.source(), region, input).await;
            return outcome(answered);
        };
        match role::assume(cx, self, role_arn).await? {
            Ok(caller) => outcome(cx.invoke_with::<A>(caller, access::PRINCIPAL, region, input).await),
            Err(failure) => Ok(Err(failure)),
        }
    }
}
