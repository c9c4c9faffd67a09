//! Attributes of queues: what they are, what values they take, and how they are told.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use crate::error;
use crate::redrive::{RedriveAllowPolicy, RedrivePolicy};

/// What callers give and are told: texts by name.
pub(crate) type Texts = BTreeMap<String, String>;

pub(crate) const DELAY_SECONDS: &str = "DelaySeconds";
pub(crate) const MAXIMUM_MESSAGE_SIZE: &str = "MaximumMessageSize";
pub(crate) const MESSAGE_RETENTION_PERIOD: &str = "MessageRetentionPeriod";
pub(crate) const RECEIVE_MESSAGE_WAIT_TIME_SECONDS: &str = "ReceiveMessageWaitTimeSeconds";
pub(crate) const VISIBILITY_TIMEOUT: &str = "VisibilityTimeout";
pub(crate) const POLICY: &str = "Policy";
pub(crate) const REDRIVE_POLICY: &str = "RedrivePolicy";
pub(crate) const REDRIVE_ALLOW_POLICY: &str = "RedriveAllowPolicy";
pub(crate) const KMS_MASTER_KEY_ID: &str = "KmsMasterKeyId";
pub(crate) const KMS_DATA_KEY_REUSE_PERIOD_SECONDS: &str = "KmsDataKeyReusePeriodSeconds";
pub(crate) const SQS_MANAGED_SSE_ENABLED: &str = "SqsManagedSseEnabled";
pub(crate) const FIFO_QUEUE: &str = "FifoQueue";
pub(crate) const CONTENT_BASED_DEDUPLICATION: &str = "ContentBasedDeduplication";
pub(crate) const DEDUPLICATION_SCOPE: &str = "DeduplicationScope";
pub(crate) const FIFO_THROUGHPUT_LIMIT: &str = "FifoThroughputLimit";

/// All that can be set.
pub(crate) const SETTABLE: [&str; 15] = [
    DELAY_SECONDS,
    MAXIMUM_MESSAGE_SIZE,
    MESSAGE_RETENTION_PERIOD,
    RECEIVE_MESSAGE_WAIT_TIME_SECONDS,
    VISIBILITY_TIMEOUT,
    POLICY,
    REDRIVE_POLICY,
    REDRIVE_ALLOW_POLICY,
    KMS_MASTER_KEY_ID,
    KMS_DATA_KEY_REUSE_PERIOD_SECONDS,
    SQS_MANAGED_SSE_ENABLED,
    FIFO_QUEUE,
    CONTENT_BASED_DEDUPLICATION,
    DEDUPLICATION_SCOPE,
    FIFO_THROUGHPUT_LIMIT,
];

/// How long a message may stay hidden at first.
pub(crate) const DELAY_SECONDS_MAX: u32 = 900;
/// How long a receiver may wait.
pub(crate) const RECEIVE_WAIT_SECONDS_MAX: u32 = 20;
/// How long a received message may stay hidden.
pub(crate) const VISIBILITY_SECONDS_MAX: u32 = 43_200;

const DELAY_SECONDS_RANGE: RangeInclusive<u32> = 0..=DELAY_SECONDS_MAX;
const MESSAGE_BYTES_RANGE: RangeInclusive<u32> = 1024..=1_048_576;
const RETENTION_SECONDS_RANGE: RangeInclusive<u32> = 60..=1_209_600;
const RECEIVE_WAIT_SECONDS_RANGE: RangeInclusive<u32> = 0..=RECEIVE_WAIT_SECONDS_MAX;
const VISIBILITY_SECONDS_RANGE: RangeInclusive<u32> = 0..=VISIBILITY_SECONDS_MAX;
const DATA_KEY_REUSE_SECONDS_RANGE: RangeInclusive<u32> = 60..=86_400;

/// How long a data key is used unless the queue says otherwise.
const DATA_KEY_REUSE_SECONDS_DEFAULT: u32 = 300;

/// What is set of a queue's attributes, the policy apart. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Settings {
    /// `DelaySeconds`: how long a message stays hidden at first.
    #[n(0)]
    pub(crate) delay_seconds: u32,
    /// `MaximumMessageSize`
    #[n(1)]
    pub(crate) message_bytes_max: u32,
    /// `MessageRetentionPeriod`
    #[n(2)]
    pub(crate) retention_seconds: u32,
    /// `ReceiveMessageWaitTimeSeconds`: how long a receiver waits that does not say.
    #[n(3)]
    pub(crate) receive_wait_seconds: u32,
    /// `VisibilityTimeout`: how long a received message stays hidden if its receiver does not say.
    #[n(4)]
    pub(crate) visibility_timeout_seconds: u32,
    /// What FIFO queues have; none for a standard queue.
    #[n(5)]
    pub(crate) fifo: Option<Fifo>,
    /// `RedrivePolicy`: where messages go that are received too often.
    #[n(6)]
    pub(crate) redrive: Option<RedrivePolicy>,
    /// `RedriveAllowPolicy`: whose messages may come here.
    #[n(7)]
    pub(crate) redrive_allow: Option<RedriveAllowPolicy>,
    /// How messages are encrypted.
    #[n(8)]
    pub(crate) encryption: Encryption,
}

