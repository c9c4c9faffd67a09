//! Attributes of subscriptions: setting them, and telling them.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html>

use std::collections::BTreeMap;

use alcazar_event::{FilterPolicy, FilterPolicyError};
use alcazar_shape::ApiError;
use serde_json::{Map, Value as Json};

use crate::arn::QueueArn;
use crate::delivery_policy::{SubscriptionPolicy, TopicPolicy};
use crate::error;
use crate::subscription::{Protocol, State, Subscription};
use crate::topic::Topic;

/// The longest redrive policy, in bytes.
const REDRIVE_BYTES_MAX: usize = 4096;

/// The order in which attributes are set, since a filter policy is read by its scope.
const ORDER: [&str; 5] =
    ["FilterPolicyScope", "FilterPolicy", "RawMessageDelivery", "DeliveryPolicy", "RedrivePolicy"];

/// Sets the attributes of Subscribe.
///
/// # Errors
/// There is no such attribute, or the value is none that it may have.
pub(crate) fn set_all(
    topic: &Topic,
    subscription: &mut Subscription,
    attributes: &BTreeMap<String, String>,
) -> Result<(), ApiError> {
    if attributes.keys().any(|name| !ORDER.contains(&name.as_str())) {
        return Err(error::subscription::attribute("AttributeName", true));
    }
    for name in ORDER {
        if let Some(value) = attributes.get(name) {
            set(topic, subscription, name, value, true)?;
        }
    }
    Ok(())
}

/// Sets an attribute.
///
/// # Errors
/// As [`set_all`].
pub(crate) fn set(
    topic: &Topic,
    subscription: &mut Subscription,
    name: &str,
    value: &str,
    in_subscribe: bool,
) -> Result<(), ApiError> {
    let refused = |reason: String| error::subscription::attribute(&reason, in_subscribe);
    match name {
        "RawMessageDelivery" => subscription.raw = raw(value).map_err(refused)?,
        "FilterPolicyScope" => {
            let is_body = scope(value).map_err(refused)?;
            let before = subscription.filter_body.replace(is_body);
            subscription.filter_changed();
            // The policy that is there must be one of the new scope too.
            if let Some(text) = &subscription.filter_policy
                && let Err(fault) = FilterPolicy::parse(text, subscription.filter_scope())
            {
                subscription.filter_body = before;
                return Err(filter_fault(&fault, in_subscribe));
            }
        }
        "FilterPolicy" => {
            let is_none = value.trim().is_empty() || value.split_whitespace().collect::<String>() == "{}";
            if !is_none {
                FilterPolicy::parse(value, subscription.filter_scope())
                    .map_err(|fault| filter_fault(&fault, in_subscribe))?;
            }
            subscription.filter_policy = (!is_none).then(|| value.to_owned());
            subscription.filter_changed();
        }
        "DeliveryPolicy" => {
            if subscription.protocol == Protocol::Sqs && !value.is_empty() {
                return Err(refused("DeliveryPolicy: only supported for HTTP/S subscriptions".to_owned()));
            }
            if !value.is_empty() {
                SubscriptionPolicy::parse(value).map_err(refused)?;
            }
            subscription.delivery_policy = (!value.is_empty()).then(|| value.to_owned());
        }
        "RedrivePolicy" => {
            if !value.is_empty() {
                dead_letter_queue(topic, value).map_err(refused)?;
            }
            subscription.redrive_policy = (!value.is_empty()).then(|| value.to_owned());
        }
        _ => return Err(error::subscription::attribute_name()),
    }
    Ok(())
}

fn filter_fault(fault: &FilterPolicyError, in_subscribe: bool) -> ApiError {
    // What attributes cannot have is told without saying where it stood.
    let in_subscribe = in_subscribe && *fault != FilterPolicyError::Nested;
    error::subscription::attribute(&fault.to_string(), in_subscribe)
}

fn raw(value: &str) -> Result<bool, String> {
    match value {
        _ if value.eq_ignore_ascii_case("true") => Ok(true),
        _ if value.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(format!("RawMessageDelivery: Invalid value [{}]. Must be true or false.", cut(value))),
    }
}

