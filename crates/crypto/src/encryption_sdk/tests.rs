//! Messages of others open, what is written here is the same for ever, and nothing that was changed opens.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::aead::tests::for_every_damage;
use crate::entropy::SeededEntropy;
use crate::error::EntropyError;

const KNOWN_ANSWERS: &str = include_str!("../../testdata/known_answers/encryption_sdk.json");

/// A message of another implementation. One that has to be refused has no plaintext.
struct Known {
    name: String,
    data_key: SecretBytes,
    context: BTreeMap<String, String>,
    plaintext: Option<Vec<u8>>,
    message: Vec<u8>,
}

fn known(list: &str) -> Vec<Known> {
    let answers: Value = serde_json::from_str(KNOWN_ANSWERS).unwrap();
    let bytes = |value: &Value| hex::decode(value.as_str().unwrap()).unwrap();
    let answers = answers[list].as_array().unwrap();
    let read = |answer: &Value| Known {
        name: answer["name"].as_str().unwrap().to_owned(),
        data_key: SecretBytes::new(bytes(&answer["data_key"])),
        context: serde_json::from_value(answer["context"].clone()).unwrap(),
        plaintext: answer["plaintext"].as_str().map(|text| hex::decode(text).unwrap()),
        message: bytes(&answer["message"]),
    };
    answers.iter().map(read).collect()
}

fn data_key(byte: u8) -> SecretBytes {
    SecretBytes::new(vec![byte; 32])
}

fn encrypted_data_key() -> EncryptedDataKey {
    EncryptedDataKey::aws_kms("arn:aws:kms:us-east-1:111122223333:key/1234abcd", b"encrypted".to_vec())
}

fn context(value: &str) -> BTreeMap<String, String> {
    [("PARAMETER_ARN".to_owned(), value.to_owned())].into()
}

fn encrypted(plaintext: &[u8]) -> Vec<u8> {
    encrypt(&SeededEntropy::new(1), &data_key(1), &encrypted_data_key(), &context("a"), plaintext).unwrap()
}

fn decrypted(message: &[u8], data_key: &SecretBytes, context: &BTreeMap<String, String>) -> Option<Vec<u8>> {
    let plaintext = Message::parse(message).ok()?.decrypt(data_key, context).ok()?;
    Some(plaintext.expose().to_vec())
}

#[test]
fn what_the_python_sdk_encrypted_is_decrypted() {
    let answers = known("made here");
    assert_eq!(answers.len(), 21);
    for answer in answers {
        let message = Message::parse(&answer.message).unwrap();
        assert_eq!(message.context(), &answer.context, "{}", answer.name);
        let [key] = message.encrypted_data_keys() else { panic!("one encrypted data key: {}", answer.name) };
        let arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
        assert_eq!(key, &EncryptedDataKey::aws_kms(arn, b"the data key, encrypted".to_vec()));
        assert_eq!(key.key_arn(), Some(arn));
        let plaintext = message.decrypt(&answer.data_key, &answer.context).unwrap();
        assert_eq!(plaintext.expose(), answer.plaintext.unwrap(), "{}", answer.name);
    }
}

/// They are from the SDKs for C, Java, JavaScript and Python, and made by hand: frames of one byte, several encrypted data
/// keys, nonces that do not count, one ciphertext under two keys.
#[test]
fn the_published_vectors_are_met_and_those_with_a_wrong_commitment_refused() {
    let (mut opened, mut refused, mut signed) = (0, 0, 0);
    for answer in known("published") {
        let message = match Message::parse(&answer.message) {
            Ok(message) => message,
            Err(error) => {
                assert_eq!(error, MessageError::UnsupportedSuite(0x0578), "{}", answer.name);
                signed += 1;
                continue;
            }
        };
        assert_eq!(message.context(), &answer.context, "{}", answer.name);
        let plaintext = message.decrypt(&answer.data_key, &answer.context);
        if let Some(expected) = answer.plaintext {
            assert_eq!(plaintext.unwrap().expose(), expected, "{}", answer.name);
            opened += 1;
        } else {
            assert_eq!(plaintext, Err(OpenError::Unauthentic), "{}", answer.name);
            refused += 1;
        }
    }
    assert_eq!((opened, refused, signed), (20, 3, 1));
}

#[test]
fn a_message_changed_anywhere_is_refused() {
    let message = encrypted(b"plaintext");
    assert_eq!(decrypted(&message, &data_key(1), &context("a")).unwrap(), b"plaintext");
    for_every_damage(&message, |damaged| {
        assert_eq!(decrypted(damaged, &data_key(1), &context("a")), None);
    });
}

