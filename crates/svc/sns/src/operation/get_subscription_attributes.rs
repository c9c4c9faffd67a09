//! `GetSubscriptionAttributes`: <https://docs.aws.amazon.com/sns/latest/api/API_GetSubscriptionAttributes.html>

use alcazar_api_sns::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::arn::SubscriptionArn;
use crate::{access, error, subscription, subscription_attribute};

/// Tells the attributes of a subscription, to its owner and its topic's.
pub struct GetSubscriptionAttributes;

impl Operation for GetSubscriptionAttributes {
    type Api = api::GetSubscriptionAttributes;
    type Target = SubscriptionArn;
    const READ_ONLY: bool = true;

    async fn resolve(
        _: &mut Reads<'_>,
        input: &api::GetSubscriptionAttributesInput,
    ) -> Result<SubscriptionArn> {
        Ok(SubscriptionArn::parse(&input.subscription_arn)?)
    }

    fn access(call: &CallInfo, _: &api::GetSubscriptionAttributesInput, _: &SubscriptionArn) -> Access {
        access::any(call, "sns:GetSubscriptionAttributes")
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::GetSubscriptionAttributesInput,
        arn: Allowed<SubscriptionArn>,
    ) -> Result<api::GetSubscriptionAttributesResponse> {
        let found = subscription::find(cx, &arn).await?;
        let found = found.filter(|(topic, it)| access::is_of(cx.call(), [it.owner, topic.account]));
        let (topic, subscription) = found.ok_or_else(error::subscription::not_found)?;
        let attributes = subscription_attribute::shown(&topic, &subscription);
        Ok(api::GetSubscriptionAttributesResponse { attributes: Some(attributes) })
    }
}
