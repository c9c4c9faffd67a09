//! What Encapsulate and Decapsulate have in common.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_Encapsulate.html>

use alcazar_api_kms::types::EncapsulationAlgorithmSpec;
use alcazar_crypto::ml_kem::MlKemKey;
use alcazar_crypto::{EncapsulationAlgorithm, KeyUsage, Material};
use alcazar_engine::{Reads, Result};

use crate::target::Target;
use crate::{crypto, error};

/// The target's ML-KEM key, if it can be used with the algorithm now.
///
/// # Errors
/// The key cannot be used, not for this, or not with this algorithm.
pub(crate) fn key<'a>(
    reads: &Reads<'_>,
    target: &'a Target,
    operation: &str,
    algorithm: EncapsulationAlgorithmSpec,
) -> Result<&'a MlKemKey> {
    target.usable_for(KeyUsage::EncapsulateDecapsulate, operation)?;
    let (spec, name) = (target.key.spec, algorithm.as_str());
    EncapsulationAlgorithm::from_name(name)
        .filter(|algorithm| EncapsulationAlgorithm::of(spec, target.key.usage).contains(algorithm))
        .ok_or_else(|| error::incompatible_algorithm(name, spec.as_str()))?;
    match target.material(reads)?.material() {
        Material::MlKem(key) => Ok(key),
        _ => Err(crypto::not_the_keys()),
    }
}
