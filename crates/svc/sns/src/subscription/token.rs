//! What it takes to confirm a subscription: a token that only the endpoint is told.
//!
//! A token is the subscription's id and random bytes, in hexadecimal digits; of the random part only a keyed hash is
//! kept.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html>

use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_crypto::{Keyring, entropy};
use alcazar_engine::{Reads, Result};
use minicbor::{Decode, Encode};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

/// How long a token may be used.
const TOKEN_TIME: Duration = Duration::from_secs(2 * 24 * 60 * 60);

/// The length of the random part, in bytes.
const RANDOM_BYTES: usize = 112;

/// The length of a subscription's id, in bytes.
const ID_BYTES: usize = 16;

/// What is kept of a token.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Token {
    #[cbor(n(0), with = "minicbor::bytes")]
    hash: Vec<u8>,
    /// Until when it may be used.
    #[n(1)]
    pub(crate) expires: Timestamp,
}

impl Token {
    /// A new token of a subscription, and its text.
    ///
    /// # Errors
    /// Randomness failed.
    pub(crate) fn new(reads: &Reads<'_>, id: &str) -> Result<(Self, String)> {
        let random = entropy::random::<RANDOM_BYTES>(reads.entropy())?;
        let id = Uuid::parse_str(id).map(Uuid::into_bytes).unwrap_or_default();
        let text = hex::encode([&id[..], &random[..]].concat());
        let token = Self { hash: hash(&reads.keyring(), &text), expires: reads.now() + TOKEN_TIME };
        Ok((token, text))
    }

    /// The id of the subscription that a text is a token of, if it may be one.
    pub(crate) fn subscription_id(text: &str) -> Option<String> {
        let bytes = hex::decode(text).ok().filter(|bytes| bytes.len() == ID_BYTES + RANDOM_BYTES)?;
        let id: [u8; ID_BYTES] = *bytes.first_chunk()?;
        Some(Uuid::from_bytes(id).to_string())
    }

    /// Whether this is the token, and may be used still.
    pub(crate) fn is(&self, keyring: &Keyring, text: &str, now: Timestamp) -> bool {
        bool::from(self.hash.ct_eq(&hash(keyring, text))) && now < self.expires
    }
}

fn hash(keyring: &Keyring, text: &str) -> Vec<u8> {
    keyring.blind(b"sns-token", text.as_bytes()).to_vec()
}
