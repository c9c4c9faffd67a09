use argon2::Params;

use super::*;
use crate::aead::tests::for_every_damage;
use crate::entropy::SeededEntropy;
use proptest::prelude::*;

fn root() -> RootKey {
    RootKey::generate(&SeededEntropy::new(1)).unwrap()
}

fn passphrase(text: &str) -> SecretString {
    SecretString::new(text.to_owned())
}

/// As cheap as Argon2id goes, since the tests try it often.
fn cheap() -> PassphraseCost {
    PassphraseCost::new(8, 1, 1).unwrap()
}

fn sealed_file() -> SecretBytes {
    root().to_passphrase_file(&passphrase("correct horse"), cheap(), &SeededEntropy::new(2)).unwrap()
}

fn sealed_root(file: &[u8]) -> SealedRoot {
    match RootFile::parse(file).unwrap() {
        RootFile::Passphrase(sealed) => sealed,
        RootFile::Plain(_) => panic!("the file should be under a passphrase"),
    }
}

/// A file of these lines with the right check, as a forger would make it.
fn forged(lines: &str) -> Vec<u8> {
    let mut file = Zeroizing::new(Vec::new());
    file.extend_from_slice(lines.as_bytes());
    finish_file(file).expose().to_vec()
}

fn without_check(file: &[u8]) -> String {
    let text = std::str::from_utf8(file).unwrap();
    text[..text.rfind("check ").unwrap()].to_owned()
}

#[test]
fn a_plain_file_gives_its_root_back() {
    let file = root().to_plain_file();
    match RootFile::parse(file.expose()).unwrap() {
        RootFile::Plain(read) => assert_eq!(read.0.secret(), root().0.secret()),
        RootFile::Passphrase(_) => panic!("the file should be plain"),
    }
    let text = String::from_utf8(file.expose().to_vec()).unwrap();
    let key = hex::encode(root().0.secret().expose());
    assert!(text.starts_with(&format!("alcazar-root-of-trust 1\nkind plain\nkey {key}\ncheck ")), "{text}");
}

#[test]
fn a_passphrase_file_gives_its_root_back_to_the_right_passphrase_only() {
    let sealed = sealed_root(sealed_file().expose());
    assert_eq!(sealed.open(&passphrase("correct horse")).unwrap().0.secret(), root().0.secret());
    for wrong in ["", "correct hors", "Correct horse", "correct horse "] {
        assert_eq!(sealed.open(&passphrase(wrong)).unwrap_err(), RootFileError::WrongPassphrase);
    }
}

#[test]
fn the_root_does_not_stand_in_a_passphrase_file() {
    let file = sealed_file();
    let text = String::from_utf8(file.expose().to_vec()).unwrap();
    assert!(!text.contains(&hex::encode(root().0.secret().expose())));
    assert!(
        text.starts_with("alcazar-root-of-trust 1\nkind argon2id\nmemory-kib 8\npasses 1\nlanes 1\nsalt ")
    );
}

#[test]
fn a_file_changed_anywhere_is_refused() {
    for file in [root().to_plain_file(), sealed_file()] {
        for_every_damage(file.expose(), |damaged| match RootFile::parse(damaged) {
            Err(RootFileError::NotARootFile | RootFileError::UnknownVersion(_) | RootFileError::Damaged) => {}
            other => panic!("{other:?}"),
        });
    }
}

#[test]
fn a_forged_passphrase_file_does_not_open() {
    let genuine = without_check(sealed_file().expose());
    let changes = [
        ("memory-kib 8", "memory-kib 9"),
        ("memory-kib 8", "memory-kib 08"),
        ("passes 1", "passes 2"),
        ("salt ", "salt 00"),
        ("sealed ", "sealed 00"),
    ];
    for (from, to) in changes {
        let mut lines = genuine.replace(from, to);
        if to.ends_with(" 00") {
            // The two digits that were put in push out two others, so that the length stays.
            let at = lines.find(to).unwrap() + to.len();
            lines.replace_range(at..at + 2, "");
        }
        let opened = sealed_root(&forged(&lines)).open(&passphrase("correct horse"));
        assert_eq!(opened.unwrap_err(), RootFileError::WrongPassphrase, "{to}");
    }
}

