//! Attestation documents of AWS Nitro Enclaves and of NitroTPM: who receives the answer of a KMS call.
//!
//! A document is a COSE_Sign1 structure (RFC 9052) over a CBOR map, signed by ES384 with a certificate that the map
//! itself brings along, up to a root that the caller trusts.
//! <https://docs.aws.amazon.com/enclaves/latest/user/verify-root.html>, and `docs/attestation_process.md` of AWS's
//! `aws-nitro-enclaves-nsm-api`, section 3.
//!
//! What always holds: whoever has an [`AttestationDocument`] has one whose signature, chain and content were checked.
//! Its age was not: the certificate lives for hours, so whoever wants a fresh one looks at the timestamp. A root is
//! trusted as it is given, whatever its own lifetime says.

use std::collections::BTreeMap;
use std::time::Duration;

use alcazar_base::Timestamp;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED, ParsedPublicKey};
use minicbor::data::Type;
use minicbor::{Decoder, Encoder, decode};
use rustls_pki_types::{CertificateDer, UnixTime};
use thiserror::Error;
use webpki::aws_lc_rs::ECDSA_P384_SHA384;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use crate::rsa::RsaPublicKey;

/// The root of AWS's commercial regions (Root-G1), in DER.
pub const AWS_NITRO_ENCLAVES_ROOT_G1: &[u8] = include_bytes!("attestation/aws_nitro_enclaves_root_g1.der");

/// The longest document that is looked at, in bytes: what KMS takes for one (`AttestationDocumentType`).
pub const DOCUMENT_BYTES_MAX: usize = 262_144;

const PAYLOAD_BYTES_MAX: usize = 16_384;
const CERTIFICATE_BYTES_MAX: usize = 1024;
const USER_DATA_BYTES_MAX: usize = 1024;
/// More than any chain of AWS's has.
const BUNDLE_CERTIFICATES_MAX: usize = 16;
const PCRS_MAX: u8 = 32;
const COSE_SIGN1_TAG: u64 = 18;
const COSE_ALGORITHM: i64 = 1;
const COSE_ES384: i64 = -35;

/// Why a document is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AttestationError {
    /// It is no attestation document, or breaks a rule of its content.
    #[error("the attestation document is malformed")]
    Malformed,
    /// Its certificate has expired, or is not valid yet; or one above it.
    #[error("the attestation document's certificate is not valid at this time")]
    OutsideValidity,
    /// Its certificate is not vouched for by a trusted root.
    #[error("the attestation document's certificate is not trusted")]
    Untrusted,
    /// Its signature is none of its certificate's key.
    #[error("the attestation document's signature does not verify")]
    Signature,
    /// It brings no public key, so nothing can be encrypted for its sender.
    #[error("the attestation document has no public key")]
    MissingPublicKey,
    /// Its public key is no RSA key of 2,048, 3,072 or 4,096 bits.
    #[error("the attestation document's public key is not supported")]
    UnsupportedPublicKey,
}

/// What vouches for the sender: it decides which of KMS's condition keys the measurements stand under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// An AWS Nitro Enclave.
    NitroEnclave,
    /// An instance with NitroTPM.
    NitroTpm,
}

/// What an attestation document says, after every check of it.
#[derive(Debug)]
pub struct AttestationDocument {
    /// What vouches for the sender.
    pub platform: Platform,
    /// The module that issued the document.
    pub module_id: String,
    /// When it was issued.
    pub timestamp: Timestamp,
    /// The digest that the measurements were made with: always `SHA384`.
    pub digest: String,
    /// The measurements, by the number of their register. For an enclave, 0 is the image's.
    pub pcrs: BTreeMap<u8, Vec<u8>>,
    /// The sender's public key, which answers are encrypted for.
    pub public_key: RsaPublicKey,
    /// What the sender had signed along.
    pub user_data: Option<Vec<u8>>,
    /// What the sender was asked to have signed along.
    pub nonce: Option<Vec<u8>>,
}

