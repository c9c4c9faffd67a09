//! Subscriptions as lists show them.

use alcazar_api_sns::types;

use crate::subscription::{State, Subscription};

/// What stands for the ARN as long as the endpoint has not confirmed.
const PENDING: &str = "PendingConfirmation";

/// One entry of a list.
pub(crate) fn one(subscription: &Subscription) -> types::Subscription {
    let arn = match subscription.state {
        State::Confirmed => subscription.arn(),
        State::Pending | State::Cancelled => PENDING.to_owned(),
    };
    types::Subscription {
        subscription_arn: Some(arn),
        owner: Some(subscription.owner.to_string()),
        protocol: Some(subscription.protocol.as_str().to_owned()),
        endpoint: Some(subscription.endpoint.clone()),
        topic_arn: Some(subscription.topic_arn.clone()),
    }
}
