//! Attributes of topics: setting them, and telling them.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html>

use std::collections::BTreeMap;

use alcazar_engine::{Reads, Result};
use alcazar_shape::ApiError;

use crate::delivery_policy::TopicPolicy;
use crate::topic::{Counts, ThroughputScope, Topic};
use crate::{error, policy};

/// The attribute that says that a topic is FIFO, which it is from the beginning or never.
pub(crate) const FIFO_TOPIC: &str = "FifoTopic";

/// The longest display name, in characters.
const DISPLAY_NAME_MAX: usize = 100;

/// The least and the greatest size that messages may be limited to, in bytes.
const MESSAGE_BYTES: std::ops::RangeInclusive<u32> = 1024..=1_048_576;

/// The longest name of a key.
const KEY_CHARACTERS_MAX: usize = 2048;

/// Sets an attribute of a topic.
///
/// # Errors
/// There is no such attribute, or none of such topics, or the value is none that it may have.
pub(crate) async fn set(reads: &mut Reads<'_>, topic: &mut Topic, name: &str, value: &str) -> Result<()> {
    match name {
        "Policy" => {
            topic.policy = if value.is_empty() {
                policy::default_of(&topic.arn())?
            } else {
                policy::read(reads, value).await?
            };
        }
        "DisplayName" => topic.display_name = display_name(value)?,
        "DeliveryPolicy" => topic.delivery_policy = delivery_policy(value)?,
        "KmsMasterKeyId" => topic.kms_master_key_id = key_id(value)?,
        "SignatureVersion" => {
            let version = one_of(name, value, &["1", "2"])?;
            topic.signature_version = Some(version);
        }
        // Nothing here takes traces, so they are passed on, and no more.
        "TracingConfig" => topic.tracing_config = Some(one_of(name, value, &["PassThrough"])?),
        "MaximumMessageSize" => topic.maximum_message_size = Some(message_size(name, value)?),
        "ContentBasedDeduplication" if topic.is_fifo() => {
            topic.content_based_deduplication = boolean(name, value)?;
        }
        "FifoThroughputScope" if topic.is_fifo() => {
            topic.throughput_scope = match one_of(name, value, &["Topic", "MessageGroup"])?.as_str() {
                "Topic" => ThroughputScope::Topic,
                _ => ThroughputScope::MessageGroup,
            };
        }
        _ => return Err(error::topic::attribute_name().into()),
    }
    Ok(())
}

/// Reads whether a new topic is to be FIFO.
///
/// # Errors
/// The value is no boolean.
pub(crate) fn fifo(attributes: &BTreeMap<String, String>) -> Result<bool, ApiError> {
    attributes.get(FIFO_TOPIC).map_or(Ok(false), |value| boolean(FIFO_TOPIC, value))
}

fn display_name(value: &str) -> Result<String, ApiError> {
    if value.chars().count() > DISPLAY_NAME_MAX || value.chars().any(char::is_control) {
        return Err(error::topic::attribute_value(
            "DisplayName",
            "must be at most 100 characters long and without control characters",
        ));
    }
    Ok(value.to_owned())
}

fn delivery_policy(value: &str) -> Result<Option<String>, ApiError> {
    if value.is_empty() {
        return Ok(None);
    }
    TopicPolicy::parse(value)?;
    Ok(Some(value.to_owned()))
}

/// Whether there is such a key, KMS says when a message is published.
fn key_id(value: &str) -> Result<Option<String>, ApiError> {
    match value.chars().count() {
        0 => Ok(None),
        characters if characters > KEY_CHARACTERS_MAX => Err(error::invalid("KmsMasterKeyId")),
        _ => Ok(Some(value.to_owned())),
    }
}

fn message_size(name: &str, value: &str) -> Result<u32, ApiError> {
    let size = value.parse().ok().filter(|size| MESSAGE_BYTES.contains(size));
    size.ok_or_else(|| {
        let (min, max) = (MESSAGE_BYTES.start(), MESSAGE_BYTES.end());
        error::topic::attribute_value(name, &format!("must be an integer between {min} and {max}"))
    })
}

fn boolean(name: &str, value: &str) -> Result<bool, ApiError> {
    match value {
        _ if value.eq_ignore_ascii_case("true") => Ok(true),
        _ if value.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(error::topic::attribute_value(name, "must be true or false")),
    }
}

fn one_of(name: &str, value: &str, known: &[&str]) -> Result<String, ApiError> {
    if known.contains(&value) {
        return Ok(value.to_owned());
    }
    Err(error::topic::attribute_value(name, &format!("must be one of {}", known.join(", "))))
}

/// All attributes, as they are told.
///
/// # Errors
/// The store failed.
pub(crate) async fn shown(
    reads: &mut Reads<'_>,
    topic: &Topic,
    counts: Counts,
) -> Result<BTreeMap<String, String>> {
    let delivery = TopicPolicy::stored(topic.delivery_policy.as_deref());
    let own_delivery = topic.delivery_policy.is_some().then(|| delivery.shown());
    let mut attributes = vec![
        ("TopicArn", Some(topic.arn().to_string())),
        ("Owner", Some(topic.account.to_string())),
        ("Policy", Some(topic.policy.told(reads).await?)),
        ("DisplayName", Some(topic.display_name.clone())),
        ("DeliveryPolicy", own_delivery),
        ("EffectiveDeliveryPolicy", Some(delivery.effective())),
        ("KmsMasterKeyId", topic.kms_master_key_id.clone()),
        ("SignatureVersion", topic.signature_version.clone()),
        ("TracingConfig", topic.tracing_config.clone()),
        ("MaximumMessageSize", topic.maximum_message_size.map(|size| size.to_string())),
        ("SubscriptionsConfirmed", Some(counts.confirmed.to_string())),
        ("SubscriptionsPending", Some(counts.pending.to_string())),
        ("SubscriptionsDeleted", Some(counts.deleted.to_string())),
    ];
    if topic.is_fifo() {
        attributes.extend([
            (FIFO_TOPIC, Some(true.to_string())),
            ("ContentBasedDeduplication", Some(topic.content_based_deduplication.to_string())),
            ("FifoThroughputScope", Some(topic.throughput_scope.as_str().to_owned())),
        ]);
    }
    Ok(attributes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}