/// What FIFO queues have. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub(crate) struct Fifo {
    /// `ContentBasedDeduplication`
    #[n(0)]
    pub(crate) content_based_deduplication: bool,
    /// `DeduplicationScope`
    #[n(1)]
    pub(crate) deduplication_scope: DeduplicationScope,
    /// `FifoThroughputLimit`
    #[n(2)]
    pub(crate) throughput_limit: ThroughputLimit,
}

/// Among what messages are told to be duplicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum DeduplicationScope {
    /// Those of the queue.
    #[default]
    #[n(0)]
    Queue,
    /// Those of the message group.
    #[n(1)]
    MessageGroup,
}

/// What the throughput quota counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum ThroughputLimit {
    /// The queue's requests.
    #[default]
    #[n(0)]
    PerQueue,
    /// Those of a message group.
    #[n(1)]
    PerMessageGroupId,
}

/// How messages are encrypted. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Encryption {
    /// `SqsManagedSseEnabled`: with a key of SQS's own.
    #[n(0)]
    pub(crate) sqs_managed: bool,
    /// `KmsMasterKeyId`: under this KMS key, as it was named. Nobody has asked KMS whether there is one.
    #[n(1)]
    pub(crate) kms_key_id: Option<String>,
    /// `KmsDataKeyReusePeriodSeconds`: how long a data key is used for.
    #[n(2)]
    pub(crate) data_key_reuse_seconds: u32,
}

impl Settings {
    /// Those of a queue that says nothing else.
    #[must_use]
    pub(crate) fn new(is_fifo: bool) -> Self {
        Self {
            delay_seconds: 0,
            message_bytes_max: *MESSAGE_BYTES_RANGE.end(),
            retention_seconds: 345_600,
            receive_wait_seconds: 0,
            visibility_timeout_seconds: 30,
            fifo: is_fifo.then(Fifo::default),
            redrive: None,
            redrive_allow: None,
            encryption: Encryption {
                sqs_managed: true,
                kms_key_id: None,
                data_key_reuse_seconds: DATA_KEY_REUSE_SECONDS_DEFAULT,
            },
        }
    }

    /// Sets what a caller gives; the policy is checked elsewhere, and so is whether other queues that are named are
    /// there.
    ///
    /// # Errors
    /// An attribute is none that can be set, or cannot have the value.
    pub(crate) fn set(&mut self, given: &Texts) -> Result<(), ApiError> {
        for (name, value) in given {
            self.set_one(name, value)?;
        }
        self.set_encryption(given)?;
        if let Some(fifo) = &self.fifo
            && fifo.throughput_limit == ThroughputLimit::PerMessageGroupId
            && fifo.deduplication_scope != DeduplicationScope::MessageGroup
        {
            return Err(error::throughput_per_group_without_scope());
        }
        Ok(())
    }

    fn set_one(&mut self, name: &str, value: &str) -> Result<(), ApiError> {
        let number = |range| number(name, value, range);
        match name {
            DELAY_SECONDS => self.delay_seconds = number(DELAY_SECONDS_RANGE)?,
            MAXIMUM_MESSAGE_SIZE => self.message_bytes_max = number(MESSAGE_BYTES_RANGE)?,
            MESSAGE_RETENTION_PERIOD => self.retention_seconds = number(RETENTION_SECONDS_RANGE)?,
            RECEIVE_MESSAGE_WAIT_TIME_SECONDS => {
                self.receive_wait_seconds = number(RECEIVE_WAIT_SECONDS_RANGE)?;
            }
            VISIBILITY_TIMEOUT => self.visibility_timeout_seconds = number(VISIBILITY_SECONDS_RANGE)?,
            REDRIVE_POLICY => self.redrive = RedrivePolicy::read(value)?,
            REDRIVE_ALLOW_POLICY => self.redrive_allow = RedriveAllowPolicy::read(value)?,
            FIFO_QUEUE => return self.check_type(value),
            CONTENT_BASED_DEDUPLICATION => {
                let fifo = self.fifo(name)?;
                fifo.content_based_deduplication = boolean(name, value)?;
            }
            DEDUPLICATION_SCOPE => {
                let fifo = self.fifo(name)?;
                fifo.deduplication_scope = match value {
                    "queue" => DeduplicationScope::Queue,
                    "messageGroup" => DeduplicationScope::MessageGroup,
                    _ => return Err(error::attribute_value(name)),
                };
            }
            FIFO_THROUGHPUT_LIMIT => {
                let fifo = self.fifo(name)?;
                fifo.throughput_limit = match value {
                    "perQueue" => ThroughputLimit::PerQueue,
                    "perMessageGroupId" => ThroughputLimit::PerMessageGroupId,
                    _ => return Err(error::attribute_value(name)),
                };
            }
            POLICY | KMS_MASTER_KEY_ID | KMS_DATA_KEY_REUSE_PERIOD_SECONDS | SQS_MANAGED_SSE_ENABLED => {}
            _ => return Err(error::unknown_attribute(name)),
        }
        Ok(())
    }

