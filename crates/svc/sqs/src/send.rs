//! Sending a message: what may be sent, and putting it into the queue.
//!
//! What always holds: in a standard queue no two senders touch the same record, so they never wait for each other. In a
//! FIFO queue a sender holds its group, and a message that was sent in the last five minutes is not sent again.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>

use std::collections::BTreeMap;
use std::time::Duration;

use alcazar_api_sqs::operation::SendMessageRequest;
use alcazar_api_sqs::types::{
    MessageAttributeValue, MessageSystemAttributeValue, SendMessageBatchRequestEntry,
};
use alcazar_base::SecretString;
use alcazar_crypto::entropy::random;
use alcazar_engine::{Cx, Result};
use alcazar_shape::ApiError;
use aws_lc_rs::digest::{SHA256, digest};

use crate::attribute::{DeduplicationScope, Fifo};
use crate::error::message as error;
use crate::error::missing_parameter;
use crate::group::{Group, GroupKey};
use crate::message::{self, Message, Sequence};
use crate::message_attribute::{self, MessageAttribute};
use crate::place::{self, Place, Table};
use crate::queue::Queue;
use crate::{encryption, md5, recent, sweep};

/// How long a message may be delayed, in seconds.
const DELAY_SECONDS_MAX: i32 = 900;

/// How long the ids of groups and messages may be.
const TOKEN_LENGTH_MAX: usize = 128;

/// What a request says of a message.
pub(crate) struct Given<'a> {
    body: &'a SecretString,
    delay_seconds: Option<i32>,
    attributes: Option<&'a BTreeMap<String, MessageAttributeValue>>,
    system_attributes: Option<&'a BTreeMap<String, MessageSystemAttributeValue>>,
    deduplication_id: Option<&'a str>,
    group_id: Option<&'a str>,
}

impl<'a> From<&'a SendMessageRequest> for Given<'a> {
    fn from(request: &'a SendMessageRequest) -> Self {
        Self {
            body: &request.message_body,
            delay_seconds: request.delay_seconds,
            attributes: request.message_attributes.as_ref(),
            system_attributes: request.message_system_attributes.as_ref(),
            deduplication_id: request.message_deduplication_id.as_deref(),
            group_id: request.message_group_id.as_deref(),
        }
    }
}

impl<'a> From<&'a SendMessageBatchRequestEntry> for Given<'a> {
    fn from(entry: &'a SendMessageBatchRequestEntry) -> Self {
        Self {
            body: &entry.message_body,
            delay_seconds: entry.delay_seconds,
            attributes: entry.message_attributes.as_ref(),
            system_attributes: entry.message_system_attributes.as_ref(),
            deduplication_id: entry.message_deduplication_id.as_deref(),
            group_id: entry.message_group_id.as_deref(),
        }
    }
}

impl Given<'_> {
    /// What counts of its size, in bytes: the body, and the names, types and values of its attributes.
    pub(crate) fn bytes(&self) -> usize {
        let text = |text: Option<&SecretString>| text.map_or(0, |text| text.expose().len());
        let of_attribute = |(name, value): (&String, &MessageAttributeValue)| {
            let bytes = value.binary_value.as_ref().map_or(0, alcazar_base::SecretBytes::len);
            name.len() + value.data_type.len() + text(value.string_value.as_ref()) + bytes
        };
        self.body.expose().len() + self.attributes.into_iter().flatten().map(of_attribute).sum::<usize>()
    }

    /// Whether a FIFO queue needs something that is missing; a batch fails as a whole for it.
    pub(crate) fn lacks_deduplication(&self, queue: &Queue) -> bool {
        let content_based = queue.settings.fifo.as_ref().is_none_or(|fifo| fifo.content_based_deduplication);
        !content_based && self.deduplication_id.is_none()
    }

    /// The same of the message group.
    pub(crate) fn lacks_group(&self, queue: &Queue) -> bool {
        queue.is_fifo() && self.group_id.is_none()
    }
}

