//! Targets of rules: their settings, and which kinds there are.
//!
//! A file below for each kind. What a kind can do is send: it says whether that succeeded, and if not, whether it may
//! succeed later.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html>

mod api_destination;
mod archive;
mod bus;
mod queue;
mod topic;

use std::collections::BTreeMap;
use std::time::Duration;

use alcazar_api_events::types;
use alcazar_base::{Arn, Region};
use alcazar_engine::{Cx, Result};
use minicbor::{Decode, Encode};

use crate::archive::target_arn as archive_arn;
use crate::arn::BusId;
use crate::failure::Outcome;
use crate::input::Input;
use crate::sending::Sending;

pub(crate) use queue::{Queue, send_dead_letter};

/// How often an event is tried again that a target does not take, unless its target says otherwise.
const RETRIES_DEFAULT: u32 = 185;

/// How long an event is tried again, unless its target says otherwise.
const AGE_SECONDS_DEFAULT: u32 = 86_400;

/// A target of a rule.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct Target {
    /// Its id within the rule.
    #[n(0)]
    pub id: String,
    /// What it is.
    #[n(1)]
    pub arn: String,
    /// The role that EventBridge uses it with.
    #[n(2)]
    pub role_arn: Option<String>,
    /// What it is sent; the event, if this does not say otherwise.
    #[n(3)]
    pub input: Option<Input>,
    /// The group of its messages, if it is a queue.
    #[n(4)]
    pub message_group_id: Option<String>,
    /// What else a request to it has, if it is an API destination.
    #[n(5)]
    pub http: Option<HttpParameters>,
    /// How often an event is tried again.
    #[n(6)]
    pub retries_max: Option<u32>,
    /// How long an event is tried again.
    #[n(7)]
    pub age_seconds_max: Option<u32>,
    /// The queue for events that it does not take.
    #[n(8)]
    pub dead_letter_arn: Option<String>,
}

/// What a request to an API destination has beside the event.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct HttpParameters {
    /// What stands in the place of the `*` in its path, one after the other.
    #[n(0)]
    pub path: Option<Vec<String>>,
    /// Headers.
    #[n(1)]
    pub headers: Option<BTreeMap<String, String>>,
    /// What stands in its query.
    #[n(2)]
    pub query: Option<BTreeMap<String, String>>,
}

/// A kind of target, with what its ARN says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An SQS queue.
    Queue(Queue),
    /// An SNS topic.
    Topic(String),
    /// An event bus.
    Bus(BusId),
    /// An API destination.
    ApiDestination {
        /// Its ARN.
        arn: String,
        /// Its name.
        name: String,
    },
    /// An archive, which the rule says.
    Archive,
}

impl Kind {
    /// The kind of target that an ARN is of; none if it is of nothing that takes events here.
    #[must_use]
    pub(crate) fn of_arn(text: &str) -> Option<Self> {
        let arn: Arn = text.parse().ok()?;
        let is_placed = arn.region.parse::<Region>().is_ok() && arn.account.len() == 12;
        match arn.service.as_str() {
            "events" if arn.region.parse().is_ok_and(|region| archive_arn(&region) == text) => {
                Some(Self::Archive)
            }
            _ if !is_placed => None,
            "sqs" => Queue::of_arn(text).map(Self::Queue),
            "sns" if !arn.resource.contains([':', '/']) => Some(Self::Topic(text.to_owned())),
            "events" => BusId::of_arn(text).map(Self::Bus).or_else(|| {
                let name = arn.resource.strip_prefix("api-destination/")?.split('/').next()?;
                (!name.is_empty())
                    .then(|| Self::ApiDestination { arn: text.to_owned(), name: name.to_owned() })
            }),
            _ => None,
        }
    }

    /// Whether it may be a target of a rule in this region.
    #[must_use]
    pub(crate) fn may_be_target_in(&self, region: &Region) -> bool {
        match self {
            Self::Queue(queue) => queue.region() == region,
            Self::Topic(arn) | Self::ApiDestination { arn, .. } => {
                arn.parse::<Arn>().is_ok_and(|arn| arn.region == region.as_str())
            }
            Self::Bus(_) => true,
            // EventBridge alone makes it one.
            Self::Archive => false,
        }
    }

    /// Whether nothing but a role may use it.
    #[must_use]
    pub(crate) fn requires_role(&self) -> bool {
        matches!(self, Self::Bus(_) | Self::ApiDestination { .. })
    }

