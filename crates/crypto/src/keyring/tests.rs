use super::*;
use crate::aead::tests::for_every_damage;
use crate::entropy::SeededEntropy;
use proptest::prelude::*;

const STORE_ID: StoreId = [9; 16];
const SEALING: [Domain; 5] = [Domain::Store, Domain::Audit, Domain::Kms, Domain::Backup, Domain::Token];

fn keyring(seed: u64) -> Keyring {
    Keyring::generate(&SeededEntropy::new(seed)).unwrap()
}

fn root(seed: u64) -> RootKey {
    RootKey::generate(&SeededEntropy::new(seed)).unwrap()
}

fn seal(keyring: &Keyring, domain: Domain, aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
    keyring.seal(domain, &SeededEntropy::new(77), aad, plaintext).unwrap()
}

#[test]
fn a_record_changed_anywhere_is_refused() {
    let (keyring, name) = (keyring(1), b"kms/key/1");
    let sealed = seal(&keyring, Domain::Store, name, b"record");
    assert_eq!(sealed.len(), 6 + OVERHEAD_BYTES);
    assert_eq!(keyring.open(Domain::Store, name, &sealed).unwrap().expose(), b"record");
    for_every_damage(&sealed, |damaged| assert!(keyring.open(Domain::Store, name, damaged).is_err()));
}

#[test]
fn a_record_opens_under_its_own_name_domain_and_keyring_only() {
    let sealed = seal(&keyring(1), Domain::Store, b"a", b"record");
    assert_eq!(keyring(1).open(Domain::Store, b"b", &sealed), Err(OpenError::Unauthentic));
    assert_eq!(keyring(2).open(Domain::Store, b"a", &sealed), Err(OpenError::Unauthentic));
    for domain in Domain::ALL.into_iter().filter(|domain| *domain != Domain::Store) {
        assert_eq!(keyring(1).open(domain, b"a", &sealed), Err(OpenError::Unauthentic));
    }
}

#[test]
fn the_same_key_in_two_domains_would_still_keep_them_apart() {
    let mut keyring = keyring(1);
    keyring.kms = keyring.store.clone();
    let sealed = seal(&keyring, Domain::Store, b"a", b"record");
    assert_eq!(keyring.open(Domain::Kms, b"a", &sealed), Err(OpenError::Unauthentic));
}

#[test]
fn after_a_rotation_the_new_key_seals_and_the_old_ones_open() {
    let (mut rotated, entropy) = (keyring(1), SeededEntropy::new(5));
    let first = seal(&rotated, Domain::Store, b"a", b"first");
    assert_eq!(rotated.rotate(Domain::Store, &entropy), Ok(2));
    let second = seal(&rotated, Domain::Store, b"a", b"second");
    assert_eq!(rotated.rotate(Domain::Store, &entropy), Ok(3));
    let third = seal(&rotated, Domain::Store, b"a", b"third");
    assert_eq!([&first, &second, &third].map(|sealed| Keyring::version_of(sealed)), [Ok(1), Ok(2), Ok(3)]);
    for (sealed, plaintext) in [(&first, &b"first"[..]), (&second, b"second"), (&third, b"third")] {
        assert_eq!(rotated.open(Domain::Store, b"a", sealed).unwrap().expose(), plaintext);
    }
    assert_eq!(keyring(1).open(Domain::Store, b"a", &third), Err(OpenError::UnknownKeyVersion(3)));
    assert_eq!([rotated.newest_version(Domain::Store), rotated.newest_version(Domain::Kms)], [3, 1]);
}

#[test]
fn a_rotation_changes_no_other_domain_and_never_the_names() {
    let (mut rotated, entropy) = (keyring(1), SeededEntropy::new(5));
    let sealed = seal(&rotated, Domain::Kms, b"a", b"key");
    rotated.rotate(Domain::Store, &entropy).unwrap();
    assert_eq!(rotated.open(Domain::Kms, b"a", &sealed).unwrap().expose(), b"key");
    assert_eq!(rotated.rotate(Domain::Names, &entropy), Err(RotateError::NamesKeyIsFixed));
    assert_eq!(rotated.blind(b"alias", b"a"), keyring(1).blind(b"alias", b"a"));
}

