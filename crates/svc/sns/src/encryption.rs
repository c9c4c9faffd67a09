//! Encryption of messages while they wait, under data keys of the topic's KMS key.
//!
//! A publisher's call brings a data key of its own, which KMS gives for the publisher and decrypts for the publisher
//! again when the message goes out: so a key that is disabled or withdrawn meanwhile holds the message back.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html>

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alcazar_api_kms::operation::{Decrypt, DecryptRequest, GenerateDataKey, GenerateDataKeyRequest};
use alcazar_api_kms::types::DataKeySpec;
use alcazar_base::{Region, SecretBytes, Timestamp};
use alcazar_crypto::DataKey;
use alcazar_engine::{Cx, Error, Forwarded, Result};
use lru::LruCache;

use crate::error;
use crate::message::Encrypted;
use crate::topic::Topic;

/// The service by which KMS is asked.
const VIA: &str = "sns";

/// How many data keys are kept while their messages go out.
const KEYS_MAX: NonZeroUsize = match NonZeroUsize::new(1024) {
    Some(most) => most,
    None => NonZeroUsize::MIN,
};

/// A data key, and since when it is known.
type Known = (Timestamp, Arc<DataKey>);

/// Data keys in use within one node, for a moment: a message has many subscriptions.
pub(crate) struct Keys(Mutex<LruCache<Vec<u8>, Known>>);

/// How long a data key is used again before KMS is asked anew, as AWS has it.
///
/// Source: <https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html>
const REUSED: Duration = Duration::from_secs(5 * 60);

impl Default for Keys {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEYS_MAX)))
    }
}

/// A data key of one call.
pub(crate) struct Sealing {
    key: Arc<DataKey>,
    data_key: Vec<u8>,
    publisher: Forwarded,
}

fn context(topic_arn: &str) -> Option<BTreeMap<String, String>> {
    Some(BTreeMap::from([("aws:sns:topicArn".to_owned(), topic_arn.to_owned())]))
}

impl Sealing {
    /// A data key for the caller's messages, if the topic wants them encrypted.
    ///
    /// # Errors
    /// KMS refuses it, told in SNS's codes.
    pub(crate) async fn begin(cx: &mut Cx<'_>, topic: &Topic) -> Result<Option<Self>> {
        let Some(key_id) = &topic.kms_master_key_id else { return Ok(None) };
        let request = GenerateDataKeyRequest {
            key_id: key_id.clone(),
            encryption_context: context(&topic.arn().to_string()),
            key_spec: Some(DataKeySpec::Aes256),
            ..GenerateDataKeyRequest::default()
        };
        let answer = cx.invoke::<GenerateDataKey>(VIA, request).await.map_err(refused)?;
        let (Some(plaintext), Some(data_key)) = (answer.plaintext, answer.ciphertext_blob) else {
            return Err(Error::invariant("KMS gave no data key"));
        };
        let publisher = cx.call().forwarded();
        Ok(Some(Self { key: Arc::new(opened(&plaintext)?), data_key, publisher }))
    }

    /// Encrypts the text of a message.
    ///
    /// # Errors
    /// Randomness failed.
    pub(crate) fn seal(&self, cx: &Cx<'_>, message_id: &str, text: &str) -> Result<Encrypted> {
        let (aad, text) = (message_id.as_bytes(), text.as_bytes());
        let ciphertext = self.key.seal(cx.entropy(), aad, text)?;
        Ok(Encrypted { ciphertext, data_key: self.data_key.clone(), publisher: self.publisher.clone() })
    }
}

/// Decrypts the text of a message of this region, on its publisher's behalf.
///
/// # Errors
/// KMS refuses it.
pub(crate) async fn open(
    cx: &mut Cx<'_>,
    region: &Region,
    topic_arn: &str,
    message_id: &str,
    body: &Encrypted,
) -> Result<String> {
    let keys = cx.state::<Keys>();
    let known = {
        let mut keys = keys.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(&body.data_key).filter(|(since, _)| cx.now() < *since + REUSED).map(|(_, key)| key.clone())
    };
    let key = match known {
        Some(key) => key,
        None => {
            let request = DecryptRequest {
                ciphertext_blob: Some(body.data_key.clone()),
                encryption_context: context(topic_arn),
                ..DecryptRequest::default()
            };
            let answer = cx.invoke_forwarded::<Decrypt>(&body.publisher, VIA, region, request).await?;
            let plaintext = answer.plaintext.ok_or_else(|| Error::invariant("KMS gave no plaintext"))?;
            let key = Arc::new(opened(&plaintext)?);
            let mut keys = keys.0.lock().unwrap_or_else(PoisonError::into_inner);
            keys.put(body.data_key.clone(), (cx.now(), key.clone()));
            key
        }
    };
    let text = key.open(message_id.as_bytes(), &body.ciphertext);
    let text = text.map_err(|error| Error::invariant(format!("a message does not open: {error}")))?;
    let text = std::str::from_utf8(text.expose());
    text.map(str::to_owned).map_err(|_| Error::invariant("a message is no text"))
}

fn opened(plaintext: &SecretBytes) -> Result<DataKey> {
    DataKey::new(plaintext).ok_or_else(|| Error::invariant("a data key is of another length"))
}

fn refused(error: Error) -> Error {
    match error {
        Error::Api(error) => error::kms::of(error).into(),
        error => error,
    }
}
