//! Recipients: callers that prove by an attestation document what they run, and get their answer encrypted for
//! themselves alone.
//!
//! A document is believed if a root of AWS's own vouches for it, or one that the operator trusts beside it.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/cryptographic-attestation.html>

use alcazar_api_kms::types::RecipientInfo;
use alcazar_base::SecretBytes;
use alcazar_crypto::attestation::{AWS_NITRO_ENCLAVES_ROOT_G1, AttestationDocument, Platform};
use alcazar_crypto::cms::encrypt_for_recipient;
use alcazar_engine::{Check, Cx, Error, Reads, Result};

use crate::error::encryption as error;

/// The register that holds the measurement of an enclave's image.
const IMAGE_REGISTER: u8 = 0;

/// A recipient whose document was verified.
#[derive(Debug)]
pub struct Recipient(AttestationDocument);

/// What an operation touches, and whom its answer is for.
#[derive(Debug)]
pub struct For<T> {
    /// What is touched.
    pub target: T,
    /// Whom the answer is for, if not the caller as such.
    pub recipient: Option<Recipient>,
}

/// A secret as an answer carries it: in the clear, or for its recipient.
pub(crate) struct Answer {
    /// In the clear.
    pub plaintext: Option<SecretBytes>,
    /// Encrypted for the recipient.
    pub for_recipient: Option<Vec<u8>>,
}

impl Recipient {
    /// Verifies the document of a request, if it brings one.
    ///
    /// # Errors
    /// The document is not believed, or brings no key to encrypt for.
    pub(crate) async fn verify(reads: &Reads<'_>, info: Option<&RecipientInfo>) -> Result<Option<Self>> {
        let Some(info) = info else { return Ok(None) };
        let document = info.attestation_document.clone();
        let document = document.ok_or_else(|| error::recipient_member_missing("AttestationDocument"))?;
        if info.key_encryption_algorithm.is_none() {
            return Err(error::recipient_member_missing("KeyEncryptionAlgorithm").into());
        }
        let (own_roots, now) = (reads.attestation_roots(), reads.now());
        // A chain of certificates on P-384 takes milliseconds.
        let verified = reads.offload(move |_| {
            let roots: Vec<&[u8]> =
                [AWS_NITRO_ENCLAVES_ROOT_G1].into_iter().chain(own_roots.iter().map(Vec::as_slice)).collect();
            AttestationDocument::verify(&document, &roots, now)
        });
        let verified = verified.await?;
        Ok(Some(Self(verified.map_err(|error| error::invalid_attestation_document(&error.to_string()))?)))
    }

    /// The condition keys that say what the recipient runs.
    ///
    /// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-attestation.html>
    fn add_to(&self, check: &mut Check) {
        for (register, measurement) in &self.0.pcrs {
            let measurement = hex::encode(measurement);
            match self.0.platform {
                Platform::NitroEnclave => {
                    if *register == IMAGE_REGISTER {
                        check.context.insert("kms:RecipientAttestation:ImageSha384", measurement.clone());
                    }
                    check.context.insert(format!("kms:RecipientAttestation:PCR{register}"), measurement);
                }
                Platform::NitroTpm => {
                    let name = format!("kms:RecipientAttestation:NitroTPMPCR{register}");
                    check.context.insert(name, measurement);
                }
            }
        }
    }
}

impl<T> For<T> {
    /// `check`, with the condition keys of the recipient.
    pub(crate) fn check(&self, mut check: Check) -> Check {
        if let Some(recipient) = &self.recipient {
            recipient.add_to(&mut check);
        }
        check
    }

    /// What of a secret is answered.
    ///
    /// # Errors
    /// It cannot be encrypted for the recipient.
    pub(crate) fn answer(&self, cx: &Cx<'_>, secret: SecretBytes) -> Result<Answer> {
        let Some(recipient) = &self.recipient else {
            return Ok(Answer { plaintext: Some(secret), for_recipient: None });
        };
        let sealed = encrypt_for_recipient(&recipient.0.public_key, &secret, cx.entropy())
            .map_err(|error| Error::invariant(format!("nothing encrypted for a recipient: {error}")))?;
        Ok(Answer { plaintext: None, for_recipient: Some(sealed) })
    }

    /// The id of the key material, which answers for recipients leave out.
    pub(crate) fn key_material_id(&self, id: Option<String>) -> Option<String> {
        id.filter(|_| self.recipient.is_none())
    }
}
