//! Version 1 of every format, as it was first written: whatever changes, these bytes must open for ever.
//!
//! A store, a backup or a ciphertext may be older than the program that reads it. A format that has to change gets a new
//! version and a new file beside `version-1.json`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;

use alcazar_base::SecretString;
use alcazar_crypto::{
    BackingKey, Domain, KeyId, Keyring, PassphraseCost, RootFile, RootKey, SeededEntropy, SegmentKey,
};
use serde_json::{Value, json};

const VERSION_1: &str = include_str!("../testdata/formats/version-1.json");
const STORE_ID: [u8; 16] = *b"the store's name";
const SEGMENT_ID: [u8; 16] = *b"a segment's name";
const KEY_ID: KeyId = KeyId { bytes: *b"the KMS key's id", multi_region: true };
const RECORD_NAME: &[u8] = b"kms/key/1";
const PASSPHRASE: &str = "correct horse battery staple";

fn context() -> BTreeMap<String, String> {
    [("department".to_owned(), "10103.0".to_owned()), ("purpose".to_owned(), "test".to_owned())].into()
}

fn plain_root(file: &[u8]) -> RootKey {
    match RootFile::parse(file).unwrap() {
        RootFile::Plain(root) => root,
        RootFile::Passphrase(_) => panic!("the file should be plain"),
    }
}

fn field(formats: &Value, name: &str) -> Vec<u8> {
    hex::decode(formats[name].as_str().unwrap()).unwrap()
}

/// What the present version writes, from a seed.
fn written() -> Value {
    let entropy = SeededEntropy::new(1);
    let root = RootKey::generate(&entropy).unwrap();
    let cost = PassphraseCost::new(64, 2, 1).unwrap();
    let passphrase = SecretString::new(PASSPHRASE.to_owned());
    let mut keyring = Keyring::generate(&entropy).unwrap();
    let record_version_1 = keyring.seal(Domain::Store, &entropy, RECORD_NAME, b"first record").unwrap();
    keyring.rotate(Domain::Store, &entropy).unwrap();
    let record_version_2 = keyring.seal(Domain::Store, &entropy, RECORD_NAME, b"second record").unwrap();
    let backing_key = BackingKey::generate(&entropy).unwrap();
    let mut segment_key = SegmentKey::generate(SEGMENT_ID, &entropy).unwrap();
    let mut frame = Vec::new();
    segment_key.seal_frame(258, b"event", &mut frame).unwrap();
    let passphrase_file = root.to_passphrase_file(&passphrase, cost, &entropy).unwrap();
    json!({
        "root_plain": hex::encode(root.to_plain_file().expose()),
        "root_passphrase": hex::encode(passphrase_file.expose()),
        "keyring": hex::encode(keyring.seal_under(&root, &STORE_ID, &entropy).unwrap()),
        "record_version_1": hex::encode(record_version_1),
        "record_version_2": hex::encode(record_version_2),
        "blinded_name": hex::encode(keyring.blind(b"alias", b"alias/app")),
        "backing_key": hex::encode(backing_key.wrap(&keyring, KEY_ID, &entropy).unwrap()),
        "ciphertext": hex::encode(backing_key.encrypt(&entropy, KEY_ID, &context(), b"plaintext").unwrap()),
        "segment_key": hex::encode(segment_key.wrap(&keyring, &entropy).unwrap()),
        "frame": hex::encode(frame),
    })
}

#[test]
fn what_version_1_wrote_opens() {
    let formats: Value = serde_json::from_str(VERSION_1).unwrap();
    let root = plain_root(&field(&formats, "root_plain"));
    let keyring = Keyring::open_under(&root, &STORE_ID, &field(&formats, "keyring")).unwrap();

    let RootFile::Passphrase(sealed) = RootFile::parse(&field(&formats, "root_passphrase")).unwrap() else {
        panic!("the file should be under a passphrase")
    };
    let same_root = sealed.open(&SecretString::new(PASSPHRASE.to_owned())).unwrap();
    assert_eq!(same_root.to_plain_file(), root.to_plain_file());

    let record = |name| keyring.open(Domain::Store, RECORD_NAME, &field(&formats, name)).unwrap();
    assert_eq!(record("record_version_1").expose(), b"first record");
    assert_eq!(record("record_version_2").expose(), b"second record");
    assert_eq!(keyring.blind(b"alias", b"alias/app").to_vec(), field(&formats, "blinded_name"));

    let backing_key = BackingKey::unwrap(&keyring, KEY_ID, &field(&formats, "backing_key")).unwrap();
    let plaintext = backing_key.decrypt(&context(), &field(&formats, "ciphertext")).unwrap();
    assert_eq!(plaintext.expose(), b"plaintext");

    let segment_key = SegmentKey::unwrap(&keyring, SEGMENT_ID, &field(&formats, "segment_key")).unwrap();
    assert_eq!(segment_key.open_frame(258, &field(&formats, "frame")).unwrap().expose(), b"event");
}

/// A seed replays to the byte, so a change of what is written shows itself here. If it was meant, it needs a new version.
#[test]
fn what_is_written_today_is_version_1() {
    let formats: Value = serde_json::from_str(VERSION_1).unwrap();
    let written = written();
    assert_eq!(written, formats, "what is written now:\n{written:#}");
}
