//! Delivery policies: how often and when a message is tried again over HTTP, and what it is sent as.
//!
//! A topic has one for all its subscriptions, and a subscription one of its own, which counts instead unless the topic
//! forbids it.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/dg/creating-delivery-policy.html>

mod read;
mod retry;

use std::time::Duration;

use alcazar_shape::ApiError;
use serde_json::json;

use crate::error;
pub(crate) use retry::{QUEUE_RETRIES, RetryPolicy};

/// What messages over HTTP are called, unless a policy says otherwise.
pub(crate) const CONTENT_TYPE: &str = "text/plain; charset=UTF-8";

/// What a topic's delivery policy says. What it leaves out is AWS's default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TopicPolicy {
    retry: Option<RetryPolicy>,
    disable_overrides: bool,
    receives_per_second: Option<u32>,
    content_type: Option<String>,
}

/// What a subscription's own says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SubscriptionPolicy {
    retry: Option<RetryPolicy>,
    receives_per_second: Option<u32>,
    content_type: Option<String>,
}

/// What counts for a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Effective {
    /// When to try again.
    pub(crate) retry: RetryPolicy,
    /// How many messages a second it takes.
    pub(crate) receives_per_second: Option<u32>,
    /// What they are called.
    pub(crate) content_type: String,
}

impl TopicPolicy {
    /// Reads a topic's policy.
    ///
    /// # Errors
    /// It is none.
    pub(crate) fn parse(text: &str) -> Result<Self, ApiError> {
        read::topic(text).map_err(|reason| error::topic::delivery_policy(&reason))
    }

    /// The policy of a topic that was checked when it was set.
    pub(crate) fn stored(text: Option<&str>) -> Self {
        text.and_then(|text| Self::parse(text).ok()).unwrap_or_default()
    }

    /// As `DeliveryPolicy` tells it.
    pub(crate) fn shown(&self) -> String {
        let mut http = Vec::new();
        if let Some(retry) = &self.retry {
            http.push(("defaultHealthyRetryPolicy", retry.shown()));
        }
        http.push(("disableSubscriptionOverrides", self.disable_overrides.to_string()));
        self.add_rest(&mut http, self.content_type.as_deref());
        object([("http", object(http))])
    }

    /// As `EffectiveDeliveryPolicy` tells it.
    pub(crate) fn effective(&self) -> String {
        let mut http = vec![
            ("defaultHealthyRetryPolicy", self.retry.unwrap_or_default().shown()),
            ("disableSubscriptionOverrides", self.disable_overrides.to_string()),
        ];
        self.add_rest(&mut http, Some(self.content_type.as_deref().unwrap_or(CONTENT_TYPE)));
        object([("http", object(http))])
    }

    fn add_rest(&self, http: &mut Vec<(&'static str, String)>, content_type: Option<&str>) {
        if let Some(most) = self.receives_per_second {
            http.push(("defaultThrottlePolicy", throttle(most)));
        }
        if let Some(content_type) = content_type {
            http.push(("defaultRequestPolicy", request(content_type)));
        }
    }
}

impl SubscriptionPolicy {
    /// Reads a subscription's policy; what is wrong with it is said by the caller of this.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        read::subscription(text).map_err(|reason| format!("DeliveryPolicy: {reason}"))
    }

    /// The policy of a subscription that was checked when it was set.
    pub(crate) fn stored(text: Option<&str>) -> Self {
        text.and_then(|text| Self::parse(text).ok()).unwrap_or_default()
    }

    /// What counts, with the topic's.
    pub(crate) fn under(&self, topic: &TopicPolicy) -> Effective {
        let own = if topic.disable_overrides { &Self::default() } else { self };
        Effective {
            retry: own.retry.or(topic.retry).unwrap_or_default(),
            receives_per_second: own.receives_per_second.or(topic.receives_per_second),
            content_type: own
                .content_type
                .clone()
                .or_else(|| topic.content_type.clone())
                .unwrap_or_else(|| CONTENT_TYPE.to_owned()),
        }
    }

    /// As `DeliveryPolicy` tells it.
    pub(crate) fn shown(&self) -> String {
        shown(self.retry, self.receives_per_second, self.content_type.as_deref())
    }
}

impl Effective {
    /// As `EffectiveDeliveryPolicy` tells it.
    pub(crate) fn shown(&self) -> String {
        shown(Some(self.retry), self.receives_per_second, Some(&self.content_type))
    }

    /// The time between two messages.
    pub(crate) fn pause(&self) -> Option<Duration> {
        self.receives_per_second.map(|most| Duration::from_secs(1) / most.max(1))
    }
}