impl AttestationDocument {
    /// Reads and checks a document: its form, its certificate up to one of `roots` (in DER) at the time `now`, its
    /// signature, and its content.
    ///
    /// # Errors
    /// `AttestationError` for the first check that fails.
    pub fn verify(document: &[u8], roots: &[&[u8]], now: Timestamp) -> Result<Self, AttestationError> {
        let envelope = Sign1::parse(document)?;
        let payload = Payload::parse(envelope.payload)?;
        payload.verify_chain(&envelope, roots, now)?;
        let public_key = payload.public_key.ok_or(AttestationError::MissingPublicKey)?;
        Ok(Self {
            platform: payload.platform.ok_or(AttestationError::Malformed)?,
            module_id: required(payload.module_id)?.to_owned(),
            timestamp: required(payload.timestamp)?,
            digest: required(payload.digest)?.to_owned(),
            pcrs: payload.pcrs,
            public_key: RsaPublicKey::from_spki(public_key).ok_or(AttestationError::UnsupportedPublicKey)?,
            user_data: payload.user_data.map(<[u8]>::to_vec),
            nonce: payload.nonce.map(<[u8]>::to_vec),
        })
    }
}

fn required<T>(field: Option<T>) -> Result<T, AttestationError> {
    field.ok_or(AttestationError::Malformed)
}

/// A COSE_Sign1 structure, with or without its tag.
struct Sign1<'a> {
    protected: &'a [u8],
    payload: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Sign1<'a> {
    fn parse(document: &'a [u8]) -> Result<Self, AttestationError> {
        if document.len() > DOCUMENT_BYTES_MAX {
            return Err(AttestationError::Malformed);
        }
        let envelope = Self::read(document).map_err(|_| AttestationError::Malformed)?;
        let plausible = (1..=PAYLOAD_BYTES_MAX).contains(&envelope.payload.len());
        if plausible { Ok(envelope) } else { Err(AttestationError::Malformed) }
    }

    fn read(document: &'a [u8]) -> Result<Self, decode::Error> {
        let mut decoder = Decoder::new(document);
        if decoder.datatype()? == Type::Tag && decoder.tag()?.as_u64() != COSE_SIGN1_TAG {
            return Err(decode::Error::message("another tag"));
        }
        if decoder.array()? != Some(4) {
            return Err(decode::Error::message("no array of four"));
        }
        let protected = decoder.bytes()?;
        if decoder.map()? != Some(0) {
            return Err(decode::Error::message("unprotected headers"));
        }
        let (payload, signature) = (decoder.bytes()?, decoder.bytes()?);
        let mut header = Decoder::new(protected);
        let is_es384 =
            header.map()? == Some(1) && header.i64()? == COSE_ALGORITHM && header.i64()? == COSE_ES384;
        if !is_es384 || !at_end(&header) || !at_end(&decoder) {
            return Err(decode::Error::message("another algorithm, or something behind the structure"));
        }
        Ok(Self { protected, payload, signature })
    }

    /// What is signed (RFC 9052, section 4.4).
    fn to_be_signed(&self) -> Result<Vec<u8>, AttestationError> {
        let mut bytes = Vec::with_capacity(self.payload.len() + self.protected.len() + 32);
        Encoder::new(&mut bytes)
            .array(4)
            .and_then(|encoder| encoder.str("Signature1"))
            .and_then(|encoder| encoder.bytes(self.protected))
            .and_then(|encoder| encoder.bytes(b""))
            .and_then(|encoder| encoder.bytes(self.payload))
            .map_err(|_| AttestationError::Malformed)?;
        Ok(bytes)
    }
}

fn at_end(decoder: &Decoder<'_>) -> bool {
    decoder.position() == decoder.input().len()
}

