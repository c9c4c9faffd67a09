//! SQS queues as targets, and as the queues for what other targets do not take.

use std::collections::BTreeMap;

use alcazar_api_sqs::operation::{SendMessage, SendMessageRequest};
use alcazar_api_sqs::types::{MessageAttributeValue, MessageSystemAttributeValue};
use alcazar_base::{Arn, Partition, Region, SecretString};
use alcazar_engine::{Cx, Result};

use crate::access;
use crate::failure::{Outcome, outcome};
use crate::sending::Sending;

/// What the names of FIFO queues end with.
const FIFO: &str = ".fifo";

/// A queue, by its ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Queue {
    region: Region,
    account: String,
    name: String,
}

impl Queue {
    /// The queue of an ARN.
    #[must_use]
    pub(crate) fn of_arn(text: &str) -> Option<Self> {
        let arn: Arn = text.parse().ok()?;
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let is_queue = arn.service == "sqs" && arn.resource.bytes().all(allowed) && arn.account.len() == 12;
        let region = arn.region.parse().ok()?;
        is_queue.then_some(Self { region, account: arn.account, name: arn.resource })
    }

    /// Whether it keeps the order of its messages.
    #[must_use]
    pub(crate) fn is_fifo(&self) -> bool {
        self.name.ends_with(FIFO)
    }

    /// Its region.
    #[must_use]
    pub(crate) fn region(&self) -> &Region {
        &self.region
    }

    fn url(&self) -> String {
        let Self { region, account, name } = self;
        let suffix = if region.partition() == Partition::China { ".cn" } else { "" };
        format!("https://sqs.{region}.amazonaws.com{suffix}/{account}/{name}")
    }
}

/// Sends a message to the queue.
pub(super) async fn send(cx: &mut Cx<'_>, queue: &Queue, sending: &Sending<'_>) -> Result<Outcome<()>> {
    let body = match sending.body() {
        Ok(body) => body,
        Err(failure) => return Ok(Err(failure)),
    };
    let trace = sending.dispatch.trace_header.clone().map(|header| {
        let header = MessageSystemAttributeValue {
            string_value: Some(header),
            data_type: "String".to_owned(),
            ..MessageSystemAttributeValue::default()
        };
        BTreeMap::from([("AWSTraceHeader".to_owned(), header)])
    });
    let request = SendMessageRequest {
        queue_url: queue.url(),
        message_body: SecretString::new(body),
        message_group_id: sending.target.message_group_id.clone(),
        message_system_attributes: trace,
        ..SendMessageRequest::default()
    };
    let sent = sending.call::<SendMessage>(cx, &queue.region, request).await?;
    Ok(sent.map(|_| ()))
}

/// Sends an event to a queue for what a target did not take, with what is to be known about it.
///
/// # Errors
/// Something failed inside.
pub(crate) async fn send_dead_letter(
    cx: &mut Cx<'_>,
    queue: &Queue,
    sending: &Sending<'_>,
    attributes: Vec<(&'static str, String)>,
) -> Result<Outcome<()>> {
    let attribute = |(name, value): (&'static str, String)| {
        let value = MessageAttributeValue {
            string_value: Some(value.into()),
            data_type: "String".to_owned(),
            ..MessageAttributeValue::default()
        };
        (name.to_owned(), value)
    };
    let request = SendMessageRequest {
        queue_url: queue.url(),
        message_body: SecretString::new(sending.dispatch.event.clone()),
        message_attributes: Some(attributes.into_iter().map(attribute).collect()),
        ..SendMessageRequest::default()
    };
    let source = sending.source();
    let sent = cx.invoke_as_service::<SendMessage>(access::PRINCIPAL, &source, &queue.region, request).await;
    Ok(outcome(sent)?.map(|_| ()))
}