    /// Whoever asks for one kind of encryption gives up the other, but nobody may ask for both.
    fn set_encryption(&mut self, given: &Texts) -> Result<(), ApiError> {
        let encryption = &mut self.encryption;
        if let Some(seconds) = given.get(KMS_DATA_KEY_REUSE_PERIOD_SECONDS) {
            encryption.data_key_reuse_seconds =
                number(KMS_DATA_KEY_REUSE_PERIOD_SECONDS, seconds, DATA_KEY_REUSE_SECONDS_RANGE)?;
        }
        let managed = given.get(SQS_MANAGED_SSE_ENABLED);
        let managed = managed.map(|value| boolean(SQS_MANAGED_SSE_ENABLED, value)).transpose()?;
        let key_id = given.get(KMS_MASTER_KEY_ID).map(|id| Some(id.clone()).filter(|id| !id.is_empty()));
        if managed == Some(true) && matches!(key_id, Some(Some(_))) {
            return Err(error::two_encryptions());
        }
        if let Some(key_id) = key_id {
            encryption.sqs_managed &= key_id.is_none();
            encryption.kms_key_id = key_id;
        }
        if let Some(managed) = managed {
            encryption.sqs_managed = managed;
            encryption.kms_key_id = encryption.kms_key_id.take().filter(|_| !managed);
        }
        Ok(())
    }

    fn fifo(&mut self, name: &str) -> Result<&mut Fifo, ApiError> {
        self.fifo.as_mut().ok_or_else(|| error::fifo_attribute(name))
    }

    /// A queue is of one type from its beginning; to say so again changes nothing.
    fn check_type(&self, value: &str) -> Result<(), ApiError> {
        match (&self.fifo, boolean(FIFO_QUEUE, value)?) {
            (None, _) => Err(error::unknown_attribute(FIFO_QUEUE)),
            (Some(_), false) => Err(error::queue_type()),
            (Some(_), true) => Ok(()),
        }
    }

