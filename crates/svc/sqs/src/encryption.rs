//! Server-side encryption: how the bodies of messages are kept.
//!
//! Whatever a queue says, records are sealed under the store's keys: that is what SSE-SQS promises. With SSE-KMS the body
//! is sealed under a data key of the customer's KMS key beside that. KMS gives data keys to the callers of SQS, whose
//! permissions it asks for; each caller's are used for as long as the queue says, and then forgotten.
//!
//! What always holds: a body stays as it was sealed, whatever becomes of the queue's settings, and in a dead-letter queue
//! too. Nobody reads one for whom KMS has not opened its data key in the last reuse period.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html>,
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html>

use std::collections::BTreeMap;
use std::time::Duration;

use alcazar_api_kms::operation as kms;
use alcazar_api_kms::types::DataKeySpec;
use alcazar_base::{SecretBytes, SecretString, Timestamp};
use alcazar_crypto::DataKey;
use alcazar_engine::{Cx, Delivered, Delivery, DeliveryHandler, Error, Name, NewDelivery, Result};
use minicbor::{Decode, Encode};

use crate::error;
use crate::queue::Queue;

const OWN_KEYS: &str = "sqs.data_key";
const OPENED_KEYS: &str = "sqs.opened_data_key";

/// The kind of delivery that forgets data keys, and its lane.
const FORGET: &str = "forget-data-key";

/// Forgets data keys when their time is over.
pub(crate) const HANDLER: DeliveryHandler =
    DeliveryHandler { kind: FORGET, run: |cx, delivery| Box::pin(forget(cx, delivery)) };

/// The body of a message as its record holds it. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Body {
    /// The text, or what it was sealed into.
    #[n(0)]
    content: SecretBytes,
    /// What it is sealed under, if it is.
    #[n(1)]
    under: Option<Under>,
}

/// What a body is sealed under. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Under {
    /// The data key.
    #[n(0)]
    data_key: EncryptedDataKey,
    /// The id that the message was sent with; one that is moved gets another.
    #[n(1)]
    message_id: String,
}

/// A data key as only KMS opens it. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct EncryptedDataKey {
    /// KMS's ciphertext.
    #[cbor(n(0), with = "minicbor::bytes")]
    ciphertext: Vec<u8>,
    /// The queue in the encryption context: where the message was sent to.
    #[n(1)]
    queue_arn: String,
}

/// A data key that a caller may use for a while. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct UsableDataKey {
    #[n(0)]
    plaintext: SecretBytes,
    #[n(1)]
    encrypted: EncryptedDataKey,
    /// What the queue called the KMS key.
    #[n(2)]
    kms_key_id: Option<String>,
    #[n(3)]
    until: Timestamp,
}

impl UsableDataKey {
    fn key(&self) -> Result<DataKey> {
        DataKey::new(&self.plaintext).ok_or_else(|| Error::invariant("a data key of KMS has another length"))
    }
}

/// Makes the body of a message that is sent to a queue.
///
/// # Errors
/// KMS does not give the caller a data key.
pub(crate) async fn seal(
    cx: &mut Cx<'_>,
    queue: &Queue,
    message_id: &str,
    text: &SecretString,
) -> Result<Body> {
    let Some(kms_key_id) = &queue.settings.encryption.kms_key_id else {
        return Ok(Body { content: SecretBytes::new(text.expose().into()), under: None });
    };
    let data_key = own_key(cx, queue, kms_key_id).await?;
    let sealed = data_key.key()?.seal(cx.entropy(), message_id.as_bytes(), text.expose().as_bytes())?;
    let under = Under { data_key: data_key.encrypted, message_id: message_id.to_owned() };
    Ok(Body { content: SecretBytes::new(sealed), under: Some(under) })
}

/// Reads the body of a message in a queue.
///
/// # Errors
/// KMS does not open the data key for the caller.
pub(crate) async fn open(cx: &mut Cx<'_>, queue: &Queue, body: &Body) -> Result<SecretString> {
    let text = match &body.under {
        None => body.content.clone(),
        Some(Under { data_key, message_id }) => {
            let data_key = opened_key(cx, queue, data_key).await?;
            let opened = data_key.key()?.open(message_id.as_bytes(), body.content.expose());
            opened.map_err(|_| Error::invariant("a message does not open under its data key"))?
        }
    };
    let text = std::str::from_utf8(text.expose());
    let text = text.map_err(|_| Error::invariant("a message is no text"))?;
    Ok(SecretString::from(text.to_owned()))
}