fn shown(retry: Option<RetryPolicy>, most: Option<u32>, content_type: Option<&str>) -> String {
    let or_null = |text: Option<String>| text.unwrap_or_else(|| "null".to_owned());
    object([
        ("healthyRetryPolicy", or_null(retry.map(|retry| retry.shown()))),
        ("sicklyRetryPolicy", "null".to_owned()),
        ("throttlePolicy", or_null(most.map(throttle))),
        ("requestPolicy", or_null(content_type.map(request))),
        ("guaranteed", "false".to_owned()),
    ])
}

fn throttle(most: u32) -> String {
    json!({"maxReceivesPerSecond": most}).to_string()
}

fn request(content_type: &str) -> String {
    json!({"headerContentType": content_type}).to_string()
}

/// An object whose members keep their order.
fn object<'a>(members: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let members: Vec<String> =
        members.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_aws_s() {
        let expected = r#"{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}"#;
        assert_eq!(TopicPolicy::default().effective(), expected);
        let effective = SubscriptionPolicy::default().under(&TopicPolicy::default());
        assert_eq!(
            effective.shown(),
            r#"{"healthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"sicklyRetryPolicy":null,"throttlePolicy":null,"requestPolicy":{"headerContentType":"text/plain; charset=UTF-8"},"guaranteed":false}"#
        );
        assert_eq!(effective.pause(), None);
    }

    #[test]
    fn a_subscription_overrides_its_topic_unless_that_is_forbidden() {
        let own = SubscriptionPolicy::parse(r#"{"throttlePolicy": {"maxReceivesPerSecond": 10}, "requestPolicy": {"headerContentType": "application/json"}}"#).unwrap();
        let topic = r#"{"http": {"defaultHealthyRetryPolicy": {"numRetries": 7}, "defaultThrottlePolicy": {"maxReceivesPerSecond": 5}}}"#;
        let effective = own.under(&TopicPolicy::parse(topic).unwrap());
        assert_eq!(effective.pause(), Some(Duration::from_millis(100)));
        assert_eq!(effective.content_type, "application/json");
        assert_eq!(effective.retry.num_retries, 7);
        let strict = r#"{"http": {"disableSubscriptionOverrides": true}}"#;
        let effective = own.under(&TopicPolicy::parse(strict).unwrap());
        assert_eq!((effective.pause(), effective.content_type.as_str()), (None, CONTENT_TYPE));
        assert_eq!(
            own.shown(),
            r#"{"healthyRetryPolicy":null,"sicklyRetryPolicy":null,"throttlePolicy":{"maxReceivesPerSecond":10},"requestPolicy":{"headerContentType":"application/json"},"guaranteed":false}"#
        );
    }

    #[test]
    fn what_is_no_delivery_policy_is_refused() {
        for (text, reason) in [
            ("nothing", "failed to parse JSON"),
            (r#"{"https": {}}"#, "http"),
            (r#"{"http": {"defaultHealthyRetryPolicy": {"numRetries": 101}}}"#, "numRetries"),
            (
                r#"{"http": {"defaultHealthyRetryPolicy": {"minDelayTarget": 0, "numRetries": 3}}}"#,
                "minDelayTarget",
            ),
            (
                r#"{"http": {"defaultHealthyRetryPolicy": {"minDelayTarget": 30, "maxDelayTarget": 20, "numRetries": 3}}}"#,
                "maxDelayTarget",
            ),
            (
                r#"{"http": {"defaultHealthyRetryPolicy": {"numRetries": 3, "numNoDelayRetries": 2, "numMinDelayRetries": 2}}}"#,
                "numRetries",
            ),
            (
                r#"{"http": {"defaultHealthyRetryPolicy": {"numRetries": 3, "backoffFunction": "steep"}}}"#,
                "backoffFunction",
            ),
            (
                r#"{"http": {"defaultHealthyRetryPolicy": {"minDelayTarget": 20}}}"#,
                "numRetries must be specified",
            ),
            (
                r#"{"http": {"defaultHealthyRetryPolicy": {"minDelayTarget": 3600, "maxDelayTarget": 3600, "numRetries": 3}}}"#,
                "total",
            ),
            (r#"{"http": {"defaultThrottlePolicy": {"maxReceivesPerSecond": 0}}}"#, "maxReceivesPerSecond"),
            (
                r#"{"http": {"defaultRequestPolicy": {"headerContentType": "image/png"}}}"#,
                "headerContentType",
            ),
        ] {
            let error = TopicPolicy::parse(text).unwrap_err();
            let message = error.message().unwrap();
            assert!(message.starts_with("Invalid parameter: DeliveryPolicy: "), "{message}");
            assert!(message.contains(reason), "{text}: {message}");
        }
    }
}
