//! Data key pairs: a public key in the clear, and its private key, encrypted under a symmetric key.
//!
//! The private key is DER PKCS #8 (of ML-KEM in the seed form), the public key DER SubjectPublicKeyInfo.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html>

use std::collections::BTreeMap;

use alcazar_api_kms::types::DataKeyPairSpec;
use alcazar_base::SecretBytes;
use alcazar_crypto::KeySpec;
use alcazar_engine::{CallInfo, Charge, Check, Cx, Error, Result};

use crate::target::Target;
use crate::{crypto, data_key, error, material, quota, usage};

/// What is asked for.
pub(crate) struct Asked<'a> {
    /// The operation's name.
    pub operation: &'static str,
    /// What kind of key pair.
    pub spec: DataKeyPairSpec,
    /// What the private key is encrypted with.
    pub context: Option<&'a BTreeMap<String, String>>,
    /// Whether it is a rehearsal.
    pub dry_run: Option<bool>,
}

/// A new data key pair.
pub(crate) struct DataKeyPair {
    /// The public key.
    pub public_key: Vec<u8>,
    /// The private key in the clear.
    pub private_key: SecretBytes,
    /// The private key, encrypted.
    pub private_key_ciphertext: Vec<u8>,
}

impl DataKeyPair {
    /// Makes a key pair.
    ///
    /// # Errors
    /// There is no such spec here, the key cannot be used, or it was a rehearsal.
    pub(crate) async fn generate(cx: &mut Cx<'_>, target: &Target, asked: &Asked<'_>) -> Result<Self> {
        data_key::usable(target, asked.operation)?;
        // What is left is SM2, which AWS has in its China Regions alone.
        let name = asked.spec.as_str();
        let spec =
            KeySpec::from_name(name).ok_or_else(|| error::encryption::key_pair_spec_not_in_region(name))?;
        crypto::rehearsal(asked.dry_run)?;
        target.settle(cx)?;
        let pair = material::generate(cx, spec).await?;
        let missing = || Error::invariant("a key pair without one of its keys");
        let public_key = pair.public_key().ok_or_else(missing)?.to_vec();
        let private_key = pair.to_pkcs8().ok_or_else(missing)?;
        let private_key_ciphertext = data_key::encrypt(cx, target, asked.context, &private_key)?;
        usage::made_data_key_pair(cx, &target.key, asked.spec);
        Ok(Self { public_key, private_key, private_key_ciphertext })
    }
}

/// The question whether the caller may have data key pairs of a spec made.
#[must_use]
pub(crate) fn check(
    call: &CallInfo,
    action: &'static str,
    target: &Target,
    spec: DataKeyPairSpec,
    context: Option<&BTreeMap<String, String>>,
) -> Check {
    let mut check = data_key::check(call, action, target, context);
    if call.request_rates {
        check.charges.extend(quota::of_pair(spec).map(Charge::one));
    }
    if call.needs_context(check.owner, &check.rule) {
        check.context.insert("kms:DataKeyPairSpec", spec.as_str());
    }
    check
}