#[test]
fn the_versions_of_a_key_are_bounded_and_the_most_can_be_stored() {
    let (mut keyring, entropy) = (keyring(1), SeededEntropy::new(5));
    for version in 2..=KEY_VERSIONS_MAX {
        assert_eq!(keyring.rotate(Domain::Token, &entropy), Ok(u32::try_from(version).unwrap()));
    }
    assert_eq!(keyring.rotate(Domain::Token, &entropy), Err(RotateError::TooManyVersions));
    let sealed = keyring.seal_under(&root(1), &STORE_ID, &entropy).unwrap();
    let again = Keyring::open_under(&root(1), &STORE_ID, &sealed).unwrap();
    assert_eq!(again.newest_version(Domain::Token), 4096);
}

#[test]
fn a_keyring_opens_under_its_own_root_and_for_its_own_store_only() {
    let sealed = keyring(1).seal_under(&root(1), &STORE_ID, &SeededEntropy::new(3)).unwrap();
    assert_eq!(Keyring::open_under(&root(2), &STORE_ID, &sealed).unwrap_err(), OpenError::Unauthentic);
    assert_eq!(Keyring::open_under(&root(1), &[8; 16], &sealed).unwrap_err(), OpenError::Unauthentic);
    for_every_damage(&sealed, |damaged| assert!(Keyring::open_under(&root(1), &STORE_ID, damaged).is_err()));
}

#[test]
fn a_new_root_takes_over_without_touching_what_was_sealed() {
    let (mut before, entropy) = (keyring(1), SeededEntropy::new(3));
    let old_record = seal(&before, Domain::Store, b"a", b"old");
    before.rotate(Domain::Store, &entropy).unwrap();
    let new_record = seal(&before, Domain::Store, b"a", b"new");
    let under_old = before.seal_under(&root(1), &STORE_ID, &entropy).unwrap();

    let opened = Keyring::open_under(&root(1), &STORE_ID, &under_old).unwrap();
    let under_new = opened.seal_under(&root(2), &STORE_ID, &entropy).unwrap();

    assert!(Keyring::open_under(&root(1), &STORE_ID, &under_new).is_err());
    let after = Keyring::open_under(&root(2), &STORE_ID, &under_new).unwrap();
    assert_eq!(after.open(Domain::Store, b"a", &old_record).unwrap().expose(), b"old");
    assert_eq!(after.open(Domain::Store, b"a", &new_record).unwrap().expose(), b"new");
    assert_eq!(after.blind(b"alias", b"x"), before.blind(b"alias", b"x"));
}

#[test]
fn an_authentic_keyring_of_another_shape_is_malformed() {
    let plaintexts: [&[u8]; 5] = [b"", b"\xa0", b"\xa1\x00\x80", b"\xbf\xff", &[0x9b; 64]];
    for plaintext in plaintexts {
        let sealed =
            root(1).key().seal(&SeededEntropy::new(3), Label::Keyring, &[1], &STORE_ID, plaintext).unwrap();
        assert_eq!(Keyring::open_under(&root(1), &STORE_ID, &sealed).unwrap_err(), OpenError::Malformed);
    }
    let mut trailing = keyring(1).encode().unwrap().to_vec();
    assert!(Keyring::decode(&trailing).is_some());
    trailing.push(0);
    assert!(Keyring::decode(&trailing).is_none());
}

#[test]
fn encoding_a_keyring_never_outgrows_its_buffer() {
    let (mut keyring, entropy) = (keyring(1), SeededEntropy::new(5));
    for _ in 0..300 {
        let encoded = keyring.encode().unwrap();
        let keys: usize =
            SEALING.iter().map(|domain| keyring.newest_version(*domain) as usize).sum::<usize>() + 1;
        assert!(encoded.len() <= keys * 34 + Domain::ALL.len() * 8 + 8);
        keyring.rotate(Domain::Kms, &entropy).unwrap();
    }
}