#[test]
fn messages_of_others_changed_anywhere_are_refused_in_every_suite_and_framing() {
    for answer in known("made here").iter().filter(|answer| answer.message.len() < 600) {
        for_every_damage(&answer.message, |damaged| {
            assert_eq!(decrypted(damaged, &answer.data_key, &answer.context), None, "{}", answer.name);
        });
    }
}

#[test]
fn frames_that_were_dropped_repeated_or_moved_are_refused() {
    let answers = known("made here");
    let answer = answers.iter().find(|answer| answer.name == "0478, 300 bytes, frames of 128").unwrap();
    let body = answer.message.len() - (2 * (4 + 12 + 128 + 16) + 4 + 4 + 12 + 4 + 44 + 16);
    let (header, body) = answer.message.split_at(body);
    let (frames, last) = body.split_at(2 * (4 + 12 + 128 + 16));
    let (first, second) = frames.split_at(frames.len() / 2);
    let read = |parts: &[&[u8]]| decrypted(&parts.concat(), &answer.data_key, &answer.context);
    assert_eq!(read(&[header, first, second, last]), answer.plaintext);
    let others: [&[&[u8]]; 8] = [
        &[header, second, last],
        &[header, first, last],
        &[header, last],
        &[header, first, first, second, last],
        &[header, second, first, last],
        &[header, first, second],
        &[header, first, second, last, last],
        &[header, last, first, second, last],
    ];
    for parts in others {
        assert_eq!(read(parts), None);
    }
}

#[test]
fn another_key_or_context_decrypts_nothing() {
    let message = encrypted(b"plaintext");
    assert_eq!(decrypted(&message, &data_key(2), &context("a")), None);
    for length in [0, 16, 24, 31, 33] {
        let key = SecretBytes::new(vec![1; length]);
        assert_eq!(decrypted(&message, &key, &context("a")), None);
    }
    let mut more = context("a");
    more.insert("another".to_owned(), String::new());
    for context in [context("b"), BTreeMap::new(), more] {
        assert_eq!(decrypted(&message, &data_key(1), &context), None);
    }
}

#[test]
fn the_plaintext_stands_in_frames_of_4096_bytes_and_the_last_may_be_full() {
    let overhead = |length: usize| encrypted(&vec![7; length]).len() - length;
    let (frame, one) = (4 + 12 + 16, overhead(0));
    for (length, frames) in [(1, 0), (4095, 0), (4096, 0), (4097, 1), (8192, 1), (8193, 2)] {
        assert_eq!(overhead(length), one + frames * frame, "{length} bytes");
    }
}

#[test]
fn versions_suites_and_shapes_that_are_not_read_are_told_apart() {
    let read = |message: &[u8]| Message::parse(message).map(|_| ()).unwrap_err();
    for version in [0, 3, 0x41, 255] {
        assert_eq!(read(&[version, 4, 0x78]), MessageError::UnsupportedVersion(version));
    }
    for suite in [0x0014, 0x0046, 0x0078, 0x0214, 0x0346, 0x0378, 0x0478, 0x0578, 0xffff_u16] {
        assert_eq!(
            read(&[&[1, 0x80], &suite.to_be_bytes()[..]].concat()),
            MessageError::UnsupportedSuite(suite)
        );
    }
    for suite in [0x0114, 0x0146, 0x0178, 0x0378, 0x0578_u16] {
        assert_eq!(read(&[&[2], &suite.to_be_bytes()[..]].concat()), MessageError::UnsupportedSuite(suite));
    }
    assert_eq!(read(&[1, 0x81, 1, 0x78]), MessageError::Malformed);
    assert_eq!(read(&[]), MessageError::Malformed);
}

/// A header of version 2 with these bytes for the context and the encrypted data keys, its content type and frame length.
fn header(context: &[u8], keys: &[u8], framing: [u8; 5]) -> Vec<u8> {
    [&[2, 4, 0x78], &[9; 32][..], context, keys, &framing, &[0; 48]].concat()
}

