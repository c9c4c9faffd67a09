//! `SetSubscriptionAttributes`: <https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html>

use alcazar_api_sns::operation as api;
use alcazar_api_sns::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::arn::SubscriptionArn;
use crate::{access, error, subscription, subscription_attribute};

/// Sets an attribute of a subscription, which its owner may.
pub struct SetSubscriptionAttributes;

impl Operation for SetSubscriptionAttributes {
    type Api = api::SetSubscriptionAttributes;
    type Target = SubscriptionArn;
    const READ_ONLY: bool = false;

    async fn resolve(
        _: &mut Reads<'_>,
        input: &api::SetSubscriptionAttributesInput,
    ) -> Result<SubscriptionArn> {
        Ok(SubscriptionArn::parse(&input.subscription_arn)?)
    }

    fn access(call: &CallInfo, _: &api::SetSubscriptionAttributesInput, _: &SubscriptionArn) -> Access {
        access::any(call, "sns:SetSubscriptionAttributes")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::SetSubscriptionAttributesInput,
        arn: Allowed<SubscriptionArn>,
    ) -> Result<Unit> {
        let found = subscription::find(cx, &arn).await?;
        let found = found.filter(|(_, subscription)| subscription.owner == cx.account());
        let (topic, old) = found.ok_or_else(error::subscription::not_found)?;
        let mut new = old.as_ref().clone();
        let value = input.attribute_value.as_deref().unwrap_or_default();
        subscription_attribute::set(&topic, &mut new, &input.attribute_name, value, false)?;
        subscription::put_changed(cx, &old, new).await?;
        Ok(Unit {})
    }
}
