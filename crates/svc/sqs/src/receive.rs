//! Receiving messages: what a request may ask, what is given out, and how receivers are told it.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html>

pub(crate) mod fifo;
pub(crate) mod standard;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use alcazar_api_sqs::operation::ReceiveMessageRequest;
use alcazar_api_sqs::types::Message as Shown;
use alcazar_base::{SecretString, Timestamp};
use alcazar_engine::Result;
use alcazar_shape::ApiError;

use crate::error::message as error;
use crate::error::unknown_attribute;
use crate::index::Due;
use crate::md5;
use crate::message::Message;
use crate::message_attribute::{TRACE_HEADER, Wanted};
use crate::queue::Queue;
use crate::send::check_token;

/// How many messages a call gets.
const MESSAGES_RANGE: std::ops::RangeInclusive<i32> = 1..=10;

/// How long a call waits for messages, in seconds.
const WAIT_SECONDS_RANGE: std::ops::RangeInclusive<i32> = 0..=20;

/// How long messages are hidden, in seconds.
pub(crate) const VISIBILITY_SECONDS_RANGE: std::ops::RangeInclusive<i32> = 0..=43_200;

/// How many messages of a queue may be in flight.
///
/// Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html>
pub(crate) const IN_FLIGHT_MAX: i64 = 120_000;

/// How many messages one call takes away that are too old or were received too often. They may be long, and a transaction
/// holds only so much.
pub(crate) const REMOVED_MAX: usize = 20;

const SENDER_ID: &str = "SenderId";
const SENT_TIMESTAMP: &str = "SentTimestamp";
const RECEIVE_COUNT: &str = "ApproximateReceiveCount";
const FIRST_RECEIVE_TIMESTAMP: &str = "ApproximateFirstReceiveTimestamp";
const SEQUENCE_NUMBER: &str = "SequenceNumber";
const DEDUPLICATION_ID: &str = "MessageDeduplicationId";
const GROUP_ID: &str = "MessageGroupId";
const SOURCE_ARN: &str = "DeadLetterQueueSourceArn";
const ALL: &str = "All";

/// Every system attribute that can be asked for. The last one is none of a message's, but taken all the same.
const SYSTEM_ATTRIBUTES: [&str; 11] = [
    ALL,
    SENDER_ID,
    SENT_TIMESTAMP,
    RECEIVE_COUNT,
    FIRST_RECEIVE_TIMESTAMP,
    SEQUENCE_NUMBER,
    DEDUPLICATION_ID,
    GROUP_ID,
    TRACE_HEADER,
    SOURCE_ARN,
    "SqsManagedSseEnabled",
];

/// What a request asks for.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    /// How many messages at most.
    pub(crate) most: usize,
    /// How long they are hidden.
    pub(crate) visibility: Duration,
    /// How long the call waits for any.
    pub(crate) wait: Duration,
    /// The id of the receive.
    pub(crate) attempt_id: Option<&'a str>,
    system_attributes: Vec<&'a str>,
    attributes: Wanted<'a>,
}

impl<'a> Asked<'a> {
    /// Reads a request.
    ///
    /// # Errors
    /// It asks for what cannot be.
    pub(crate) fn read(queue: &Queue, request: &'a ReceiveMessageRequest) -> Result<Self, ApiError> {
        let most = request.max_number_of_messages.unwrap_or(1);
        if !MESSAGES_RANGE.contains(&most) {
            return Err(error::max_number_of_messages(most));
        }
        if let Some(said) = request.wait_time_seconds.filter(|said| !WAIT_SECONDS_RANGE.contains(said)) {
            return Err(error::wait_time(said));
        }
        if let Some(said) = request.visibility_timeout.filter(|said| !VISIBILITY_SECONDS_RANGE.contains(said))
        {
            return Err(error::receive_visibility_timeout(said));
        }
        let attempt_id = request.receive_request_attempt_id.as_deref();
        if let Some(id) = attempt_id {
            if !queue.is_fifo() {
                return Err(error::not_for_standard_queue(id, "ReceiveRequestAttemptId"));
            }
            check_token(id, "ReceiveRequestAttemptId")?;
        }
        let names = [&request.message_system_attribute_names, &request.attribute_names];
        let system_attributes: Vec<&str> =
            names.into_iter().flatten().flat_map(|names| names.iter()).map(String::as_str).collect();
        if let Some(unknown) = system_attributes.iter().find(|name| !SYSTEM_ATTRIBUTES.contains(name)) {
            return Err(unknown_attribute(unknown));
        }
        let seconds = |said: Option<i32>, unless: u32| {
            Duration::from_secs(said.and_then(|said| u32::try_from(said).ok()).unwrap_or(unless).into())
        };
        Ok(Self {
            most: usize::try_from(most).unwrap_or(1),
            visibility: seconds(request.visibility_timeout, queue.settings.visibility_timeout_seconds),
            wait: seconds(request.wait_time_seconds, queue.settings.receive_wait_seconds),
            attempt_id,
            system_attributes,
            attributes: Wanted::read(request.message_attribute_names.as_deref()),
        })
    }