/// The data key that the caller sends with: the one in use, or a new one.
async fn own_key(cx: &mut Cx<'_>, queue: &Queue, kms_key_id: &str) -> Result<UsableDataKey> {
    let name = Name::table(OWN_KEYS).part(&queue.queue_id).blind(&cx.keyring(), &user(cx)).name();
    let in_use = cx.get::<UsableDataKey>(&name).await?;
    if let Some(data_key) =
        in_use.filter(|it| it.until > cx.now() && it.kms_key_id.as_deref() == Some(kms_key_id))
    {
        return Ok((*data_key).clone());
    }
    let queue_arn = queue.arn();
    let generated = cx.invoke::<kms::GenerateDataKey>(
        VIA,
        kms::GenerateDataKeyRequest {
            key_id: key_arn(queue, kms_key_id),
            encryption_context: Some(encryption_context(&queue_arn)),
            key_spec: Some(DataKeySpec::Aes256),
            ..kms::GenerateDataKeyRequest::default()
        },
    );
    let generated = generated.await.map_err(error::of_kms)?;
    let ciphertext = generated.ciphertext_blob.unwrap_or_default();
    let encrypted = EncryptedDataKey { ciphertext, queue_arn };
    // AWS has the data key opened before it is used, so whoever sends needs the permission to do so.
    let plaintext = decrypt(cx, &encrypted).await?;
    if Some(&plaintext) != generated.plaintext.as_ref() {
        return Err(Error::invariant("KMS opened another data key than it gave"));
    }
    keep(
        cx,
        queue,
        name,
        UsableDataKey { plaintext, encrypted, kms_key_id: Some(kms_key_id.to_owned()), until: cx.now() },
    )
}

/// The data key of a message, opened for the caller now or a while ago.
async fn opened_key(cx: &mut Cx<'_>, queue: &Queue, encrypted: &EncryptedDataKey) -> Result<UsableDataKey> {
    let keyring = cx.keyring();
    let opened = Name::table(OPENED_KEYS).part(&queue.queue_id).blind(&keyring, &user(cx));
    let name = opened.blind(&keyring, &hex::encode(&encrypted.ciphertext)).name();
    let in_use = cx.get::<UsableDataKey>(&name).await?;
    if let Some(data_key) = in_use.filter(|data_key| data_key.until > cx.now()) {
        return Ok((*data_key).clone());
    }
    let plaintext = decrypt(cx, encrypted).await?;
    let until = cx.now();
    keep(cx, queue, name, UsableDataKey { plaintext, encrypted: encrypted.clone(), kms_key_id: None, until })
}

/// What KMS calls this service.
const VIA: &str = "sqs";

async fn decrypt(cx: &mut Cx<'_>, encrypted: &EncryptedDataKey) -> Result<SecretBytes> {
    let opened = cx.invoke::<kms::Decrypt>(
        VIA,
        kms::DecryptRequest {
            ciphertext_blob: Some(encrypted.ciphertext.clone()),
            encryption_context: Some(encryption_context(&encrypted.queue_arn)),
            ..kms::DecryptRequest::default()
        },
    );
    let plaintext = opened.await.map_err(error::of_kms)?.plaintext;
    plaintext.ok_or_else(|| Error::invariant("KMS opened a data key without telling it"))
}

/// Keeps a data key for as long as the queue says, and has it forgotten then.
fn keep(cx: &mut Cx<'_>, queue: &Queue, name: Name, mut data_key: UsableDataKey) -> Result<UsableDataKey> {
    let period = Duration::from_secs(queue.settings.encryption.data_key_reuse_seconds.into());
    data_key.until = cx.now() + period;
    cx.deliver(&NewDelivery {
        service: VIA,
        kind: FORGET,
        lane: FORGET,
        in_order: false,
        at: data_key.until,
        payload: name.as_bytes().to_vec(),
    })?;
    cx.put(name, data_key.clone())?;
    Ok(data_key)
}

async fn forget(cx: &mut Cx<'_>, delivery: &Delivery) -> Result<Delivered> {
    let name = Name::from_stored(delivery.payload.clone().into());
    // A newer one may stand there by now.
    if cx.get::<UsableDataKey>(&name).await?.is_some_and(|data_key| data_key.until <= cx.now()) {
        cx.delete(name)?;
    }
    Ok(Delivered::Done)
}

/// For whom data keys are kept: a caller with these credentials, or a service that calls for this resource.
fn user(cx: &Cx<'_>) -> String {
    let (caller, source) = (&cx.call().caller, &cx.call().source);
    let source = source.as_ref().map_or("", |source| source.arn.as_str());
    format!("{} {} {source}", caller.arn(), caller.access_key_id)
}

fn encryption_context(queue_arn: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("aws:sqs:arn".to_owned(), queue_arn.to_owned())])
}

/// The KMS key's ARN: whoever calls, a key that is named without one is the queue owner's.
fn key_arn(queue: &Queue, kms_key_id: &str) -> String {
    if kms_key_id.starts_with("arn:") {
        return kms_key_id.to_owned();
    }
    let kind = if kms_key_id.starts_with("alias/") { "" } else { "key/" };
    let (region, account) = (&queue.region, queue.account);
    format!("arn:{}:kms:{region}:{account}:{kind}{kms_key_id}", region.partition().as_str())
}