#[test]
fn what_is_unknown_is_named() {
    let keyring = keyring(1);
    let mut sealed = seal(&keyring, Domain::Store, b"a", b"record");
    sealed[0] = 2;
    assert_eq!(keyring.open(Domain::Store, b"a", &sealed), Err(OpenError::UnknownFormat(2)));
    assert_eq!(Keyring::version_of(&sealed), Err(OpenError::UnknownFormat(2)));
    assert_eq!(Keyring::open_under(&root(1), &STORE_ID, &[7]).unwrap_err(), OpenError::UnknownFormat(7));
}

#[test]
fn the_version_zero_is_no_version() {
    let keyring = keyring(1);
    let mut sealed = seal(&keyring, Domain::Store, b"a", b"record");
    sealed[1..5].fill(0);
    assert_eq!(keyring.open(Domain::Store, b"a", &sealed), Err(OpenError::UnknownKeyVersion(0)));
}

#[test]
fn a_blinded_name_depends_on_key_table_and_text_unambiguously() {
    let (one, two) = (keyring(1), keyring(2));
    let mut seen = std::collections::BTreeSet::new();
    for (table, text) in [("alias", "ab"), ("alia", "sab"), ("aliasa", "b"), ("", "aliasab"), ("aliasab", "")]
    {
        assert!(seen.insert(one.blind(table.as_bytes(), text.as_bytes())));
        assert!(seen.insert(two.blind(table.as_bytes(), text.as_bytes())));
        assert_eq!(
            one.blind(table.as_bytes(), text.as_bytes()),
            one.blind(table.as_bytes(), text.as_bytes())
        );
    }
}

#[test]
fn a_blinded_name_is_a_truncated_hmac_sha_256() {
    // RFC 4231, test case 2, shows that the primitive is HMAC-SHA-256.
    let jefe = hmac::Key::new(hmac::HMAC_SHA256, b"Jefe");
    let published = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assert_eq!(hex::encode(hmac::sign(&jefe, b"what do ya want for nothing?")), published);

    let keyring = keyring(1);
    let key = hmac::Key::new(hmac::HMAC_SHA256, keyring.names.secret().expose());
    let tag = hmac::sign(&key, b"alcazar/names/1\0\0\0\0\0\0\0\0\x05aliasalias/app");
    assert_eq!(keyring.blind(b"alias", b"alias/app"), tag.as_ref()[..16]);
}

#[test]
fn nothing_is_sealed_under_the_names_key() {
    let sealed = keyring(1).seal(Domain::Names, &SeededEntropy::new(1), b"", b"");
    assert_eq!(sealed, Err(SealError::NotForSealing));
}

#[test]
fn no_two_keys_of_a_new_keyring_are_equal() {
    let keyring = keyring(1);
    let mut keys: Vec<_> = SEALING.iter().map(|domain| &keyring.versions(*domain).unwrap().newest).collect();
    keys.push(&keyring.names);
    let distinct: std::collections::BTreeSet<_> = keys.iter().map(|key| key.secret().expose()).collect();
    assert_eq!(distinct.len(), Domain::ALL.len());
}

#[test]
fn a_keyring_does_not_show_its_keys() {
    assert_eq!(format!("{:?}", keyring(1)), "Keyring(***)");
}

proptest! {
    #[test]
    fn what_a_domain_seals_it_opens(
        index in 0..SEALING.len(),
        aad in proptest::collection::vec(any::<u8>(), 0..80),
        plaintext in proptest::collection::vec(any::<u8>(), 0..400),
    ) {
        let keyring = keyring(1);
        let sealed = seal(&keyring, SEALING[index], &aad, &plaintext);
        let opened = keyring.open(SEALING[index], &aad, &sealed).unwrap();
        prop_assert_eq!(opened.expose(), &plaintext[..]);
    }

    #[test]
    fn no_bytes_at_all_open_or_panic(sealed in proptest::collection::vec(any::<u8>(), 0..120)) {
        prop_assert!(keyring(1).open(Domain::Store, b"", &sealed).is_err());
        prop_assert!(Keyring::open_under(&root(1), &STORE_ID, &sealed).is_err());
        prop_assert!(Keyring::decode(&sealed).is_none());
    }
}