#[test]
fn fields_that_contradict_each_other_are_malformed() {
    const KEY: &[u8] = b"\0\x01\0\0\0\0\0\0";
    const FRAMES: [u8; 5] = [2, 0, 0, 16, 0];
    let none = b"\0\0".as_slice();
    assert!(Message::parse(&header(none, KEY, FRAMES)).is_ok());
    assert!(Message::parse(&header(none, KEY, [1, 0, 0, 0, 0])).is_ok());
    assert!(Message::parse(&header(b"\0\x0a\0\x01\0\x01a\0\x03b\xc3\xa9", KEY, FRAMES)).is_ok());
    let contexts: [&[u8]; 6] = [
        b"\0\x02\0\0",                   // a count of none
        b"\0\x0a\0\x02\0\0\0\0\0\0\0\0", // a name twice
        b"\0\x06\0\x02\0\0\0\0",         // more pairs than there are
        b"\0\x07\0\x01\0\0\0\0\0",       // bytes after the last pair
        b"\0\x07\0\x01\0\x01\xff\0\0",   // a name that is no text
        b"\0\x06\0\x01\0\0\0\x01",       // a value that goes past the pairs
    ];
    for context in contexts {
        assert!(Message::parse(&header(context, KEY, FRAMES)).is_err(), "{context:?}");
    }
    for framing in [[0, 0, 0, 16, 0], [3, 0, 0, 16, 0], [2, 0, 0, 0, 0], [1, 0, 0, 16, 0]] {
        assert!(Message::parse(&header(none, KEY, framing)).is_err(), "{framing:?}");
    }
    let keys = |count: u16| [&count.to_be_bytes(), &[0; 6].repeat(usize::from(count))[..]].concat();
    assert!(Message::parse(&header(none, &keys(0), FRAMES)).is_err());
    assert!(Message::parse(&header(none, &keys(ENCRYPTED_DATA_KEYS_MAX), FRAMES)).is_ok());
    assert!(Message::parse(&header(none, &keys(ENCRYPTED_DATA_KEYS_MAX + 1), FRAMES)).is_err());
}

#[test]
fn an_arn_is_told_of_data_keys_of_kms_alone() {
    let mut key = encrypted_data_key();
    assert_eq!(key.key_arn(), Some("arn:aws:kms:us-east-1:111122223333:key/1234abcd"));
    key.provider_id = "raw".to_owned();
    assert_eq!(key.key_arn(), None);
    assert_eq!(EncryptedDataKey { provider_info: vec![0xff], ..encrypted_data_key() }.key_arn(), None);
}

#[test]
fn what_the_format_cannot_hold_is_refused() {
    struct Failing;
    impl Entropy for Failing {
        fn fill(&self, _: &mut [u8]) -> Result<(), EntropyError> {
            Err(EntropyError)
        }
    }
    let (key, encrypted_key, entropy) = (data_key(1), encrypted_data_key(), SeededEntropy::new(1));
    assert_eq!(
        encrypt(&Failing, &key, &encrypted_key, &context("a"), b""),
        Err(SealError::Entropy(EntropyError))
    );
    let refused = |key: &SecretBytes, encrypted_key: &EncryptedDataKey, context: &BTreeMap<_, _>| {
        assert_eq!(encrypt(&entropy, key, encrypted_key, context, b""), Err(SealError::Refused));
    };
    for length in [0, 16, 24, 31, 33] {
        refused(&SecretBytes::new(vec![1; length]), &encrypted_key, &context("a"));
    }
    // The count and the lengths take six bytes.
    let longest = 65_535 - 6 - "PARAMETER_ARN".len();
    let all = encrypt(&entropy, &key, &encrypted_key, &context(&"a".repeat(longest)), b"").unwrap();
    assert!(decrypted(&all, &key, &context(&"a".repeat(longest))).is_some());
    refused(&key, &encrypted_key, &context(&"a".repeat(longest + 1)));
    refused(&key, &EncryptedDataKey { ciphertext: vec![0; 65_536], ..encrypted_key.clone() }, &context("a"));
}

proptest! {
    #[test]
    fn what_is_encrypted_is_decrypted_again(
        plaintext in proptest::collection::vec(any::<u8>(), 0..=8192),
        context in proptest::collection::btree_map(".{0,20}", ".{0,20}", 0..4),
        seed in any::<u64>(),
        encrypted_key in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let encrypted_key = EncryptedDataKey::aws_kms("arn", encrypted_key);
        let entropy = SeededEntropy::new(seed);
        let message = encrypt(&entropy, &data_key(3), &encrypted_key, &context, &plaintext).unwrap();
        let parsed = Message::parse(&message).unwrap();
        prop_assert_eq!(parsed.encrypted_data_keys(), std::slice::from_ref(&encrypted_key));
        prop_assert_eq!(parsed.context(), &context);
        let opened = parsed.decrypt(&data_key(3), &context).unwrap();
        prop_assert_eq!(opened.expose(), &plaintext[..]);
        let again = encrypt(&entropy, &data_key(3), &encrypted_key, &context, &plaintext).unwrap();
        prop_assert_ne!(message, again);
    }

    #[test]
    fn messages_of_many_frames_are_decrypted_again(frames in 2_usize..20, last in 0_usize..=4096) {
        let plaintext = vec![5; frames * 4096 + last];
        prop_assert_eq!(decrypted(&encrypted(&plaintext), &data_key(1), &context("a")), Some(plaintext));
    }
}