#[test]
fn a_file_cannot_ask_for_more_than_the_bounds() {
    let genuine = without_check(sealed_file().expose());
    let changes = [
        ("memory-kib 8", "memory-kib 1048577"),
        ("memory-kib 8", "memory-kib 4294967295"),
        ("memory-kib 8", "memory-kib 7"),
        ("memory-kib 8", "memory-kib 0"),
        ("passes 1", "passes 17"),
        ("passes 1", "passes 0"),
        ("lanes 1", "lanes 17"),
        ("lanes 1", "lanes 2"),
        ("lanes 1", "lanes 0"),
    ];
    for (from, to) in changes {
        let file = forged(&genuine.replace(from, to));
        assert_eq!(RootFile::parse(&file).unwrap_err(), RootFileError::CostOutOfBounds, "{to}");
    }
    let file = forged(&genuine.replace("memory-kib 8", "memory-kib 1099511627776"));
    assert_eq!(RootFile::parse(&file).unwrap_err(), RootFileError::Damaged);
}

#[test]
fn every_cost_within_the_bounds_is_one_that_argon2id_takes() {
    for (memory_kib, passes, lanes) in [(8, 1, 1), (MEMORY_KIB_MAX, PASSES_MAX, LANES_MAX), (128, 1, 16)] {
        let cost = PassphraseCost::new(memory_kib, passes, lanes).unwrap();
        assert!(Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(KEY_BYTES)).is_ok());
    }
    let PassphraseCost { memory_kib, passes, lanes } = PassphraseCost::default();
    assert_eq!(PassphraseCost::new(memory_kib, passes, lanes), Ok(PassphraseCost::default()));
}

#[test]
fn files_of_another_kind_version_or_shape_are_told_apart() {
    let unknown = RootFileError::UnknownVersion("2".into());
    assert_eq!(RootFile::parse(b"alcazar-root-of-trust 2\nwhatever").unwrap_err(), unknown);
    for other in [&b""[..], b"-----BEGIN PRIVATE KEY-----\n", b"alcazar-root-of-trust", b"\xff\xfe", &[0; 32]]
    {
        assert_eq!(RootFile::parse(other).unwrap_err(), RootFileError::NotARootFile);
    }
    let genuine = without_check(root().to_plain_file().expose());
    for damaged in [
        genuine.replace("kind plain", "kind other"),
        genuine.replace("kind plain\n", ""),
        format!("{genuine}more 1\n"),
        genuine.replace("key ", "key 00"),
        format!("{genuine}{}", "x\n".repeat(FILE_BYTES_MAX)),
    ] {
        assert_eq!(RootFile::parse(&forged(&damaged)).unwrap_err(), RootFileError::Damaged, "{damaged}");
    }
}

#[test]
fn neither_a_root_nor_an_error_shows_the_key() {
    let key = hex::encode(root().0.secret().expose());
    assert_eq!(format!("{:?}", root()), "RootKey(***)");
    let plain = RootFile::parse(root().to_plain_file().expose());
    assert_eq!(format!("{plain:?}"), "Ok(Plain(RootKey(***)))");
    let cut = &root().to_plain_file().expose()[..100].to_vec();
    let error = RootFile::parse(cut).unwrap_err();
    assert!(!format!("{error:?} {error}").contains(&key[..8]));
    assert!(!format!("{:?}", root().to_plain_file()).contains(&key[..8]));
}

#[test]
fn a_file_never_outgrows_its_buffer() {
    assert!(sealed_file().len() < FILE_BYTES_MAX && root().to_plain_file().len() < FILE_BYTES_MAX);
}

proptest! {
    #[test]
    fn no_text_at_all_makes_it_panic(lines in "(kind|key|check|salt|sealed|passes|[ 0-9a-f\n]){0,40}") {
        let _ = RootFile::parse(lines.as_bytes());
        let _ = RootFile::parse(format!("alcazar-root-of-trust 1\n{lines}").as_bytes());
        let _ = RootFile::parse(&forged(&format!("alcazar-root-of-trust 1\n{lines}\n")));
    }
}
