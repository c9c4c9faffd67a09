//! The digests by which senders and receivers check what they sent and got.
//!
//! MD5 is what SQS tells; it protects nothing here.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation>

use md5::{Digest, Md5};

use crate::message_attribute::{MessageAttribute, Value};

/// How a text is told from bytes in what is digested.
const TEXT: u8 = 1;
const BYTES: u8 = 2;

/// The digest of a body.
#[must_use]
pub(crate) fn of_body(body: &str) -> String {
    hex::encode(Md5::digest(body.as_bytes()))
}

/// The digest of attributes, which are sorted by their names; none if there is no attribute.
#[must_use]
pub(crate) fn of_attributes<'a>(
    attributes: impl IntoIterator<Item = &'a MessageAttribute>,
) -> Option<String> {
    let mut digest = Md5::new();
    let mut is_empty = true;
    for MessageAttribute { name, data_type, value } in attributes {
        is_empty = false;
        add(&mut digest, name.as_bytes());
        add(&mut digest, data_type.as_bytes());
        let (kind, bytes) = match value {
            Value::Text(text) => (TEXT, text.expose().as_bytes()),
            Value::Bytes(bytes) => (BYTES, bytes.expose()),
        };
        digest.update([kind]);
        add(&mut digest, bytes);
    }
    (!is_empty).then(|| hex::encode(digest.finalize()))
}

fn add(digest: &mut Md5, bytes: &[u8]) {
    digest.update(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    digest.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str, value: &str) -> MessageAttribute {
        MessageAttribute {
            name: name.to_owned(),
            data_type: "String".to_owned(),
            value: Value::Text(value.to_owned().into()),
        }
    }

    #[test]
    fn the_digests_are_those_that_aws_tells() {
        assert_eq!(of_body("hello"), "5d41402abc4b2a76b9719d911017c592");
        let two = [text("General", "Kenobi"), text("Hello", "There")];
        assert_eq!(of_attributes(&two).unwrap(), "fca026605781cb4126a1e9044df24232");
        let three = [text("General", "Kenobi"), text("Hello", "There"), text("Help.Me", "Me")];
        assert_eq!(of_attributes(&three).unwrap(), "4c360f3fdafd970e05fae2f149d997f5");
        assert_eq!(of_attributes(&[text("Foo", "Bar")]).unwrap(), "ae7155c6026991b6d54b11589678bf9c");
        assert_eq!(of_attributes(&[]), None);
    }
}
