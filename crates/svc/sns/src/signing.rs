//! The key that messages are signed with, and its certificate, which everyone may ask for.
//!
//! A server has one RSA key pair, made when the first message is signed and kept as a sealed record. AWS's certificates
//! are issued by Amazon for `sns.amazonaws.com`; this one is signed by itself for the same name, and served at a path of
//! the same form. A client that insists on AWS's host finds it only where that name leads here.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alcazar_base::{SecretBytes, Timestamp};
use alcazar_crypto::algorithm::SigningAlgorithm;
use alcazar_crypto::rsa_sha1::RsaSha1Key;
use alcazar_crypto::{BackingKeyId, Entropy, KeyMaterial, KeySpec, Message, entropy, signing};
use alcazar_engine::document::{Document, DocumentHandler};
use alcazar_engine::{Cx, Error, Name, Reads, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minicbor::{Decode, Encode};
use rcgen::{CertificateParams, DnType, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, SerialNumber};
use rustls_pki_types::PrivatePkcs8KeyDer;
use time::OffsetDateTime;
use zeroize::Zeroize as _;

use crate::message::SignatureVersion;

/// What the paths of certificates begin with, and end with.
const PATH_PREFIX: &str = "/SimpleNotificationService-";
const PATH_SUFFIX: &str = ".pem";

/// What those wait for who need the key before there is one.
const LOCK: &str = "sns/signing-key";

/// Whom the certificate is for.
const SUBJECT: &str = "sns.amazonaws.com";

/// How long the certificate is valid: clocks of verifiers may be behind, and servers live long.
const BACKDATED: Duration = Duration::from_secs(24 * 60 * 60);
const VALID: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// The certificate's document.
pub(crate) const DOCUMENT: DocumentHandler =
    DocumentHandler { prefix: PATH_PREFIX, find: |reads, rest| Box::pin(certificate(reads, rest)) };

/// The key pair as it is stored.
#[derive(Clone, Encode, Decode)]
struct Stored {
    /// What the certificate is found by.
    #[n(0)]
    id: String,
    #[cbor(n(1), with = "minicbor::bytes")]
    pkcs8: Vec<u8>,
    /// The certificate, in PEM.
    #[n(2)]
    certificate: String,
}

impl Drop for Stored {
    fn drop(&mut self) {
        self.pkcs8.zeroize();
    }
}

/// The key pair, ready to sign.
struct Ready {
    id: String,
    material: KeyMaterial,
    legacy: RsaSha1Key,
}

/// The key pair of this node, once it was read.
#[derive(Default)]
pub(crate) struct Known(Mutex<Option<Arc<Ready>>>);

/// A signature, as messages say it.
pub(crate) struct Signature {
    pub(crate) version: SignatureVersion,
    /// In base64.
    pub(crate) text: String,
    /// The path of the certificate.
    pub(crate) certificate: String,
}

fn record() -> Name {
    Name::table("sns-signing-key").name()
}

/// Signs a text.
///
/// # Errors
/// Randomness or the library failed.
pub(crate) async fn sign(cx: &mut Cx<'_>, version: SignatureVersion, text: String) -> Result<Signature> {
    let key = ready(cx).await?;
    let certificate = format!("{PATH_PREFIX}{}{PATH_SUFFIX}", key.id);
    let signed = cx
        .offload(move |entropy| match version {
            SignatureVersion::One => key.legacy.sign(entropy, text.as_bytes()),
            SignatureVersion::Two => {
                let message = Message::Raw(text.as_bytes());
                signing::sign(&key.material, SigningAlgorithm::RsassaPkcs1V15Sha256, message, entropy)
            }
        })
        .await?;
    let signed = signed.map_err(|error| Error::invariant(format!("a message is not signed: {error}")))?;
    Ok(Signature { version, text: STANDARD.encode(signed), certificate })
}

async fn ready(cx: &mut Cx<'_>) -> Result<Arc<Ready>> {
    let known = cx.state::<Known>();
    let found = known.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(ready) = found {
        return Ok(ready);
    }
    let stored = match cx.get::<Stored>(&record()).await? {
        Some(stored) => stored,
        None => {
            // Making one takes long enough that nobody should do it in vain.
            cx.lock([LOCK.to_owned()])?;
            let now = cx.now();
            let made = cx.offload(move |entropy| make(entropy, now)).await??;
            cx.put(record(), made.clone())?;
            // Only what is committed is remembered: two may make one at the same time.
            return read(&made);
        }
    };
    let ready = read(&stored)?;
    *known.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(ready.clone());
    Ok(ready)
}

fn read(stored: &Stored) -> Result<Arc<Ready>> {
    let pkcs8 = SecretBytes::new(stored.pkcs8.clone());
    let bad = || Error::invariant("the key that messages are signed with cannot be read");
    let legacy = RsaSha1Key::from_pkcs8(&pkcs8).ok_or_else(bad)?;
    let id = BackingKeyId([0; 16]);
    let material = KeyMaterial::import(KeySpec::Rsa2048, id, pkcs8.expose()).map_err(|_| bad())?;
    Ok(Arc::new(Ready { id: stored.id.clone(), material, legacy }))
}

fn make(entropy: &dyn Entropy, now: Timestamp) -> Result<Stored> {
    let failed = |what: &str| Error::invariant(format!("no key to sign messages with: {what}"));
    let material =
        KeyMaterial::generate(KeySpec::Rsa2048, entropy).map_err(|error| failed(&error.to_string()))?;
    let pkcs8 = material.to_pkcs8().ok_or_else(|| failed("it has no form to be stored in"))?;
    let id: [u8; 16] = entropy::random(entropy)?;
    let serial: [u8; 16] = entropy::random(entropy)?;
    let certificate = self_signed(&pkcs8, serial, now).map_err(|error| failed(&error.to_string()))?;
    Ok(Stored { id: hex::encode(id), pkcs8: pkcs8.expose().to_vec(), certificate })
}

fn self_signed(
    pkcs8: &SecretBytes,
    mut serial: [u8; 16],
    now: Timestamp,
) -> std::result::Result<String, rcgen::Error> {
    let key =
        KeyPair::from_pkcs8_der_and_sign_algo(&PrivatePkcs8KeyDer::from(pkcs8.expose()), &PKCS_RSA_SHA256)?;
    let mut certificate = CertificateParams::new(vec![SUBJECT.to_owned()])?;
    certificate.distinguished_name.push(DnType::CommonName, SUBJECT);
    certificate.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    // Serial numbers are positive.
    if let Some(first) = serial.first_mut() {
        *first = (*first & 0x7f) | 0x40;
    }
    certificate.serial_number = Some(SerialNumber::from_slice(&serial));
    certificate.not_before = date(now) - BACKDATED;
    certificate.not_after = date(now) + VALID;
    Ok(certificate.self_signed(&key)?.pem())
}

fn date(at: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.as_secs()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

async fn certificate(reads: &mut Reads<'_>, rest: &str) -> Result<Option<Document>> {
    let Some(id) = rest.strip_suffix(PATH_SUFFIX) else { return Ok(None) };
    let stored = reads.get::<Stored>(&record()).await?.filter(|stored| stored.id == id);
    Ok(stored.map(|stored| Document {
        content_type: "application/x-x509-ca-cert",
        bytes: stored.certificate.clone().into_bytes(),
    }))
}
