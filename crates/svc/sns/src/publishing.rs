//! Publishing: what a message must be, and what happens to it in the transaction that accepts it.
//!
//! An accepted message is one delivery, which is spread to the subscriptions after the commit; see
//! [`fan_out`](crate::fan_out).
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>

use std::collections::BTreeMap;

use alcazar_api_sns::operation::PublishInput;
use alcazar_api_sns::types::{MessageAttributeValue, PublishBatchRequestEntry};
use alcazar_base::SecretString;
use alcazar_engine::{Cx, Result};
use alcazar_shape::ApiError;
use serde_json::{Map, Value as Json};

use crate::error::publishing as error;
use crate::message::{Attribute, Body, Message, SignatureVersion};
use crate::topic::Topic;
use crate::{encryption, fan_out, fifo, message_attribute, service_url};

/// The longest subject, in characters.
const SUBJECT_CHARACTERS_MAX: usize = 100;

/// The longest id of a group or for deduplication.
const FIFO_ID_MAX: usize = 128;

/// A message as a request says it.
pub(crate) struct Draft<'a> {
    message: &'a SecretString,
    subject: Option<&'a SecretString>,
    structure: Option<&'a str>,
    attributes: Option<&'a BTreeMap<String, MessageAttributeValue>>,
    deduplication: Option<&'a str>,
    group: Option<&'a str>,
}

impl<'a> From<&'a PublishInput> for Draft<'a> {
    fn from(input: &'a PublishInput) -> Self {
        Self {
            message: &input.message,
            subject: input.subject.as_ref(),
            structure: input.message_structure.as_deref(),
            attributes: input.message_attributes.as_ref(),
            deduplication: input.message_deduplication_id.as_deref(),
            group: input.message_group_id.as_deref(),
        }
    }
}

impl<'a> From<&'a PublishBatchRequestEntry> for Draft<'a> {
    fn from(entry: &'a PublishBatchRequestEntry) -> Self {
        Self {
            message: &entry.message,
            subject: entry.subject.as_ref(),
            structure: entry.message_structure.as_deref(),
            attributes: entry.message_attributes.as_ref(),
            deduplication: entry.message_deduplication_id.as_deref(),
            group: entry.message_group_id.as_deref(),
        }
    }
}

/// A message that was found right.
pub(crate) struct Checked<'a> {
    draft: Draft<'a>,
    attributes: Vec<Attribute>,
    /// How much it counts against the greatest size, in bytes.
    pub(crate) size: usize,
}

/// What a publisher is told.
pub(crate) struct Published {
    pub(crate) message_id: String,
    pub(crate) sequence_number: Option<String>,
}

impl<'a> Draft<'a> {
    /// Checks a message for a topic, but for its size.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn check(self, topic: &Topic) -> Result<Checked<'a>, ApiError> {
        let text = self.message.expose();
        if text.is_empty() {
            return Err(error::empty_message());
        }
        if let Some(subject) = self.subject {
            check_subject(subject.expose())?;
        }
        let attributes = message_attribute::read(self.attributes)?;
        self.check_structure()?;
        self.check_fifo(topic)?;
        let size = text.len() + message_attribute::size(&attributes);
        Ok(Checked { draft: self, attributes, size })
    }

    fn check_structure(&self) -> Result<(), ApiError> {
        match self.structure {
            None => return Ok(()),
            Some("json") => {}
            Some(_) => return Err(error::structure()),
        }
        let texts: Map<String, Json> =
            serde_json::from_str(self.message.expose()).map_err(|_| error::structure_json())?;
        match texts.get("default") {
            Some(Json::String(_)) => Ok(()),
            _ => Err(error::structure_default()),
        }
    }

    fn check_fifo(&self, topic: &Topic) -> Result<(), ApiError> {
        for (parameter, id) in
            [("MessageGroupId", self.group), ("MessageDeduplicationId", self.deduplication)]
        {
            if id.is_some_and(|id| !is_fifo_id(id)) {
                return Err(error::fifo_id(parameter));
            }
        }
        match (topic.is_fifo(), self.deduplication) {
            (true, _) if self.group.is_none() => Err(error::group_needed()),
            (true, None) if !topic.content_based_deduplication => Err(error::deduplication_needed()),
            (false, Some(_)) => Err(error::deduplication_of_standard()),
            _ => Ok(()),
        }
    }
}

