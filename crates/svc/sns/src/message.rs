//! Messages on their way: what was published, as deliveries carry it.

use alcazar_base::Timestamp;
use alcazar_engine::{Error, Forwarded, Result};
use minicbor::{Decode, Encode};
use serde_json::{Map, Value as Json};

use crate::subscription::Protocol;

/// A message. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Message {
    #[n(0)]
    pub(crate) id: String,
    #[n(1)]
    pub(crate) topic_arn: String,
    #[n(2)]
    pub(crate) topic_id: String,
    #[n(3)]
    pub(crate) published: Timestamp,
    #[n(4)]
    pub(crate) subject: Option<String>,
    #[n(5)]
    pub(crate) body: Body,
    /// Whether the text is an object with a text for each protocol.
    #[n(6)]
    pub(crate) structured: bool,
    #[n(7)]
    pub(crate) attributes: Vec<Attribute>,
    #[n(8)]
    pub(crate) group: Option<String>,
    /// What tells duplicates in a FIFO topic.
    #[n(9)]
    pub(crate) deduplication: Option<String>,
    #[n(10)]
    pub(crate) sequence: Option<String>,
    /// How it is signed; not at all in FIFO topics.
    #[n(11)]
    pub(crate) signature_version: Option<SignatureVersion>,
    /// Where the publisher found this service; none if another service published it.
    #[n(12)]
    pub(crate) service_url: Option<String>,
}

/// The text of a message.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Body {
    /// As it is.
    #[n(0)]
    Plain(#[n(0)] String),
    /// Under a data key of the topic's KMS key.
    #[n(1)]
    Encrypted(#[n(0)] Box<Encrypted>),
}

/// A text under a data key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Encrypted {
    #[cbor(n(0), with = "minicbor::bytes")]
    pub(crate) ciphertext: Vec<u8>,
    /// The data key, under the KMS key.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub(crate) data_key: Vec<u8>,
    /// Who published it, on whose behalf it is decrypted.
    #[n(2)]
    pub(crate) publisher: Forwarded,
}

/// The signature of messages over HTTP and in queues.
///
/// Source: <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum SignatureVersion {
    /// SHA-1 with RSA.
    #[n(1)]
    One,
    /// SHA-256 with RSA.
    #[n(2)]
    Two,
}

impl SignatureVersion {
    /// As messages say it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Two => "2",
        }
    }

    /// What a topic's attribute says.
    pub(crate) fn of(attribute: Option<&str>) -> Self {
        if attribute == Some("2") { Self::Two } else { Self::One }
    }
}

/// A message's attribute.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Attribute {
    #[n(0)]
    pub(crate) name: String,
    #[n(1)]
    pub(crate) data_type: String,
    #[n(2)]
    pub(crate) value: AttributeValue,
}

/// An attribute's value.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) enum AttributeValue {
    #[n(0)]
    Text(#[n(0)] String),
    #[n(1)]
    Binary(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
}

/// The text that a protocol's endpoints get of a structured one.
pub(crate) fn text_for(protocol: Protocol, text: &str) -> String {
    let texts: Map<String, Json> = serde_json::from_str(text).unwrap_or_default();
    let of = |name: &str| texts.get(name).and_then(Json::as_str);
    of(protocol.as_str()).or_else(|| of("default")).unwrap_or_default().to_owned()
}

/// What deliveries carry.
pub(crate) fn payload<T: Encode<()>>(what: &T) -> Result<Vec<u8>> {
    minicbor::to_vec(what).map_err(|error| Error::invariant(format!("a payload cannot be written: {error}")))
}

/// Reads it back.
pub(crate) fn of_payload<T: for<'b> Decode<'b, ()>>(payload: &[u8]) -> Result<T> {
    minicbor::decode(payload).map_err(|error| Error::invariant(format!("a payload cannot be read: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structured_messages_have_a_text_for_each_protocol() {
        let text = r#"{"default": "d", "http": "h", "sqs": 7}"#;
        assert_eq!(text_for(Protocol::Http, text), "h");
        assert_eq!(text_for(Protocol::Https, text), "d");
        assert_eq!(text_for(Protocol::Sqs, text), "d");
    }
}
