//! New ids, in AWS's forms.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html> and the other types
//! there, each of which names the pattern of its id.

use alcazar_base::AccountId;
use alcazar_crypto::Entropy;
use alcazar_engine::Result;

/// What random parts of ids are made of.
const CHARACTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// The longest random part.
const LENGTH_MAX: usize = 32;

/// A new organization's: `o-` and ten characters.
pub(crate) fn organization(entropy: &dyn Entropy) -> Result<String> {
    Ok(format!("o-{}", random(10, entropy)?))
}

/// A new root's: `r-` and four characters.
pub(crate) fn root(entropy: &dyn Entropy) -> Result<String> {
    Ok(format!("r-{}", random(4, entropy)?))
}

/// A new organizational unit's: `ou-`, what its root has behind `r-`, and eight characters.
pub(crate) fn unit(root_id: &str, entropy: &dyn Entropy) -> Result<String> {
    let root = root_id.strip_prefix("r-").unwrap_or(root_id);
    Ok(format!("ou-{root}-{}", random(8, entropy)?))
}

/// A new policy's: `p-` and eight characters.
pub(crate) fn policy(entropy: &dyn Entropy) -> Result<String> {
    Ok(format!("p-{}", random(8, entropy)?))
}

/// A new resource policy's: `rp-` and eight characters.
pub(crate) fn resource_policy(entropy: &dyn Entropy) -> Result<String> {
    Ok(format!("rp-{}", random(8, entropy)?))
}

/// A new handshake's: `h-` and 32 characters.
pub(crate) fn handshake(entropy: &dyn Entropy) -> Result<String> {
    Ok(format!("h-{}", random(32, entropy)?))
}

/// A new request's to create an account: `car-` and 32 characters.
pub(crate) fn create_account_request(entropy: &dyn Entropy) -> Result<String> {
    Ok(format!("car-{}", random(32, entropy)?))
}

/// A new account's: twelve digits.
pub(crate) fn account(entropy: &dyn Entropy) -> Result<AccountId> {
    let mut bytes = [0; 8];
    entropy.fill_public(&mut bytes)?;
    // An id with a leading zero is easily cut short by what takes it for a number.
    let number = 100_000_000_000 + u64::from_be_bytes(bytes) % 900_000_000_000;
    Ok(AccountId::from_number(number))
}

fn random(length: usize, entropy: &dyn Entropy) -> Result<String> {
    let mut bytes = [0; LENGTH_MAX];
    entropy.fill_public(&mut bytes)?;
    let character =
        |byte: &u8| CHARACTERS.get(usize::from(*byte) % CHARACTERS.len()).copied().unwrap_or(b'0');
    Ok(bytes.iter().take(length).map(|byte| char::from(character(byte))).collect())
}

#[cfg(test)]
mod tests {
    use alcazar_crypto::SeededEntropy;

    use super::*;

    #[test]
    fn ids_have_the_forms_of_aws() {
        let entropy = SeededEntropy::new(1);
        let root = root(&entropy).unwrap();
        assert!(root.starts_with("r-") && root.len() == 6, "{root}");
        let unit = unit(&root, &entropy).unwrap();
        assert!(unit.starts_with(&format!("ou-{}-", &root[2..])) && unit.len() == 16, "{unit}");
        assert_eq!(organization(&entropy).unwrap().len(), 12);
        assert_eq!(handshake(&entropy).unwrap().len(), 34);
        assert!(!account(&entropy).unwrap().as_str().starts_with('0'));
    }
}
