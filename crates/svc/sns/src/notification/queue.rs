//! Messages to queues: sent in the name of SNS for the topic, so the queue's policy decides.
//!
//! Sources: <https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html>,
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html>

use alcazar_api_sqs::operation::{SendMessage, SendMessageRequest};
use alcazar_api_sqs::types::MessageAttributeValue;
use alcazar_base::SecretBytes;
use alcazar_engine::{Cx, Error, Result, Source};
use alcazar_shape::ApiError;
use alcazar_shape::common_error::{SERVICE_UNAVAILABLE, THROTTLING};

use super::Attempt;
use crate::arn::QueueArn;
use crate::message::{Attribute, AttributeValue};
use crate::topic::Topic;

/// Whom queues see.
const SERVICE: &str = "sns.amazonaws.com";

/// How many attributes a message in a queue may have.
const ATTRIBUTES_MAX: usize = 10;

/// What goes into a queue, or over HTTP.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) body: String,
    /// What raw messages have beside their text.
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) group: Option<String>,
    pub(crate) deduplication: Option<String>,
}

/// Sends something to a queue for a topic.
///
/// # Errors
/// The call must start again, or failed inside.
pub(crate) async fn send(
    cx: &mut Cx<'_>,
    topic: &Topic,
    queue: &QueueArn,
    letter: &Letter,
) -> Result<Attempt> {
    if letter.attributes.len() > ATTRIBUTES_MAX {
        return Ok(Attempt::Refused(format!("it has more than {ATTRIBUTES_MAX} attributes")));
    }
    let attributes = letter.attributes.iter().map(|it| (it.name.clone(), of_queue(it)));
    let is_fifo = queue.is_fifo();
    let request = SendMessageRequest {
        queue_url: queue.url(),
        message_body: letter.body.clone().into(),
        message_attributes: (!letter.attributes.is_empty()).then(|| attributes.collect()),
        message_group_id: letter.group.clone(),
        message_deduplication_id: letter.deduplication.clone().filter(|_| is_fifo),
        ..SendMessageRequest::default()
    };
    let source = Source { arn: topic.arn().to_string(), account: topic.account };
    match cx.invoke_as_service::<SendMessage>(SERVICE, &source, &queue.region, request).await {
        Ok(_) => Ok(Attempt::Taken),
        Err(Error::Api(error)) if is_passing(&error) => Ok(Attempt::Failed(error.to_string())),
        Err(Error::Api(error)) => Ok(Attempt::Refused(error.to_string())),
        Err(error) => Err(error),
    }
}

/// Whether the same may succeed later. A queue that is gone or denies it is not asked again.
fn is_passing(error: &ApiError) -> bool {
    let model = error.model();
    model.status >= 500
        || model == &THROTTLING
        || model == &SERVICE_UNAVAILABLE
        || model.name.ends_with("Throttled")
}

fn of_queue(attribute: &Attribute) -> MessageAttributeValue {
    let (string_value, binary_value) = match &attribute.value {
        AttributeValue::Text(text) => (Some(text.clone().into()), None),
        AttributeValue::Binary(bytes) => (None, Some(SecretBytes::new(bytes.clone()))),
    };
    // Queues know no arrays; the type of one is a string's with a label.
    let data_type = attribute.data_type.clone();
    MessageAttributeValue { data_type, string_value, binary_value, ..MessageAttributeValue::default() }
}
