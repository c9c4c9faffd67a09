//! Messages over HTTP: the request, and what its answer means.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html>

use std::time::Duration;

use alcazar_engine::Cx;
use alcazar_engine::port::outbound::{HttpUrl, OutboundMethod, OutboundRequest, OutboundSend};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Attempt, Letter};
use crate::delivery_policy::CONTENT_TYPE;
use crate::envelope::Kind;
use crate::message::Message;
use crate::subscription::Subscription;

/// How long an endpoint may take to answer.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(15);

/// How much of an answer is read; what it says does not count.
const ANSWER_BYTES_MAX: usize = 256 * 1024;

const USER_AGENT: &str = "Amazon Simple Notification Service Agent";

/// A request to an endpoint.
pub(crate) struct Request {
    url: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    /// The request that brings a message.
    pub(crate) fn notification(
        message: &Message,
        subscription: &Subscription,
        letter: &Letter,
        content_type: String,
    ) -> Self {
        let mut request =
            Self::new(Kind::Notification, &message.id, subscription, letter.body.clone(), content_type);
        request.header("x-amz-sns-subscription-arn", subscription.arn());
        if subscription.raw {
            request.header("x-amz-sns-rawdelivery", true.to_string());
        }
        request
    }

    /// The request that asks for a confirmation.
    pub(crate) fn confirmation(
        kind: Kind,
        message_id: &str,
        subscription: &Subscription,
        body: String,
    ) -> Self {
        let mut request = Self::new(kind, message_id, subscription, body, CONTENT_TYPE.to_owned());
        if kind == Kind::UnsubscribeConfirmation {
            request.header("x-amz-sns-subscription-arn", subscription.arn());
        }
        request
    }

    fn new(kind: Kind, id: &str, subscription: &Subscription, body: String, content_type: String) -> Self {
        let mut request = Self { url: subscription.endpoint.clone(), headers: Vec::new(), body };
        request.header("content-type", content_type);
        request.header("user-agent", USER_AGENT.to_owned());
        request.header("x-amz-sns-message-type", kind.as_str().to_owned());
        request.header("x-amz-sns-message-id", id.to_owned());
        request.header("x-amz-sns-topic-arn", subscription.topic_arn.clone());
        request
    }

    fn header(&mut self, name: &str, value: String) {
        self.headers.push((name.to_owned(), value));
    }

    /// Sends it.
    pub(crate) async fn ask(mut self, cx: &mut Cx<'_>) -> Attempt {
        let Some(url) = HttpUrl::parse(&self.url) else {
            return Attempt::Refused("the endpoint is no URL".to_owned());
        };
        if let Some(user_info) = &url.user_info {
            self.header("authorization", format!("Basic {}", STANDARD.encode(user_info)));
        }
        let headers = self.headers.into_iter().map(|(name, value)| (name, value.into())).collect();
        let answer = cx
            .ask(OutboundRequest {
                host: url.host,
                path: url.path,
                method: OutboundMethod::Send(OutboundSend {
                    tls: url.tls,
                    port: url.port,
                    method: "POST",
                    headers,
                    body: self.body.into_bytes(),
                }),
                answer_time_max: ANSWER_TIME_MAX,
                answer_size_max: ANSWER_BYTES_MAX,
            })
            .await;
        match answer {
            Ok(answer) => of_status(answer.status),
            Err(error) => Attempt::Failed(error.to_string()),
        }
    }
}

/// What an answer's status means.
fn of_status(status: u16) -> Attempt {
    match status {
        200..=299 => Attempt::Taken,
        300..=428 | 430..=499 => Attempt::Refused(format!("status {status}")),
        _ => Attempt::Failed(format!("status {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_client_are_for_good_but_for_too_many_requests() {
        assert_eq!(of_status(200), Attempt::Taken);
        assert_eq!(of_status(204), Attempt::Taken);
        for status in [301, 400, 403, 404, 410, 428, 430, 499] {
            assert_eq!(of_status(status), Attempt::Refused(format!("status {status}")));
        }
        for status in [101, 429, 500, 503, 599] {
            assert_eq!(of_status(status), Attempt::Failed(format!("status {status}")));
        }
    }
}