    /// All that is set, as callers are told it.
    #[must_use]
    pub(crate) fn shown(&self) -> Texts {
        let mut shown: Vec<(&str, String)> = vec![
            (DELAY_SECONDS, self.delay_seconds.to_string()),
            (MAXIMUM_MESSAGE_SIZE, self.message_bytes_max.to_string()),
            (MESSAGE_RETENTION_PERIOD, self.retention_seconds.to_string()),
            (RECEIVE_MESSAGE_WAIT_TIME_SECONDS, self.receive_wait_seconds.to_string()),
            (VISIBILITY_TIMEOUT, self.visibility_timeout_seconds.to_string()),
            (SQS_MANAGED_SSE_ENABLED, self.encryption.sqs_managed.to_string()),
        ];
        if let Some(fifo) = &self.fifo {
            shown.push((FIFO_QUEUE, true.to_string()));
            shown.push((CONTENT_BASED_DEDUPLICATION, fifo.content_based_deduplication.to_string()));
            let scope = match fifo.deduplication_scope {
                DeduplicationScope::Queue => "queue",
                DeduplicationScope::MessageGroup => "messageGroup",
            };
            shown.push((DEDUPLICATION_SCOPE, scope.to_owned()));
            let limit = match fifo.throughput_limit {
                ThroughputLimit::PerQueue => "perQueue",
                ThroughputLimit::PerMessageGroupId => "perMessageGroupId",
            };
            shown.push((FIFO_THROUGHPUT_LIMIT, limit.to_owned()));
        }
        if let Some(key_id) = &self.encryption.kms_key_id {
            let seconds = self.encryption.data_key_reuse_seconds.to_string();
            shown.push((KMS_MASTER_KEY_ID, key_id.clone()));
            shown.push((KMS_DATA_KEY_REUSE_PERIOD_SECONDS, seconds));
        }
        shown.extend(self.redrive.as_ref().map(|policy| (REDRIVE_POLICY, policy.shown())));
        shown.extend(self.redrive_allow.as_ref().map(|policy| (REDRIVE_ALLOW_POLICY, policy.shown())));
        shown.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Whether a new queue is to be a FIFO queue.
///
/// # Errors
/// Its type is given as something else than `true`, which no queue takes.
pub(crate) fn is_fifo(given: &Texts) -> Result<bool, ApiError> {
    match given.get(FIFO_QUEUE) {
        None => Ok(false),
        Some(value) if boolean(FIFO_QUEUE, value)? => Ok(true),
        Some(_) => Err(error::unknown_attribute(FIFO_QUEUE)),
    }
}

fn number(name: &str, value: &str, range: RangeInclusive<u32>) -> Result<u32, ApiError> {
    let number = value.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| error::attribute_value(name))
}

fn boolean(name: &str, value: &str) -> Result<bool, ApiError> {
    match value {
        _ if value.eq_ignore_ascii_case("true") => Ok(true),
        _ if value.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(error::attribute_value(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pairs: &[(&str, &str)]) -> Texts {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn refused(settings: &Settings, pairs: &[(&str, &str)]) -> String {
        settings.clone().set(&texts(pairs)).unwrap_err().to_string()
    }

    #[test]
    fn every_number_has_its_range() {
        let settings = Settings::new(false);
        for (name, low, high) in [
            (DELAY_SECONDS, 0_i64, 900_i64),
            (MAXIMUM_MESSAGE_SIZE, 1024, 1_048_576),
            (MESSAGE_RETENTION_PERIOD, 60, 1_209_600),
            (RECEIVE_MESSAGE_WAIT_TIME_SECONDS, 0, 20),
            (VISIBILITY_TIMEOUT, 0, 43_200),
            (KMS_DATA_KEY_REUSE_PERIOD_SECONDS, 60, 86_400),
        ] {
            for good in [low, high] {
                settings.clone().set(&texts(&[(name, &good.to_string())])).unwrap();
            }
            for bad in [(low - 1).to_string(), (high + 1).to_string(), "x".into(), String::new()] {
                let said = refused(&settings, &[(name, &bad)]);
                assert_eq!(said, format!("InvalidAttributeValue: Invalid value for the parameter {name}."));
            }
        }
    }

    #[test]
    fn what_only_fifo_queues_have_is_refused_of_others() {
        let (standard, mut fifo) = (Settings::new(false), Settings::new(true));
        for name in [CONTENT_BASED_DEDUPLICATION, DEDUPLICATION_SCOPE, FIFO_THROUGHPUT_LIMIT] {
            let said = refused(&standard, &[(name, "true")]);
            let text = format!("You can specify the {name} only when FifoQueue is set to true.");
            assert_eq!(said, format!("InvalidAttributeName: {text}"));
        }
        assert_eq!(
            refused(&standard, &[(FIFO_QUEUE, "true")]),
            "InvalidAttributeName: Unknown Attribute FifoQueue."
        );
        assert_eq!(
            refused(&fifo, &[(FIFO_QUEUE, "false")]),
            "InvalidAttributeValue: Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not \
             supported."
        );
        let high = [(DEDUPLICATION_SCOPE, "messageGroup"), (FIFO_THROUGHPUT_LIMIT, "perMessageGroupId")];
        assert!(fifo.clone().set(&texts(&high[1..])).is_err());
        fifo.set(&texts(&high)).unwrap();
        assert_eq!(fifo.shown()[FIFO_THROUGHPUT_LIMIT], "perMessageGroupId");
    }

    #[test]
    fn one_kind_of_encryption_replaces_the_other() {
        let mut settings = Settings::new(false);
        assert_eq!(settings.shown()[SQS_MANAGED_SSE_ENABLED], "true");
        let both = [(KMS_MASTER_KEY_ID, "alias/mine"), (SQS_MANAGED_SSE_ENABLED, "true")];
        assert!(refused(&settings, &both).contains("one type of server-side encryption"));
        settings.set(&texts(&both[..1])).unwrap();
        assert_eq!(settings.shown()[SQS_MANAGED_SSE_ENABLED], "false");
        assert_eq!(settings.shown()[KMS_DATA_KEY_REUSE_PERIOD_SECONDS], "300");
        settings.set(&texts(&both[1..])).unwrap();
        assert_eq!(settings.shown().get(KMS_MASTER_KEY_ID), None);
        settings.set(&texts(&both[..1])).unwrap();
        settings.set(&texts(&[(KMS_MASTER_KEY_ID, "")])).unwrap();
        assert_eq!(settings.encryption.kms_key_id, None);
    }

    #[test]
    fn what_can_only_be_read_is_unknown_when_it_is_set() {
        for name in ["QueueArn", "ApproximateNumberOfMessages", "CreatedTimestamp", "All", "delayseconds"] {
            let said = refused(&Settings::new(false), &[(name, "1")]);
            assert_eq!(said, format!("InvalidAttributeName: Unknown Attribute {name}."));
        }
    }
}
