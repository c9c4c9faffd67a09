//! `Unsubscribe`: <https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html>

use alcazar_api_sns::operation as api;
use alcazar_api_sns::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result, Signing};
use alcazar_policy::PrincipalKind;

use crate::arn::SubscriptionArn;
use crate::subscription::{self, State};
use crate::{access, confirmation, error};

/// Ends a subscription.
pub struct Unsubscribe;

impl Operation for Unsubscribe {
    type Api = api::Unsubscribe;
    type Target = SubscriptionArn;
    const READ_ONLY: bool = false;
    const SIGNING: Signing = Signing::Optional;

    async fn resolve(_: &mut Reads<'_>, input: &api::UnsubscribeInput) -> Result<SubscriptionArn> {
        Ok(SubscriptionArn::parse(&input.subscription_arn)?)
    }

    fn access(call: &CallInfo, _: &api::UnsubscribeInput, _: &SubscriptionArn) -> Access {
        match call.caller.principal.kind {
            PrincipalKind::Anonymous => Access::open(),
            _ => access::any(call, "sns:Unsubscribe"),
        }
    }

    async fn run(cx: &mut Cx<'_>, _: &api::UnsubscribeInput, arn: Allowed<SubscriptionArn>) -> Result<Unit> {
        // One that is gone is no error.
        let Some((topic, old)) = subscription::find(cx, &arn).await? else { return Ok(Unit {}) };
        let caller = &cx.call().caller;
        let is_signed = caller.principal.kind != PrincipalKind::Anonymous;
        let may =
            if is_signed { access::is_of(cx.call(), [old.owner, topic.account]) } else { !old.authenticated };
        if !may {
            return Err(error::not_authorized(caller.arn(), "Unsubscribe", &arn.to_string()).into());
        }
        let is_owner = is_signed && cx.account() == old.owner;
        if is_owner || old.authenticated || old.state != State::Confirmed {
            subscription::delete(cx, &topic.region, &old).await?;
            return Ok(Unit {});
        }
        // The endpoint is told, and may take it back.
        let mut cancelled = old.as_ref().clone();
        cancelled.state = State::Cancelled;
        cancelled.since = cx.now();
        confirmation::ask(cx, &mut cancelled)?;
        subscription::put_changed(cx, &old, cancelled).await?;
        Ok(Unit {})
    }
}