/// Whether the scope is the message's body.
fn scope(value: &str) -> Result<bool, String> {
    match value {
        "MessageAttributes" => Ok(false),
        "MessageBody" => Ok(true),
        _ => Err(format!(
            "FilterPolicyScope: Invalid value [{}]. Please use either MessageBody or MessageAttributes",
            cut(value)
        )),
    }
}

/// A text as errors repeat it.
fn cut(text: &str) -> String {
    text.chars().take(256).collect()
}

/// The queue of a redrive policy.
fn dead_letter_queue(topic: &Topic, value: &str) -> Result<QueueArn, String> {
    let bad_arn = || "RedrivePolicy: deadLetterTargetArn is an invalid arn".to_owned();
    if value.len() > REDRIVE_BYTES_MAX {
        return Err("RedrivePolicy: policy is too long".to_owned());
    }
    let policy: Map<String, Json> = serde_json::from_str(value)
        .map_err(|error| format!("RedrivePolicy: failed to parse JSON. {error}"))?;
    let queue = policy.get("deadLetterTargetArn").and_then(Json::as_str);
    let queue = queue.and_then(QueueArn::parse).ok_or_else(bad_arn)?;
    if queue.account != topic.account || queue.region != topic.region {
        return Err(bad_arn());
    }
    if queue.is_fifo() != topic.is_fifo() {
        let what = if topic.is_fifo() { "FIFO" } else { "standard" };
        let of = if topic.is_fifo() { "FIFO Subscription to a FIFO Topic" } else { "standard Subscription" };
        return Err(format!("RedrivePolicy: must use a {what} queue as DLQ for a {of}."));
    }
    Ok(queue)
}

/// Where messages go that could not be delivered, if anywhere.
pub(crate) fn dead_letters(topic: &Topic, subscription: &Subscription) -> Option<QueueArn> {
    dead_letter_queue(topic, subscription.redrive_policy.as_deref()?).ok()
}

/// Whether the two have the same attributes as far as `given` names them.
pub(crate) fn are_equal(one: &Subscription, other: &Subscription, given: &BTreeMap<String, String>) -> bool {
    given.keys().all(|name| match name.as_str() {
        "RawMessageDelivery" => one.raw == other.raw,
        "FilterPolicyScope" => one.filter_scope() == other.filter_scope(),
        "FilterPolicy" => one.filter_policy == other.filter_policy,
        "DeliveryPolicy" => one.delivery_policy == other.delivery_policy,
        "RedrivePolicy" => one.redrive_policy == other.redrive_policy,
        _ => false,
    })
}

/// All attributes, as they are told.
pub(crate) fn shown(topic: &Topic, subscription: &Subscription) -> BTreeMap<String, String> {
    let filter = subscription.filter_policy.clone();
    let scope = if subscription.filter_body == Some(true) { "MessageBody" } else { "MessageAttributes" };
    let (own, effective) = match subscription.protocol {
        Protocol::Sqs => (None, None),
        Protocol::Http | Protocol::Https => {
            let own = SubscriptionPolicy::stored(subscription.delivery_policy.as_deref());
            let effective = own.under(&TopicPolicy::stored(topic.delivery_policy.as_deref()));
            (subscription.delivery_policy.is_some().then(|| own.shown()), Some(effective.shown()))
        }
    };
    let attributes = [
        ("SubscriptionArn", Some(subscription.arn())),
        ("TopicArn", Some(subscription.topic_arn.clone())),
        ("Owner", Some(subscription.owner.to_string())),
        ("Protocol", Some(subscription.protocol.as_str().to_owned())),
        ("Endpoint", Some(subscription.endpoint.clone())),
        ("SubscriptionPrincipal", Some(subscription.principal.clone())),
        ("PendingConfirmation", Some((subscription.state == State::Pending).to_string())),
        ("ConfirmationWasAuthenticated", Some(subscription.authenticated.to_string())),
        ("RawMessageDelivery", Some(subscription.raw.to_string())),
        ("FilterPolicyScope", filter.as_ref().map(|_| scope.to_owned())),
        ("FilterPolicy", filter),
        ("DeliveryPolicy", own),
        ("EffectiveDeliveryPolicy", effective),
        ("RedrivePolicy", subscription.redrive_policy.clone()),
    ];
    attributes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
