//! The operations that a grant permits, and which of them there are for which key.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations>

use alcazar_api_kms::types::GrantOperation;
use alcazar_crypto::{KeySpec, KeyUsage};
use minicbor::{Decode, Encode};

/// All operations that a grant can permit. An operation's place is its bit in what is stored: new ones come last.
pub(crate) const ALL: [GrantOperation; 19] = [
    GrantOperation::Decrypt,
    GrantOperation::Encrypt,
    GrantOperation::GenerateDataKey,
    GrantOperation::GenerateDataKeyWithoutPlaintext,
    GrantOperation::ReEncryptFrom,
    GrantOperation::ReEncryptTo,
    GrantOperation::Sign,
    GrantOperation::Verify,
    GrantOperation::GetPublicKey,
    GrantOperation::CreateGrant,
    GrantOperation::RetireGrant,
    GrantOperation::DescribeKey,
    GrantOperation::GenerateDataKeyPair,
    GrantOperation::GenerateDataKeyPairWithoutPlaintext,
    GrantOperation::GenerateMac,
    GrantOperation::VerifyMac,
    GrantOperation::DeriveSharedSecret,
    GrantOperation::Encapsulate,
    GrantOperation::Decapsulate,
];

/// A set of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(transparent)]
pub(crate) struct Operations(#[n(0)] u32);

impl Operations {
    /// One operation.
    #[must_use]
    pub(crate) fn one(operation: GrantOperation) -> Self {
        let place = ALL.iter().position(|other| *other == operation);
        Self(place.map_or(0, |place| 1 << place))
    }

    /// Whether all of `others` are among these.
    #[must_use]
    pub(crate) fn include(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// These and others.
    #[must_use]
    pub(crate) fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// The operations, in the order of the API.
    #[must_use]
    pub(crate) fn to_list(self) -> Vec<GrantOperation> {
        ALL.into_iter().filter(|operation| self.include(Self::one(*operation))).collect()
    }

    /// The set as digits of a fixed number.
    #[must_use]
    pub(crate) fn digits(self) -> String {
        format!("{:08x}", self.0)
    }
}

impl FromIterator<GrantOperation> for Operations {
    fn from_iter<I: IntoIterator<Item = GrantOperation>>(operations: I) -> Self {
        operations.into_iter().map(Self::one).fold(Self::default(), Self::and)
    }
}

/// Whether a grant on a key of this kind can permit the operation.
#[must_use]
pub(crate) fn is_for(operation: GrantOperation, spec: KeySpec, usage: KeyUsage) -> bool {
    use GrantOperation as Op;
    match operation {
        Op::CreateGrant | Op::RetireGrant | Op::DescribeKey => true,
        Op::Encrypt | Op::Decrypt | Op::ReEncryptFrom | Op::ReEncryptTo => usage == KeyUsage::EncryptDecrypt,
        Op::GenerateDataKey
        | Op::GenerateDataKeyWithoutPlaintext
        | Op::GenerateDataKeyPair
        | Op::GenerateDataKeyPairWithoutPlaintext => spec == KeySpec::SymmetricDefault,
        Op::Sign | Op::Verify => usage == KeyUsage::SignVerify,
        Op::GetPublicKey => spec != KeySpec::SymmetricDefault && usage != KeyUsage::GenerateVerifyMac,
        Op::GenerateMac | Op::VerifyMac => usage == KeyUsage::GenerateVerifyMac,
        Op::DeriveSharedSecret => usage == KeyUsage::KeyAgreement,
        Op::Encapsulate | Op::Decapsulate => usage == KeyUsage::EncapsulateDecapsulate,
    }
}

/// Whether the operation, on a symmetric encryption key, takes an encryption context that constraints look at.
#[must_use]
pub(crate) fn takes_encryption_context(operation: GrantOperation) -> bool {
    is_for(operation, KeySpec::SymmetricDefault, KeyUsage::EncryptDecrypt)
        && !matches!(
            operation,
            GrantOperation::CreateGrant | GrantOperation::RetireGrant | GrantOperation::DescribeKey
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_gives_back_what_was_put_in() {
        let all: Operations = ALL.into_iter().collect();
        assert_eq!(all.to_list(), ALL);
        for operation in ALL {
            let one = Operations::one(operation);
            assert_eq!(one.to_list(), [operation]);
            assert!(all.include(one) && !one.include(all));
        }
    }

    #[test]
    fn every_kind_of_key_has_operations_of_its_own() {
        let of = |spec, usage| ALL.into_iter().filter(|operation| is_for(*operation, spec, usage)).count();
        assert_eq!(of(KeySpec::SymmetricDefault, KeyUsage::EncryptDecrypt), 11);
        assert_eq!(of(KeySpec::Rsa2048, KeyUsage::EncryptDecrypt), 8);
        assert_eq!(of(KeySpec::Rsa2048, KeyUsage::SignVerify), 6);
        assert_eq!(of(KeySpec::Hmac256, KeyUsage::GenerateVerifyMac), 5);
        assert_eq!(of(KeySpec::EccNistP256, KeyUsage::KeyAgreement), 5);
        assert_eq!(of(KeySpec::MlKem768, KeyUsage::EncapsulateDecapsulate), 6);
    }
}