    fn wants(&self, name: &str) -> bool {
        self.system_attributes.iter().any(|wanted| *wanted == name || *wanted == ALL)
    }

    /// A message as its receiver is told it.
    #[must_use]
    pub(crate) fn shown(&self, given: Given) -> Shown {
        let Given { message, body, receives, first_received, handle } = given;
        let attributes: Vec<_> =
            message.attributes.iter().filter(|attribute| self.attributes.wants(&attribute.name)).collect();
        let shown: BTreeMap<_, _> =
            attributes.iter().map(|attribute| (attribute.name.clone(), attribute.shown())).collect();
        let system = [
            (SENDER_ID, Some(message.sender_id.clone())),
            (SENT_TIMESTAMP, Some(message.sent.as_millis().to_string())),
            (RECEIVE_COUNT, Some(message.receives_before.saturating_add(receives).to_string())),
            (FIRST_RECEIVE_TIMESTAMP, Some(first_received.as_millis().to_string())),
            (SEQUENCE_NUMBER, message.sequence.map(crate::message::Sequence::shown)),
            (DEDUPLICATION_ID, message.deduplication_id.clone()),
            (GROUP_ID, message.group_id.clone()),
            (TRACE_HEADER, message.trace_header.clone()),
            (SOURCE_ARN, message.source_arn.clone()),
        ];
        let system: BTreeMap<String, String> = system
            .into_iter()
            .filter(|(name, _)| self.wants(name))
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        Shown {
            message_id: Some(message.message_id.clone()),
            receipt_handle: Some(handle),
            md5_of_body: Some(md5::of_body(body.expose())),
            body: Some(body),
            attributes: Some(system).filter(|system| !system.is_empty()),
            md5_of_message_attributes: md5::of_attributes(attributes),
            message_attributes: Some(shown).filter(|shown| !shown.is_empty()),
        }
    }
}

/// What came of looking for messages.
#[derive(Default)]
pub(crate) struct Found {
    /// Those that are given out.
    pub(crate) given: Vec<Given>,
    /// How many were taken away.
    pub(crate) removed: usize,
}

impl Found {
    /// Whether the call has neither anything to answer nor to commit.
    #[must_use]
    pub(crate) fn is_nothing(&self) -> bool {
        self.given.is_empty() && self.removed == 0
    }
}

/// A message that is given out.
pub(crate) struct Given {
    pub(crate) message: Arc<Message>,
    pub(crate) body: SecretString,
    /// How often it was received from this queue, this time with it.
    pub(crate) receives: u32,
    pub(crate) first_received: Timestamp,
    pub(crate) handle: String,
}

/// What can be given out now: in a FIFO queue, groups whose first message was sent the queue's delay ago; in a standard
/// queue every message stands at the time from which it can be.
#[must_use]
pub(crate) fn due(queue: &Queue, now: Timestamp) -> Due {
    let delay = if queue.is_fifo() { i64::from(queue.settings.delay_seconds) * 1000 } else { 0 };
    Due { available: Timestamp::from_millis(now.as_millis().saturating_sub(delay)), in_flight: now }
}

/// Whether a message is kept no longer.
#[must_use]
pub(crate) fn is_expired(queue: &Queue, sent: Timestamp, now: Timestamp) -> bool {
    sent + Duration::from_secs(queue.settings.retention_seconds.into()) <= now
}
