//! Messages as they were first written: whatever changes, these bytes must open for ever. The SDK for Python decrypts
//! them too (`tests/clients/test_encryption_sdk_messages.py`).

use std::collections::BTreeMap;

use alcazar_base::SecretBytes;
use alcazar_crypto::SeededEntropy;
use alcazar_crypto::encryption_sdk::{EncryptedDataKey, Message, encrypt};
use serde_json::{Value, json};

const WRITTEN: &str = include_str!("../../testdata/formats/encryption-sdk-messages.json");
const KEY_ARN: &str = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

fn parameter() -> BTreeMap<String, String> {
    let arn = "arn:aws:ssm:us-east-1:111122223333:parameter/app/prod/database-password";
    [("PARAMETER_ARN".to_owned(), arn.to_owned())].into()
}

fn data_key() -> SecretBytes {
    SecretBytes::new((0..32).collect())
}

/// What the present version writes, from a seed: nothing, a text, a full frame, two, and a little more.
fn written() -> Value {
    let entropy = SeededEntropy::new(1);
    let key = EncryptedDataKey::aws_kms(KEY_ARN, b"the data key, encrypted".to_vec());
    let message = |(length, context): (usize, BTreeMap<String, String>)| {
        let plaintext: Vec<u8> = (0..=250).cycle().take(length).collect();
        let message = encrypt(&entropy, &data_key(), &key, &context, &plaintext).unwrap();
        json!({
            "data_key": hex::encode(data_key().expose()),
            "context": context,
            "plaintext": hex::encode(plaintext),
            "message": hex::encode(message),
        })
    };
    let pairs = [("ключ".to_owned(), "значение".to_owned()), ("a".to_owned(), String::new())];
    [(0, parameter()), (37, BTreeMap::new()), (37, pairs.into()), (4096, parameter()), (8192, parameter())]
        .map(message)
        .as_slice()
        .into()
}

fn field(message: &Value, name: &str) -> Vec<u8> {
    hex::decode(message[name].as_str().unwrap()).unwrap()
}

#[test]
fn what_was_first_written_opens() {
    let messages: Value = serde_json::from_str(WRITTEN).unwrap();
    let messages = messages.as_array().unwrap();
    assert_eq!(messages.len(), 5);
    for message in messages {
        let bytes = field(message, "message");
        let context = serde_json::from_value(message["context"].clone()).unwrap();
        let read = Message::parse(&bytes).unwrap();
        assert_eq!(read.encrypted_data_keys()[0].key_arn(), Some(KEY_ARN));
        let opened = read.decrypt(&SecretBytes::new(field(message, "data_key")), &context).unwrap();
        assert_eq!(opened.expose(), field(message, "plaintext"));
    }
}

/// A seed replays to the byte, so a change of what is written shows itself here. If it was meant, these messages stay, and
/// the new ones come beside them.
#[test]
fn what_is_written_today_is_what_was_first_written() {
    let messages: Value = serde_json::from_str(WRITTEN).unwrap();
    let written = written();
    assert_eq!(written, messages, "what is written now:\n{written:#}");
}