    /// Sends.
    ///
    /// # Errors
    /// Something failed inside.
    pub(crate) async fn send(&self, cx: &mut Cx<'_>, sending: &Sending<'_>) -> Result<Outcome<()>> {
        match self {
            Self::Queue(queue) => queue::send(cx, queue, sending).await,
            Self::Topic(topic_arn) => topic::send(cx, topic_arn, sending).await,
            Self::Bus(bus) => bus::send(cx, bus, sending).await,
            Self::ApiDestination { arn, name } => api_destination::send(cx, arn, name, sending).await,
            Self::Archive => archive::send(cx, sending).await,
        }
    }
}

impl Target {
    /// How often an event is tried again.
    #[must_use]
    pub(crate) fn retries_max(&self) -> u32 {
        self.retries_max.unwrap_or(RETRIES_DEFAULT)
    }

    /// How long an event is tried again.
    #[must_use]
    pub(crate) fn age_max(&self) -> Duration {
        Duration::from_secs(self.age_seconds_max.unwrap_or(AGE_SECONDS_DEFAULT).into())
    }

    /// The target of a request that was checked.
    #[must_use]
    pub(crate) fn of_request(target: &types::Target, input: Option<Input>) -> Self {
        let retry = target.retry_policy.as_ref();
        let number = |value: Option<i32>| value.and_then(|value| u32::try_from(value).ok());
        Self {
            id: target.id.clone(),
            arn: target.arn.clone(),
            role_arn: target.role_arn.clone(),
            input,
            message_group_id: target.sqs_parameters.as_ref().and_then(|sqs| sqs.message_group_id.clone()),
            http: target.http_parameters.as_ref().map(|http| HttpParameters {
                path: http.path_parameter_values.as_ref().map(|values| values.to_vec()),
                headers: http.header_parameters.clone(),
                query: http.query_string_parameters.clone(),
            }),
            retries_max: retry.and_then(|retry| number(retry.maximum_retry_attempts)),
            age_seconds_max: retry.and_then(|retry| number(retry.maximum_event_age_in_seconds)),
            dead_letter_arn: target.dead_letter_config.as_ref().and_then(|config| config.arn.clone()),
        }
    }

    /// The target as it is told.
    #[must_use]
    pub(crate) fn shown(&self) -> types::Target {
        let number = |value: Option<u32>| value.and_then(|value| i32::try_from(value).ok());
        let retry = types::RetryPolicy {
            maximum_retry_attempts: number(self.retries_max),
            maximum_event_age_in_seconds: number(self.age_seconds_max),
        };
        let has_retry = self.retries_max.is_some() || self.age_seconds_max.is_some();
        let mut shown = types::Target {
            id: self.id.clone(),
            arn: self.arn.clone(),
            role_arn: self.role_arn.clone(),
            sqs_parameters: self
                .message_group_id
                .clone()
                .map(|group| types::SqsParameters { message_group_id: Some(group) }),
            http_parameters: self.http.clone().map(|http| types::HttpParameters {
                path_parameter_values: http.path.map(Into::into),
                header_parameters: http.headers,
                query_string_parameters: http.query,
            }),
            retry_policy: has_retry.then_some(retry),
            dead_letter_config: self
                .dead_letter_arn
                .clone()
                .map(|arn| types::DeadLetterConfig { arn: Some(arn) }),
            ..types::Target::default()
        };
        if let Some(input) = &self.input {
            input.show(&mut shown);
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_told_from_the_arn() {
        let place = "eu-west-1:111122223333";
        assert!(matches!(Kind::of_arn(&format!("arn:aws:sqs:{place}:q")), Some(Kind::Queue(_))));
        assert!(matches!(Kind::of_arn(&format!("arn:aws:sns:{place}:t")), Some(Kind::Topic(_))));
        assert!(matches!(Kind::of_arn(&format!("arn:aws:events:{place}:event-bus/b")), Some(Kind::Bus(_))));
        let arn = format!("arn:aws:events:{place}:api-destination/d/some-id");
        let destination = Kind::ApiDestination { arn: arn.clone(), name: "d".to_owned() };
        assert_eq!(Kind::of_arn(&arn), Some(destination));
        for other in [
            "nothing",
            "arn:aws:sqs:eu-west-1::q",
            "arn:aws:lambda:eu-west-1:111122223333:function:f",
            "arn:aws:sns:eu-west-1:111122223333:t:subscription",
            "arn:aws:events:eu-west-1:111122223333:rule/r",
        ] {
            assert_eq!(Kind::of_arn(other), None, "{other}");
        }
    }
}
