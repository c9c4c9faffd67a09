//! SNS topics as targets.

use alcazar_api_sns::operation::{Publish, PublishInput};
use alcazar_base::{Arn, SecretString};
use alcazar_engine::{Cx, Error, Result};

use crate::failure::Outcome;
use crate::sending::Sending;

/// Publishes to the topic.
pub(super) async fn send(cx: &mut Cx<'_>, topic_arn: &str, sending: &Sending<'_>) -> Result<Outcome<()>> {
    let message = match sending.body() {
        Ok(message) => message,
        Err(failure) => return Ok(Err(failure)),
    };
    let region = topic_arn.parse::<Arn>().ok().and_then(|arn| arn.region.parse().ok());
    let region = region.ok_or_else(|| Error::invariant("a topic without a region is a target"))?;
    let request = PublishInput {
        topic_arn: Some(topic_arn.to_owned()),
        message: SecretString::new(message),
        ..PublishInput::default()
    };
    let published = sending.call::<Publish>(cx, &region, request).await?;
    Ok(published.map(|_| ()))
}