/// The map that is signed, as it came; of a field that must be there, `None` means that it is not.
#[derive(Default)]
struct Payload<'a> {
    platform: Option<Platform>,
    module_id: Option<&'a str>,
    timestamp: Option<Timestamp>,
    digest: Option<&'a str>,
    pcrs: BTreeMap<u8, Vec<u8>>,
    certificate: Option<&'a [u8]>,
    bundle: Vec<CertificateDer<'a>>,
    public_key: Option<&'a [u8]>,
    user_data: Option<&'a [u8]>,
    nonce: Option<&'a [u8]>,
}

impl<'a> Payload<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, AttestationError> {
        Self::read(bytes).map_err(|_| AttestationError::Malformed)
    }

    fn read(bytes: &'a [u8]) -> Result<Self, decode::Error> {
        let mut payload = Self::default();
        let mut decoder = Decoder::new(bytes);
        let mut left = decoder.map()?;
        while more(&mut decoder, &mut left)? {
            let field = decoder.str()?;
            payload.read_field(field, &mut decoder)?;
        }
        if !at_end(&decoder) {
            return Err(decode::Error::message("something behind the map"));
        }
        Ok(payload)
    }

    fn read_field(&mut self, field: &str, decoder: &mut Decoder<'a>) -> Result<(), decode::Error> {
        match field {
            "module_id" => {
                let text = decoder.str()?;
                set(&mut self.module_id, Some(text).filter(|text| !text.is_empty()))
            }
            "digest" => {
                let text = decoder.str()?;
                set(&mut self.digest, Some(text).filter(|text| *text == "SHA384"))
            }
            "timestamp" => {
                let milliseconds = i64::try_from(decoder.u64()?).ok().filter(|time| *time > 0);
                set(&mut self.timestamp, milliseconds.map(Timestamp::from_millis))
            }
            "pcrs" => self.read_pcrs(Platform::NitroEnclave, decoder),
            "nitrotpm_pcrs" => self.read_pcrs(Platform::NitroTpm, decoder),
            "certificate" => set(&mut self.certificate, Some(sized(decoder, 1, CERTIFICATE_BYTES_MAX)?)),
            "cabundle" => self.read_bundle(decoder),
            "public_key" => optional(&mut self.public_key, decoder, 1),
            "user_data" => optional(&mut self.user_data, decoder, 0),
            "nonce" => optional(&mut self.nonce, decoder, 0),
            _ => Err(decode::Error::message("an unknown field")),
        }
    }

    fn read_pcrs(&mut self, platform: Platform, decoder: &mut Decoder<'a>) -> Result<(), decode::Error> {
        let mut left = decoder.map()?;
        while more(decoder, &mut left)? {
            let index = decoder.u8()?;
            let value = decoder.bytes()?;
            let valid = index < PCRS_MAX && matches!(value.len(), 32 | 48 | 64);
            if !valid || self.pcrs.insert(index, value.to_vec()).is_some() {
                return Err(decode::Error::message("no register"));
            }
        }
        set(&mut self.platform, Some(platform).filter(|_| !self.pcrs.is_empty()))
    }

    fn read_bundle(&mut self, decoder: &mut Decoder<'a>) -> Result<(), decode::Error> {
        let mut left = decoder.array()?;
        while more(decoder, &mut left)? {
            if self.bundle.len() == BUNDLE_CERTIFICATES_MAX {
                return Err(decode::Error::message("too many certificates"));
            }
            self.bundle.push(sized(decoder, 1, CERTIFICATE_BYTES_MAX)?.into());
        }
        if self.bundle.is_empty() { Err(decode::Error::message("no certificates")) } else { Ok(()) }
    }

    /// Checks the certificate up to a trusted root, and the signature by its key.
    fn verify_chain(
        &self,
        envelope: &Sign1<'_>,
        roots: &[&[u8]],
        now: Timestamp,
    ) -> Result<(), AttestationError> {
        let certificate = CertificateDer::from(required(self.certificate)?);
        let leaf = EndEntityCert::try_from(&certificate).map_err(|_| AttestationError::Malformed)?;
        let roots: Vec<CertificateDer<'_>> = roots.iter().map(|root| (*root).into()).collect();
        let anchors: Vec<_> = roots.iter().filter_map(|root| anchor_from_trusted_cert(root).ok()).collect();
        let seconds = u64::try_from(now.as_secs()).map_err(|_| AttestationError::OutsideValidity)?;
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        // The certificates name no extended usage; one that does has to name this.
        let usage = KeyUsage::client_auth();
        leaf.verify_for_usage(&[ECDSA_P384_SHA384], &anchors, &self.bundle, now, usage, None, None).map_err(
            |error| match error {
                webpki::Error::CertExpired { .. } | webpki::Error::CertNotValidYet { .. } => {
                    AttestationError::OutsideValidity
                }
                _ => AttestationError::Untrusted,
            },
        )?;
        let key = leaf.subject_public_key_info();
        ParsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, key.as_ref())
            .map_err(|_| AttestationError::Untrusted)?
            .verify_sig(&envelope.to_be_signed()?, envelope.signature)
            .map_err(|_| AttestationError::Signature)
    }
}