fn is_fifo_id(id: &str) -> bool {
    (1..=FIFO_ID_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Subjects are of printable ASCII, begin with no blank, and are shorter than a hundred characters.
fn check_subject(subject: &str) -> Result<(), ApiError> {
    let is_printable = subject.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    let begins = subject.bytes().next().is_some_and(|byte| byte.is_ascii_graphic());
    let is_right = begins && is_printable && subject.len() <= SUBJECT_CHARACTERS_MAX;
    if is_right { Ok(()) } else { Err(error::subject()) }
}

/// Accepts messages, all of them or none.
///
/// # Errors
/// KMS refuses the topic's key, or the store failed.
pub(crate) async fn publish(
    cx: &mut Cx<'_>,
    topic: &Topic,
    checked: Vec<Checked<'_>>,
) -> Result<Vec<Published>> {
    let groups: Vec<&str> = checked.iter().filter_map(|checked| checked.draft.group).collect();
    fifo::lock(cx, topic, &groups)?;
    let seal = encryption::Sealing::begin(cx, topic).await?;
    let mut published = Vec::with_capacity(checked.len());
    for checked in checked {
        published.push(one(cx, topic, seal.as_ref(), checked).await?);
    }
    Ok(published)
}

async fn one(
    cx: &mut Cx<'_>,
    topic: &Topic,
    seal: Option<&encryption::Sealing>,
    checked: Checked<'_>,
) -> Result<Published> {
    let Checked { draft, attributes, .. } = checked;
    let text = draft.message.expose();
    let (mut message_id, mut order) = (fifo::message_id(cx)?, None);
    if topic.is_fifo() {
        let group = draft.group.unwrap_or_default();
        let deduplication = draft.deduplication.map_or_else(|| fifo::digest(text), str::to_owned);
        match fifo::enter(cx, topic, group, &deduplication, &message_id).await? {
            fifo::Entered::New(place) => order = Some((place, deduplication)),
            fifo::Entered::Duplicate(first) => {
                return Ok(Published {
                    message_id: first.message_id.clone(),
                    sequence_number: Some(first.sequence.clone()),
                });
            }
        }
    }
    let body = match seal {
        Some(seal) => Body::Encrypted(Box::new(seal.seal(cx, &message_id, text)?)),
        None => Body::Plain(text.to_owned()),
    };
    let (place, deduplication) = order.unzip();
    let version = SignatureVersion::of(topic.signature_version.as_deref());
    let message = Message {
        id: message_id.clone(),
        topic_arn: topic.arn().to_string(),
        topic_id: topic.id.clone(),
        published: cx.now(),
        subject: draft.subject.map(|subject| subject.expose().to_owned()),
        body,
        structured: draft.structure.is_some(),
        attributes,
        group: draft.group.map(str::to_owned),
        deduplication,
        sequence: place.as_ref().map(|place: &fifo::Place| place.sequence.clone()),
        signature_version: (!topic.is_fifo()).then_some(version),
        service_url: service_url::of(cx.call()),
    };
    fan_out::begin(cx, &message, place.as_ref().map(|place| place.at))?;
    message_id = message.id;
    Ok(Published { message_id, sequence_number: message.sequence })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_short_and_printable() {
        for good in ["a", "Order 7 is ready!", &"x".repeat(100)] {
            assert!(check_subject(good).is_ok(), "{good}");
        }
        for bad in ["", " a", "a\nb", "ä", &"x".repeat(101)] {
            assert!(check_subject(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ids_are_of_letters_digits_and_punctuation() {
        assert!(is_fifo_id("a-1!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"));
        for bad in ["", "a b", "ä", &"x".repeat(129)] {
            assert!(!is_fifo_id(bad), "{bad}");
        }
    }
}