/// A message that may be sent.
#[derive(Debug)]
pub(crate) struct Checked<'a> {
    body: &'a SecretString,
    delay: Duration,
    attributes: Vec<MessageAttribute>,
    trace_header: Option<MessageAttribute>,
    group_id: Option<&'a str>,
    deduplication_id: Option<String>,
}

/// What a sender is told.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) message_id: String,
    pub(crate) md5_of_body: String,
    pub(crate) md5_of_attributes: Option<String>,
    pub(crate) md5_of_system_attributes: Option<String>,
    pub(crate) sequence: Option<Sequence>,
}

/// Checks what a request says of a message.
///
/// # Errors
/// The queue does not take it.
pub(crate) fn check<'a>(operation: &str, queue: &Queue, given: &Given<'a>) -> Result<Checked<'a>, ApiError> {
    let body = given.body.expose();
    if body.is_empty() {
        return Err(missing_parameter("MessageBody"));
    }
    message_attribute::check_characters(body)?;
    let attributes = message_attribute::read(operation, given.attributes)?;
    let trace_header = message_attribute::read_trace_header(given.system_attributes)?;
    let bytes = body.len() + attributes.iter().map(MessageAttribute::bytes).sum::<usize>();
    let bytes_max = queue.settings.message_bytes_max;
    if u32::try_from(bytes).is_ok_and(|bytes| bytes > bytes_max) || bytes > u32::MAX as usize {
        return Err(error::message_too_long(bytes_max));
    }
    if let Some(said) = given.delay_seconds.filter(|said| !(0..=DELAY_SECONDS_MAX).contains(said)) {
        return Err(error::delay_seconds(said));
    }
    for (id, name) in [(given.group_id, "MessageGroupId"), (given.deduplication_id, "MessageDeduplicationId")]
    {
        if let Some(id) = id {
            check_token(id, name)?;
        }
    }
    let deduplication_id = match &queue.settings.fifo {
        None => match given.deduplication_id {
            Some(id) => return Err(error::not_for_standard_queue(id, "MessageDeduplicationId")),
            None => None,
        },
        Some(fifo) => Some(check_fifo(fifo, given)?),
    };
    let delay = match (queue.is_fifo(), given.delay_seconds) {
        (false, Some(said)) => u32::try_from(said).unwrap_or(0),
        _ => queue.settings.delay_seconds,
    };
    Ok(Checked {
        body: given.body,
        delay: Duration::from_secs(delay.into()),
        attributes,
        trace_header,
        group_id: given.group_id,
        deduplication_id,
    })
}

fn check_fifo(fifo: &Fifo, given: &Given<'_>) -> Result<String, ApiError> {
    if let Some(said) = given.delay_seconds.filter(|said| *said != 0) {
        return Err(error::delay_in_fifo_queue(said));
    }
    if given.group_id.is_none() {
        return Err(error::no_group());
    }
    match given.deduplication_id {
        Some(id) => Ok(id.to_owned()),
        None if fifo.content_based_deduplication => {
            Ok(hex::encode(digest(&SHA256, given.body.expose().as_bytes())))
        }
        None => Err(error::no_deduplication()),
    }
}

/// Checks the id of a group, a message or a receive.
///
/// # Errors
/// It has other characters than it may, or too many.
pub(crate) fn check_token(id: &str, name: &str) -> Result<(), ApiError> {
    let is_valid =
        (1..=TOKEN_LENGTH_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    if is_valid { Ok(()) } else { Err(error::token(id, name)) }
}

/// Holds the groups of all messages that a call sends, so that they stay in order.
///
/// # Errors
/// Somebody else holds one; the call starts again.
pub(crate) fn hold_groups(cx: &mut Cx<'_>, queue: &Queue, messages: &[Checked<'_>]) -> Result<()> {
    if !queue.is_fifo() {
        return Ok(());
    }
    let keyring = cx.keyring();
    let groups = messages.iter().filter_map(|message| message.group_id);
    let locks: Vec<_> =
        groups.map(|id| GroupKey::of(&keyring, &queue.contents_id, id).lock(&queue.contents_id)).collect();
    cx.lock(locks)
}

