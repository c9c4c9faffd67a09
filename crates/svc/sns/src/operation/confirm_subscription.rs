//! `ConfirmSubscription`: <https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html>

use alcazar_api_sns::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result, Rule, Signing};
use alcazar_policy::PrincipalKind;

use crate::access::Target;
use crate::arn::{SubscriptionArn, TopicArn};
use crate::error;
use crate::subscription::{self, State, Token};

/// Confirms a subscription, by the token that its endpoint was told.
pub struct ConfirmSubscription;

impl Operation for ConfirmSubscription {
    type Api = api::ConfirmSubscription;
    type Target = Target;
    const READ_ONLY: bool = false;
    const SIGNING: Signing = Signing::Optional;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ConfirmSubscriptionInput) -> Result<Target> {
        // A link says no region but that of the ARN.
        let arn = TopicArn::parse(&input.topic_arn, "TopicArn")?;
        Target::find(reads, arn).await
    }

    fn access(call: &CallInfo, _: &api::ConfirmSubscriptionInput, target: &Target) -> Access {
        if call.caller.principal.kind == PrincipalKind::Anonymous {
            return Access::open();
        }
        // Whoever has the token was asked, whatever the topic's policy says; the caller's own account may forbid it.
        let mut check = target.check(call, "sns:ConfirmSubscription");
        check.owner = call.account();
        check.rule = Rule::IdentityOnly;
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ConfirmSubscriptionInput,
        target: Allowed<Target>,
    ) -> Result<api::ConfirmSubscriptionResponse> {
        let arn = target.arn.clone();
        let is_signed = cx.call().caller.principal.kind != PrincipalKind::Anonymous;
        if target.topic.is_none() || is_signed && arn.region != *cx.region() {
            return Err(error::subscription::confirmed_topic().into());
        }
        let token = input.token.expose();
        let id = Token::subscription_id(token).ok_or_else(error::subscription::token)?;
        let found = subscription::find_any(cx, &SubscriptionArn { topic: arn, id }).await?;
        let (_, old) = found.ok_or_else(error::subscription::token)?;
        let is_right = old.token.as_ref().is_some_and(|it| it.is(&cx.keyring(), token, cx.now()));
        if !is_right {
            return Err(error::subscription::token().into());
        }
        let answer = api::ConfirmSubscriptionResponse { subscription_arn: Some(old.arn()) };
        if old.state == State::Confirmed {
            return Ok(answer);
        }
        let asked = input.authenticate_on_unsubscribe.as_deref();
        let mut new = old.as_ref().clone();
        new.state = State::Confirmed;
        new.since = cx.now();
        new.authenticated = is_signed && asked.is_some_and(|asked| asked.eq_ignore_ascii_case("true"));
        subscription::put_changed(cx, &old, new).await?;
        Ok(answer)
    }
}