/// Whether a map or array has another entry; `left` counts them, or is `None` where a break ends them.
fn more(decoder: &mut Decoder<'_>, left: &mut Option<u64>) -> Result<bool, decode::Error> {
    match left {
        Some(0) => Ok(false),
        Some(left) => {
            *left -= 1;
            Ok(true)
        }
        None if decoder.datatype()? == Type::Break => {
            decoder.skip()?;
            Ok(false)
        }
        None => Ok(true),
    }
}

/// Puts a field in its place; it must be valid, and not have been there.
fn set<T>(place: &mut Option<T>, value: Option<T>) -> Result<(), decode::Error> {
    if value.is_none() || place.is_some() {
        return Err(decode::Error::message("an invalid or repeated field"));
    }
    *place = value;
    Ok(())
}

fn sized<'a>(decoder: &mut Decoder<'a>, min: usize, max: usize) -> Result<&'a [u8], decode::Error> {
    let bytes = decoder.bytes()?;
    if (min..=max).contains(&bytes.len()) { Ok(bytes) } else { Err(decode::Error::message("a wrong length")) }
}

/// A field that may be missing; AWS writes null for one that is.
fn optional<'a>(
    place: &mut Option<&'a [u8]>,
    decoder: &mut Decoder<'a>,
    min: usize,
) -> Result<(), decode::Error> {
    if decoder.datatype()? == Type::Null {
        return decoder.null();
    }
    set(place, Some(sized(decoder, min, USER_DATA_BYTES_MAX)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rsa::RsaKey;
    use crate::spec::KeySpec;
    use aws_lc_rs::digest;
    use proptest::prelude::*;

    /// What `testdata/attestation/make.py` made.
    macro_rules! fixture {
        ($name:literal) => {
            include_bytes!(concat!("../testdata/attestation/", $name)).as_slice()
        };
    }

    const ENCLAVE: &[u8] = fixture!("enclave.cose");
    const ROOT: &[u8] = fixture!("root.der");

    /// 2026-01-01, in seconds.
    const START: i64 = 1_767_225_600;
    const NOW: Timestamp = Timestamp::from_secs(START + 120);

    fn verify(document: &[u8]) -> Result<AttestationDocument, AttestationError> {
        AttestationDocument::verify(document, &[AWS_NITRO_ENCLAVES_ROOT_G1, ROOT], NOW)
    }

    #[test]
    fn the_root_is_the_one_that_aws_publishes() {
        let fingerprint = digest::digest(&digest::SHA256, AWS_NITRO_ENCLAVES_ROOT_G1);
        assert_eq!(
            hex::encode(fingerprint),
            "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b"
        );
        assert!(anchor_from_trusted_cert(&AWS_NITRO_ENCLAVES_ROOT_G1.into()).is_ok());
    }

    #[test]
    fn a_document_says_what_was_put_into_it() {
        let document = verify(ENCLAVE).unwrap();
        assert_eq!(document.platform, Platform::NitroEnclave);
        assert_eq!(document.module_id, "i-0123456789abcdef0-enc0123456789abcdef");
        assert_eq!(document.timestamp, Timestamp::from_secs(START + 60));
        assert_eq!(document.digest, "SHA384");
        assert_eq!(document.pcrs.len(), 16);
        for (index, value) in &document.pcrs {
            assert_eq!(value, digest::digest(&digest::SHA384, &[*index]).as_ref());
        }
        let recipient = RsaKey::from_pkcs8(KeySpec::Rsa2048, fixture!("recipient.pkcs8")).unwrap();
        assert_eq!(document.public_key.spki(), recipient.public().spki());
        assert_eq!(document.user_data.as_deref(), Some(&b"user data"[..]));
        assert_eq!(document.nonce, None);
    }

    #[test]
    fn a_document_of_nitro_tpm_is_told_apart() {
        let document = verify(fixture!("tpm.cose")).unwrap();
        assert_eq!(document.platform, Platform::NitroTpm);
        assert_eq!(document.pcrs.len(), 16);
    }

    #[test]
    fn the_tag_of_the_structure_may_be_there() {
        assert!(verify(&[&[0xd2], ENCLAVE].concat()).is_ok());
        assert_eq!(verify(&[&[0xd1], ENCLAVE].concat()).unwrap_err(), AttestationError::Malformed);
    }

    #[test]
    fn a_document_changed_anywhere_is_refused() {
        let mut damaged = ENCLAVE.to_vec();
        for index in 0..damaged.len() {
            let bit = 1 << (index % 8);
            damaged[index] ^= bit;
            assert!(verify(&damaged).is_err(), "byte {index}");
            damaged[index] ^= bit;
        }
        for length in 0..damaged.len() {
            assert!(verify(&damaged[..length]).is_err(), "{length} bytes");
        }
        damaged.push(0);
        assert_eq!(verify(&damaged).unwrap_err(), AttestationError::Malformed);
    }

    #[test]
    fn the_certificate_is_believed_in_its_time_alone() {
        let at = |seconds| AttestationDocument::verify(ENCLAVE, &[ROOT], Timestamp::from_secs(seconds));
        assert!(at(START).is_ok());
        assert!(at(START + 3 * 3600).is_ok());
        for seconds in [-1, 0, START - 1, START + 3 * 3600 + 1, START + 20 * 365 * 86_400] {
            assert_eq!(at(seconds).unwrap_err(), AttestationError::OutsideValidity, "{seconds}");
        }
    }

    #[test]
    fn a_chain_to_another_root_or_through_a_leaf_is_not_trusted() {
        for roots in [&[][..], &[AWS_NITRO_ENCLAVES_ROOT_G1], &[b"no certificate"]] {
            let verified = AttestationDocument::verify(ENCLAVE, roots, NOW);
            assert_eq!(verified.unwrap_err(), AttestationError::Untrusted);
        }
        assert_eq!(verify(fixture!("signed_by_leaf.cose")).unwrap_err(), AttestationError::Untrusted);
    }

    #[test]
    fn a_document_must_bring_an_rsa_key_that_is_long_enough() {
        let without = verify(fixture!("without_public_key.cose"));
        assert_eq!(without.unwrap_err(), AttestationError::MissingPublicKey);
        let short = verify(fixture!("short_public_key.cose"));
        assert_eq!(short.unwrap_err(), AttestationError::UnsupportedPublicKey);
    }

    #[test]
    fn content_that_breaks_a_rule_is_malformed() {
        for document in [fixture!("without_pcrs.cose"), fixture!("another_digest.cose"), b"", &[0xd2]] {
            assert_eq!(verify(document).unwrap_err(), AttestationError::Malformed);
        }
        assert_eq!(verify(&vec![0; DOCUMENT_BYTES_MAX + 1]).unwrap_err(), AttestationError::Malformed);
    }

    proptest! {
        #[test]
        fn no_bytes_at_all_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(verify(&bytes).is_err());
            let _ = Payload::parse(&bytes);
        }
    }
}