/// Sends a message, the `index`th of the call.
///
/// # Errors
/// KMS or the store refused.
pub(crate) async fn send(
    cx: &mut Cx<'_>,
    queue: &Queue,
    index: usize,
    checked: &Checked<'_>,
) -> Result<Sent> {
    let mut sent = Sent {
        message_id: uuid::Builder::from_random_bytes(random(cx.entropy())?).into_uuid().to_string(),
        md5_of_body: md5::of_body(checked.body.expose()),
        md5_of_attributes: md5::of_attributes(&checked.attributes),
        md5_of_system_attributes: md5::of_attributes(&checked.trace_header),
        sequence: None,
    };
    let scope = deduplication_scope(queue, checked);
    if let Some(scope) = &scope
        && let Some((_, before)) = recent::find::<recent::Sent>(cx, &queue.queue_id, scope).await?
    {
        sent.message_id.clone_from(&before.message_id);
        sent.sequence = Some(before.sequence);
        return Ok(sent);
    }
    let now = cx.now();
    let body = encryption::seal(cx, queue, &sent.message_id, checked.body).await?;
    let mut message = Message {
        message_id: sent.message_id.clone(),
        body,
        attributes: checked.attributes.clone(),
        trace_header: checked.trace_header.as_ref().and_then(|header| match &header.value {
            message_attribute::Value::Text(text) => Some(text.expose().to_owned()),
            message_attribute::Value::Bytes(_) => None,
        }),
        sender_id: cx.call().caller.principal_id.clone(),
        sent: now,
        group_id: checked.group_id.map(str::to_owned),
        deduplication_id: checked.deduplication_id.clone(),
        sequence: None,
        source_arn: None,
        receives_before: 0,
        first_received: None,
    };
    if let Some(scope) = scope {
        let sequence = append(cx, queue, &mut message).await?;
        sent.sequence = Some(sequence);
        let remembered = recent::Sent { at: now, message_id: sent.message_id.clone(), sequence };
        recent::put(cx, &queue.queue_id, &scope, remembered)?;
    } else {
        put(cx, queue, index, now + checked.delay, message)?;
    }
    sweep::ensure(cx, queue).await?;
    Ok(sent)
}

/// Among what the message's id tells it from others; none if the queue does not ask.
fn deduplication_scope(queue: &Queue, checked: &Checked<'_>) -> Option<String> {
    let (fifo, id) = (queue.settings.fifo.as_ref()?, checked.deduplication_id.as_ref()?);
    Some(match fifo.deduplication_scope {
        DeduplicationScope::Queue => format!("queue\0{id}"),
        DeduplicationScope::MessageGroup => {
            format!("group\0{}\0{id}", checked.group_id.unwrap_or_default())
        }
    })
}

/// Puts a message into a standard queue, visible from `at` on.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn put(
    cx: &mut Cx<'_>,
    queue: &Queue,
    index: usize,
    at: alcazar_base::Timestamp,
    message: Message,
) -> Result<()> {
    // Messages of one call that are visible at the same time stand in their order.
    let slot = format!("{index}{}", message.message_id);
    let stands = Place { sent: message.sent, ..Place::default() };
    cx.put(place::name(Table::Available, &queue.contents_id, at, &slot), stands)?;
    cx.put(message::standard_name(&queue.contents_id, &slot), message)
}

/// Puts a message at the end of its group in a FIFO queue. The caller holds the group.
///
/// # Errors
/// The store failed.
pub(crate) async fn append(cx: &mut Cx<'_>, queue: &Queue, message: &mut Message) -> Result<Sequence> {
    let group_id = message.group_id.clone().unwrap_or_default();
    let key = GroupKey::of(&cx.keyring(), &queue.contents_id, &group_id);
    let group = Group::find(cx, &queue.contents_id, &key).await?;
    let sequence = Sequence::after(cx, group.as_ref().map(|group| group.last))?;
    message.sequence = Some(sequence);
    cx.put(message::fifo_name(&queue.contents_id, &key, sequence), message.clone())?;
    Group::append(cx, &queue.contents_id, &key, group, sequence)?;
    Ok(sequence)
}
