//! What becomes of events that a target does not take.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html>

use alcazar_engine::{Cx, Result};

use crate::dispatch::Exhausted;
use crate::failure::Failure;
use crate::sending::Sending;
use crate::target::{Queue, send_dead_letter};

/// How long a message of an error may be in an attribute, in characters.
const MESSAGE_CHARACTERS_MAX: usize = 1024;

/// Sends an event to the target's dead-letter queue, if it has one. A queue that does not take it either loses it; the
/// audit log tells of the attempt.
///
/// # Errors
/// Something failed inside.
pub(crate) async fn send(
    cx: &mut Cx<'_>,
    sending: &Sending<'_>,
    failure: &Failure,
    exhausted: Option<Exhausted>,
    retries: u32,
) -> Result<()> {
    let queue = sending.target.dead_letter_arn.as_deref().and_then(Queue::of_arn);
    let Some(queue) = queue else { return Ok(()) };
    let message: String = failure.message.chars().take(MESSAGE_CHARACTERS_MAX).collect();
    let mut attributes = vec![
        ("RULE_ARN", sending.rule.arn()),
        ("TARGET_ARN", sending.target.arn.clone()),
        ("ERROR_CODE", failure.code.to_owned()),
        ("ERROR_MESSAGE", message),
        ("RETRY_ATTEMPTS", retries.to_string()),
    ];
    if let Some(why) = exhausted {
        let condition = match why {
            Exhausted::Attempts => "MaximumRetryAttempts",
            Exhausted::Age => "MaximumEventAgeInSeconds",
        };
        attributes.push(("EXHAUSTED_RETRY_CONDITION", condition.to_owned()));
    }
    if let Err(refused) = send_dead_letter(cx, &queue, sending, attributes).await? {
        tracing::warn!(code = refused.code, "a dead-letter queue did not take an event");
    }
    Ok(())
}
