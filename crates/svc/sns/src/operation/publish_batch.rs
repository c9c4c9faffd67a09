//! `PublishBatch`: <https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html>

use std::collections::BTreeSet;

use alcazar_api_sns::operation as api;
use alcazar_api_sns::types::{PublishBatchRequestEntry, PublishBatchResultEntry};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Exception, Operation, Reads, Result};
use alcazar_shape::ApiError;

use crate::access::Target;
use crate::arn::TopicArn;
use crate::error;
use crate::publishing::{self, Draft};

/// Sends up to ten messages to a topic's subscriptions, all of them or none.
pub struct PublishBatch;

/// How many messages a batch has at most.
const ENTRIES_MAX: usize = 10;

/// The longest id of an entry.
const ID_MAX: usize = 80;

impl Operation for PublishBatch {
    type Api = api::PublishBatch;
    type Target = Target;
    const READ_ONLY: bool = false;
    const DATA_EVENT: bool = true;
    const RECORDED: &'static [Exception] = &[
        Exception::hidden("publishBatchRequestEntries.message"),
        Exception::hidden("publishBatchRequestEntries.subject"),
        Exception::hidden("publishBatchRequestEntries.messageAttributes"),
    ];

    async fn resolve(reads: &mut Reads<'_>, input: &api::PublishBatchInput) -> Result<Target> {
        let arn = TopicArn::here(reads.call(), &input.topic_arn)?;
        Target::find(reads, arn).await
    }

    fn access(call: &CallInfo, _: &api::PublishBatchInput, target: &Target) -> Access {
        target.access(call, "sns:Publish")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::PublishBatchInput,
        target: Allowed<Target>,
    ) -> Result<api::PublishBatchResponse> {
        let topic = target.topic.as_ref().ok_or_else(error::topic::not_found)?;
        let entries = &input.publish_batch_request_entries;
        check_entries(entries)?;
        let checked: Result<Vec<_>, ApiError> =
            entries.iter().map(|entry| Draft::from(entry).check(topic)).collect();
        let checked = checked?;
        if checked.iter().map(|checked| checked.size).sum::<usize>() > topic.message_bytes_max() {
            return Err(error::publishing::batch_too_long().into());
        }
        let published = publishing::publish(cx, topic, checked).await?;
        let successful: Vec<_> = entries
            .iter()
            .zip(published)
            .map(|(entry, published)| PublishBatchResultEntry {
                id: Some(entry.id.clone()),
                message_id: Some(published.message_id),
                sequence_number: published.sequence_number,
            })
            .collect();
        Ok(api::PublishBatchResponse { successful: Some(successful.into()), failed: Some(Vec::new().into()) })
    }
}

fn check_entries(entries: &[PublishBatchRequestEntry]) -> Result<(), ApiError> {
    if entries.is_empty() {
        return Err(error::publishing::empty_batch());
    }
    if entries.len() > ENTRIES_MAX {
        return Err(error::publishing::long_batch());
    }
    let mut ids = BTreeSet::new();
    for PublishBatchRequestEntry { id, .. } in entries {
        if id.len() > ID_MAX {
            return Err(error::publishing::id_too_long(&id.chars().take(2 * ID_MAX).collect::<String>()));
        }
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)) {
            return Err(error::publishing::id_character(id));
        }
        if !ids.insert(id) {
            return Err(error::publishing::repeated_id());
        }
    }
    Ok(())
}
