//! What the cryptographic operations have in common.
//!
//! When one has succeeded it says what it used, by [`usage::used`](crate::usage::used) or its kin, right before it
//! answers: that is the key's last use, and what it costs.

use std::collections::BTreeMap;

use alcazar_api_kms::types::{DryRunModifierType, EncryptionAlgorithmSpec, RecipientInfo};
use alcazar_base::SecretBytes;
use alcazar_engine::{Cx, Error, Result};

use crate::error;
use crate::target::Target;

/// Encrypts under the target's current material.
///
/// # Errors
/// The material does not unwrap, or randomness failed.
pub(crate) fn encrypt(
    cx: &Cx<'_>,
    target: &Target,
    context: Option<&BTreeMap<String, String>>,
    plaintext: &[u8],
) -> Result<Vec<u8>> {
    let key = &target.key;
    let material = target.material(cx)?.symmetric();
    let backing_key = material.ok_or_else(|| Error::invariant("a symmetric key without such material"))?;
    Ok(backing_key.encrypt(cx.entropy(), key.crypto_id()?, context.unwrap_or(&BTreeMap::new()), plaintext)?)
}

/// Random bytes.
///
/// # Errors
/// Randomness failed.
pub(crate) fn random_bytes(cx: &Cx<'_>, count: i32) -> Result<SecretBytes> {
    let count = usize::try_from(count).map_err(|_| Error::invariant("a negative number of bytes"))?;
    let mut bytes = vec![0; count];
    cx.entropy().fill(&mut bytes)?;
    Ok(bytes.into())
}

/// Passes if the algorithm is the one that symmetric keys have.
///
/// # Errors
/// It is another one.
pub(crate) fn check_algorithm(algorithm: Option<EncryptionAlgorithmSpec>) -> Result<()> {
    match algorithm {
        None | Some(EncryptionAlgorithmSpec::SymmetricDefault) => Ok(()),
        Some(other) => Err(error::incompatible_algorithm(other.as_str(), "SYMMETRIC_DEFAULT").into()),
    }
}

/// Ends a rehearsal, with the error that says that all went well.
///
/// # Errors
/// `DryRunOperationException` if it is one.
pub(crate) fn rehearsal(dry_run: Option<bool>) -> Result<()> {
    if dry_run == Some(true) { Err(error::dry_run().into()) } else { Ok(()) }
}

/// Answers for an enclave are sealed to its attestation document, which only AWS Nitro hardware can make.
///
/// # Errors
/// There is a recipient.
pub(crate) fn no_recipient(recipient: Option<&RecipientInfo>) -> Result<()> {
    match recipient {
        Some(_) => Err(error::unsupported("The Recipient parameter is not supported.").into()),
        None => Ok(()),
    }
}

/// Dry runs without a ciphertext are not offered here.
///
/// # Errors
/// There are modifiers.
pub(crate) fn no_dry_run_modifiers(modifiers: Option<&[DryRunModifierType]>) -> Result<()> {
    match modifiers {
        Some([_, ..]) => Err(error::unsupported("The DryRunModifiers parameter is not supported.").into()),
        _ => Ok(()),
    }
}
