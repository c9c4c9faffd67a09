//! What is sent: the JSON document around a message, and the text of it that is signed.
//!
//! Sources: <https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html>,
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html>

use alcazar_base::Timestamp;
use alcazar_engine::{Cx, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use crate::message::{Attribute, AttributeValue, Message, SignatureVersion};
use crate::signing;
use crate::subscription::Subscription;

/// What kind of message a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Notification,
    SubscriptionConfirmation,
    UnsubscribeConfirmation,
}

impl Kind {
    /// As documents and headers say it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Notification => "Notification",
            Self::SubscriptionConfirmation => "SubscriptionConfirmation",
            Self::UnsubscribeConfirmation => "UnsubscribeConfirmation",
        }
    }
}

/// A document in the making: members with their values in JSON, in order.
struct Document(Vec<(&'static str, String)>);

impl Document {
    fn text(&mut self, name: &'static str, value: &str) {
        self.0.push((name, Json::from(value).to_string()));
    }

    /// The text that is signed: these members, as far as they are there, with their values, a line each.
    fn to_sign(&self, members: &[&str]) -> String {
        let mut lines = String::new();
        for name in members {
            let found = self.0.iter().find(|(member, _)| member == name);
            if let Some(Ok(Json::String(value))) = found.map(|(_, value)| serde_json::from_str::<Json>(value))
            {
                lines.push_str(name);
                lines.push('\n');
                lines.push_str(&value);
                lines.push('\n');
            }
        }
        lines
    }

    async fn sign(
        &mut self,
        cx: &mut Cx<'_>,
        version: SignatureVersion,
        members: &[&str],
        service_url: &str,
    ) -> Result<()> {
        let signature = signing::sign(cx, version, self.to_sign(members)).await?;
        self.text("SignatureVersion", signature.version.as_str());
        self.text("Signature", &signature.text);
        self.text("SigningCertURL", &format!("{service_url}{}", signature.certificate));
        Ok(())
    }

    fn written(&self) -> String {
        let members: Vec<String> =
            self.0.iter().map(|(name, value)| format!("  \"{name}\" : {value}")).collect();
        format!("{{\n{}\n}}", members.join(",\n"))
    }
}

/// The document of a message with this text, for a subscription.
///
/// # Errors
/// It cannot be signed.
pub(crate) async fn notification(
    cx: &mut Cx<'_>,
    message: &Message,
    text: &str,
    subscription: &Subscription,
) -> Result<String> {
    let service_url = message.service_url.as_deref().unwrap_or(&subscription.service_url);
    let mut document = Document(Vec::with_capacity(12));
    document.text("Type", Kind::Notification.as_str());
    document.text("MessageId", &message.id);
    if let Some(sequence) = &message.sequence {
        document.text("SequenceNumber", sequence);
    }
    document.text("TopicArn", &message.topic_arn);
    if let Some(subject) = &message.subject {
        document.text("Subject", subject);
    }
    document.text("Message", text);
    document.text("Timestamp", &written_time(message.published));
    if let Some(version) = message.signature_version {
        const SIGNED: [&str; 6] = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
        document.sign(cx, version, &SIGNED, service_url).await?;
    }
    let unsubscribe = format!("{service_url}/?Action=Unsubscribe&SubscriptionArn={}", subscription.arn());
    document.text("UnsubscribeURL", &unsubscribe);
    if !message.attributes.is_empty() {
        document.0.push(("MessageAttributes", attributes(&message.attributes)));
    }
    Ok(document.written())
}

/// A time, always with its milliseconds.
fn written_time(at: Timestamp) -> String {
    let seconds = Timestamp::from_secs(at.as_secs()).to_string();
    let milliseconds = at.as_millis().rem_euclid(1000);
    format!("{}.{milliseconds:03}Z", seconds.trim_end_matches('Z'))
}

fn attributes(attributes: &[Attribute]) -> String {
    let one = |attribute: &Attribute| {
        let value = match &attribute.value {
            AttributeValue::Text(text) => text.clone(),
            AttributeValue::Binary(bytes) => STANDARD.encode(bytes),
        };
        let shown = json!({"Type": attribute.data_type, "Value": value});
        format!("    {} : {shown}", Json::from(attribute.name.as_str()))
    };
    format!("{{\n{}\n  }}", attributes.iter().map(one).collect::<Vec<_>>().join(",\n"))
}

/// What asks an endpoint to confirm a subscription, or its end.
pub(crate) struct Confirmation<'a> {
    pub(crate) kind: Kind,
    pub(crate) message_id: &'a str,
    pub(crate) token: &'a str,
    pub(crate) subscription: &'a Subscription,
    pub(crate) timestamp: Timestamp,
    pub(crate) signature_version: SignatureVersion,
}

impl Confirmation<'_> {
    /// The document.
    ///
    /// # Errors
    /// It cannot be signed.
    pub(crate) async fn document(&self, cx: &mut Cx<'_>) -> Result<String> {
        let Subscription { topic_arn, service_url, .. } = self.subscription;
        let text = match self.kind {
            Kind::UnsubscribeConfirmation => format!(
                "You have chosen to deactivate subscription {}.\nTo cancel this operation and restore the \
                 subscription, visit the SubscribeURL included in this message.",
                self.subscription.arn()
            ),
            _ => format!(
                "You have chosen to subscribe to the topic {topic_arn}.\nTo confirm the subscription, visit the \
                 SubscribeURL included in this message."
            ),
        };
        let token = self.token;
        let subscribe =
            format!("{service_url}/?Action=ConfirmSubscription&TopicArn={topic_arn}&Token={token}");
        let mut document = Document(Vec::with_capacity(10));
        document.text("Type", self.kind.as_str());
        document.text("MessageId", self.message_id);
        document.text("Token", token);
        document.text("TopicArn", topic_arn);
        document.text("Message", &text);
        document.text("SubscribeURL", &subscribe);
        document.text("Timestamp", &written_time(self.timestamp));
        const SIGNED: [&str; 7] =
            ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
        document.sign(cx, self.signature_version, &SIGNED, service_url).await?;
        Ok(document.written())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_written_as_aws_writes_it_and_signed_by_its_members() {
        let mut document = Document(Vec::new());
        document.text("Type", "Notification");
        document.text("Message", "a \"b\"\nc");
        assert_eq!(
            document.written(),
            "{\n  \"Type\" : \"Notification\",\n  \"Message\" : \"a \\\"b\\\"\\nc\"\n}"
        );
        assert_eq!(
            document.to_sign(&["Message", "Subject", "Type"]),
            "Message\na \"b\"\nc\nType\nNotification\n"
        );
    }

    #[test]
    fn times_have_milliseconds() {
        for (millis, expected) in
            [(0, "1970-01-01T00:00:00.000Z"), (1_335_473_104_751, "2012-04-26T20:45:04.751Z")]
        {
            assert_eq!(written_time(Timestamp::from_millis(millis)), expected);
        }
    }

    #[test]
    fn attributes_say_their_type_and_value() {
        let all = [
            Attribute {
                name: "a".into(),
                data_type: "String".into(),
                value: AttributeValue::Text("x\"y".into()),
            },
            Attribute {
                name: "b".into(),
                data_type: "Binary".into(),
                value: AttributeValue::Binary(vec![1]),
            },
        ];
        let expected = "{\n    \"a\" : {\"Type\":\"String\",\"Value\":\"x\\\"y\"},\n    \"b\" : \
                        {\"Type\":\"Binary\",\"Value\":\"AQ==\"}\n  }";
        assert_eq!(attributes(&all), expected);
    }
}
