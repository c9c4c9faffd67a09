//! Any bytes, and messages of every suite and framing that are spoilt here and there: reading them never panics, and
//! what is decrypted was encrypted.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use alcazar_base::SecretBytes;
use alcazar_crypto::encryption_sdk::{ENCRYPTED_DATA_KEYS_MAX, Message};
use serde_json::Value;

use super::choices::Choices;

/// A message of the SDK's own.
struct Known {
    bytes: Vec<u8>,
    data_key: SecretBytes,
    context: BTreeMap<String, String>,
    plaintext: Vec<u8>,
}

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let answers = include_str!("../../../testdata/known_answers/encryption_sdk.json");
    let answers: Value = serde_json::from_str(answers).expect("JSON");
    let field = |answer: &Value, name: &str| hex::decode(answer[name].as_str()?).ok();
    let known = |answer: &Value| {
        Some(Known {
            bytes: field(answer, "message")?,
            data_key: SecretBytes::new(field(answer, "data_key")?),
            context: serde_json::from_value(answer["context"].clone()).ok()?,
            plaintext: field(answer, "plaintext")?,
        })
    };
    answers["made here"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|answer| known(answer).expect("hex"))
        .collect()
});

/// Reads the bytes as they are, and a message that they spoil. Says whether the latter still has a header.
pub(crate) fn run(bytes: &[u8]) -> bool {
    let mut choices = Choices::new(bytes);
    let known = &KNOWN[choices.below(KNOWN.len())];
    assert_eq!(read(&known.bytes, known), (true, Some(known.plaintext.clone())));
    let mut spoilt = known.bytes.clone();
    for _ in 0..=choices.below(4) {
        spoil(&mut spoilt, &mut choices);
    }
    read(bytes, known);
    read(&spoilt, known).0
}

/// Whether the message has a header, and its plaintext if it opens.
fn read(message: &[u8], known: &Known) -> (bool, Option<Vec<u8>>) {
    let Ok(parsed) = Message::parse(message) else { return (false, None) };
    let keys = parsed.encrypted_data_keys();
    assert!((1..=usize::from(ENCRYPTED_DATA_KEYS_MAX)).contains(&keys.len()));
    let opened = parsed.decrypt(&known.data_key, &known.context).ok();
    if opened.is_some() {
        assert!(KNOWN.iter().any(|known| known.bytes == message), "what nobody encrypted was opened");
    }
    (true, opened.map(|plaintext| plaintext.expose().to_vec()))
}

fn spoil(message: &mut Vec<u8>, choices: &mut Choices<'_>) {
    let mut place = |length: usize| (choices.below(256) << 8 | choices.below(256)) % length.max(1);
    let at = place(message.len());
    let to = at + place(message.len() - at + 1);
    match choices.below(6) {
        0 => message.truncate(at),
        1 => drop(message.drain(at..to)),
        2 => message.extend_from_within(at..to),
        3 => message.insert(at, u8::try_from(choices.below(256)).expect("a byte")),
        4 => {
            let other = &KNOWN[choices.below(KNOWN.len())].bytes;
            message.truncate(at);
            message.extend(other.iter().skip(at));
        }
        _ => {
            if let Some(byte) = message.get_mut(at) {
                *byte ^= 1 << choices.below(8);
            }
        }
    }
}
