//! What Sign and Verify have in common: which key, algorithm and type of message go together.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html>

use alcazar_api_kms::types::{MessageType, SigningAlgorithmSpec};
use alcazar_crypto::{Family, KeySpec, KeyUsage, Message, SignError, SigningAlgorithm};
use alcazar_engine::{CallInfo, Check, Error, Result};

use crate::target::Target;
use crate::{access, error};

/// The question whether the caller may sign, or verify.
#[must_use]
pub(crate) fn check(
    call: &CallInfo,
    action: &'static str,
    target: &Target,
    algorithm: SigningAlgorithmSpec,
    message_type: Option<MessageType>,
) -> Check {
    let mut check = access::key_check(call, action, target);
    if call.needs_context(check.owner, &check.rule) {
        check.context.insert("kms:SigningAlgorithm", algorithm.as_str());
        check.context.insert("kms:MessageType", message_type.unwrap_or(MessageType::Raw).as_str());
    }
    check
}

/// The algorithm, if `target` can sign such messages with it now.
///
/// # Errors
/// The key cannot be used, not for this, or not with this algorithm or type of message.
pub(crate) fn algorithm(
    target: &Target,
    operation: &str,
    algorithm: SigningAlgorithmSpec,
    message_type: Option<MessageType>,
) -> Result<SigningAlgorithm> {
    target.usable_for(KeyUsage::SignVerify, operation)?;
    let (spec, name) = (target.key.spec, algorithm.as_str());
    let known = SigningAlgorithm::from_name(name)
        .filter(|algorithm| SigningAlgorithm::of(spec, target.key.usage).contains(algorithm));
    let algorithm = known.ok_or_else(|| error::incompatible_algorithm(name, spec.as_str()))?;
    check_message_type(spec, algorithm, message_type.unwrap_or(MessageType::Raw))?;
    Ok(algorithm)
}

fn check_message_type(spec: KeySpec, algorithm: SigningAlgorithm, message_type: MessageType) -> Result<()> {
    let taken = match algorithm {
        SigningAlgorithm::Ed25519Sha512 => &[MessageType::Raw][..],
        SigningAlgorithm::Ed25519PhSha512 => &[MessageType::Digest],
        SigningAlgorithm::MlDsaShake256 => &[MessageType::Raw, MessageType::ExternalMu],
        _ => &[MessageType::Raw, MessageType::Digest],
    };
    if taken.contains(&message_type) {
        return Ok(());
    }
    let message_type_name = message_type.as_str();
    // The texts that AWS was seen to answer name the algorithm of Ed25519 keys, and the spec of others.
    Err(match message_type {
        MessageType::Raw | MessageType::Digest if spec.family() == Family::Ed25519 => {
            error::signing::message_type_of_algorithm(message_type_name, algorithm.as_str())
        }
        _ => error::signing::message_type_of_spec(message_type_name, spec.as_str()),
    }
    .into())
}

/// What is to be signed.
#[must_use]
pub(crate) fn message(message: &[u8], message_type: Option<MessageType>) -> Message<'_> {
    match message_type {
        None | Some(MessageType::Raw) => Message::Raw(message),
        Some(MessageType::Digest) => Message::Digest(message),
        Some(MessageType::ExternalMu) => Message::ExternalMu(message),
    }
}

/// What the caller is told of a message that cannot be signed, or verified, like this.
pub(crate) fn refused(error: SignError, algorithm: SigningAlgorithm) -> Error {
    match error {
        SignError::DigestLength { .. } => error::signing::digest_length(algorithm.as_str()).into(),
        error => Error::invariant(format!("{algorithm}: {error}")),
    }
}
