//! KMS's quotas, with AWS's defaults.
//!
//! Resource quotas: <https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html>. Request rates:
//! <https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html>. The limits of tags and of policies
//! that AWS documents elsewhere stand here too, so that they are set alike.

use alcazar_api_kms::types::DataKeyPairSpec;
use alcazar_crypto::KeySpec;
use alcazar_engine::quota::{rate, resource};
use alcazar_engine::{Quota, QuotaKind, Rate};

/// What callers are told who ask faster than they may.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/throttling.html>
pub(crate) const THROTTLING: &str =
    "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.";

/// Customer managed keys of an account in a region.
pub(crate) const KEYS: Quota =
    resource("kms.keys", "Customer Master Keys (CMKs)", Some("L-C2F1777E"), 100_000);
/// Aliases of one key.
pub(crate) const ALIASES_PER_KEY: Quota =
    resource("kms.aliases-per-key", "Aliases per CMK", Some("L-340F62FB"), 50);
/// Grants of one key.
pub(crate) const GRANTS_PER_KEY: Quota =
    resource("kms.grants-per-key", "Grants per CMK", Some("L-D594A657"), 50_000);
/// Custom key stores of an account in a region.
pub(crate) const CUSTOM_KEY_STORES: Quota =
    resource("kms.custom-key-stores", "Custom Key Stores", Some("L-F33DCFEB"), 10);
/// On-demand rotations in a key's life.
pub(crate) const ON_DEMAND_ROTATIONS: Quota =
    resource("kms.on-demand-rotations", "On-demand rotations per CMK", Some("L-0E66C9C0"), 25);
/// Tags of one key.
pub(crate) const TAGS_PER_KEY: Quota = resource("kms.tags-per-key", "Tags per KMS key", None, 50);
/// The length of a key policy.
pub(crate) const POLICY_BYTES: Quota =
    resource("kms.policy-bytes", "Key policy document size, in bytes", None, 32 * 1024);

/// Cryptographic operations on symmetric and HMAC keys, and random bytes.
pub(crate) const SYMMETRIC: Quota = Quota {
    name: "kms.rate.cryptographic-operations-symmetric",
    title: "Cryptographic operations (symmetric) request rate",
    code: Some("L-6E3AF000"),
    kind: QuotaKind::RequestRate {
        default: Rate::per_second(10_000),
        in_regions: &[
            ("us-east-2", Rate::per_second(20_000)),
            ("ap-southeast-1", Rate::per_second(20_000)),
            ("ap-southeast-2", Rate::per_second(20_000)),
            ("ap-northeast-1", Rate::per_second(20_000)),
            ("eu-central-1", Rate::per_second(20_000)),
            ("eu-west-2", Rate::per_second(20_000)),
            ("us-east-1", Rate::per_second(100_000)),
            ("us-west-2", Rate::per_second(100_000)),
            ("eu-west-1", Rate::per_second(100_000)),
        ],
        operations: &["GenerateRandom"],
    },
};
/// Cryptographic operations on RSA keys.
pub(crate) const RSA: Quota = rate(
    "kms.rate.cryptographic-operations-rsa",
    "Cryptographic operations (RSA) request rate",
    Some("L-2AC98190"),
    1000,
    &[],
);
/// Cryptographic operations on elliptic curve keys.
pub(crate) const ECC: Quota = rate(
    "kms.rate.cryptographic-operations-ecc",
    "Cryptographic operations (ECC and SM2) request rate",
    Some("L-DC14942D"),
    1000,
    &[],
);
/// Cryptographic operations on ML-DSA keys.
pub(crate) const ML_DSA: Quota = rate(
    "kms.rate.cryptographic-operations-ml-dsa",
    "Cryptographic operations (ML-DSA) request rate",
    None,
    1000,
    &[],
);
/// Making keys; the making of a replica counts here too.
pub(crate) const CREATE_KEY: Quota =
    rate("kms.rate.create-key", "CreateKey request rate", Some("L-32B67F4A"), 5, &["CreateKey"]);
/// Moving the primary of a multi-Region key, counted in both regions.
pub(crate) const UPDATE_PRIMARY_REGION: Quota = rate(
    "kms.rate.update-primary-region",
    "UpdatePrimaryRegion request rate",
    None,
    5,
    &["UpdatePrimaryRegion"],
);
/// Data key pairs on NIST P-256.
pub(crate) const PAIR_P256: Quota = pair(
    "kms.rate.generate-data-key-pair-ecc-nist-p256",
    "GenerateDataKeyPair (ECC_NIST_P256) request rate",
    Some("L-D2EEB5E0"),
);
/// Data key pairs on NIST P-384.
pub(crate) const PAIR_P384: Quota = pair(
    "kms.rate.generate-data-key-pair-ecc-nist-p384",
    "GenerateDataKeyPair (ECC_NIST_P384) request rate",
    Some("L-16B46EF0"),
);
/// Data key pairs on NIST P-521.
pub(crate) const PAIR_P521: Quota = pair(
    "kms.rate.generate-data-key-pair-ecc-nist-p521",
    "GenerateDataKeyPair (ECC_NIST_P521) request rate",
    Some("L-1D966DA0"),
);
/// Data key pairs on secp256k1.
pub(crate) const PAIR_SECP256K1: Quota = pair(
    "kms.rate.generate-data-key-pair-ecc-secg-p256k1",
    "GenerateDataKeyPair (ECC_SECG_P256K1) request rate",
    None,
);
/// Data key pairs on edwards25519.
pub(crate) const PAIR_EDWARDS25519: Quota = pair(
    "kms.rate.generate-data-key-pair-ecc-nist-edwards25519",
    "GenerateDataKeyPair (ECC_NIST_EDWARDS25519) request rate",
    None,
);
/// RSA data key pairs of 2048 bits.
pub(crate) const PAIR_RSA_2048: Quota = rsa_pair(
    "kms.rate.generate-data-key-pair-rsa-2048",
    "GenerateDataKeyPair (RSA_2048) request rate",
    Rate::per_second(20),
    &[("cn-north-1", Rate::per_second(1)), ("cn-northwest-1", Rate::per_second(1))],
);
/// RSA data key pairs of 3072 bits.
pub(crate) const PAIR_RSA_3072: Quota = rsa_pair(
    "kms.rate.generate-data-key-pair-rsa-3072",
    "GenerateDataKeyPair (RSA_3072) request rate",
    Rate::per_second(4),
    &[("cn-north-1", Rate::thousandths(500)), ("cn-northwest-1", Rate::thousandths(500))],
);
/// RSA data key pairs of 4096 bits.
pub(crate) const PAIR_RSA_4096: Quota = rsa_pair(
    "kms.rate.generate-data-key-pair-rsa-4096",
    "GenerateDataKeyPair (RSA_4096) request rate",
    Rate::per_second(1),
    &[("cn-north-1", Rate::thousandths(100)), ("cn-northwest-1", Rate::thousandths(100))],
);

/// All of them, in the order of AWS's pages.
pub(crate) static QUOTAS: &[Quota] = &[
    KEYS,
    ALIASES_PER_KEY,
    GRANTS_PER_KEY,
    CUSTOM_KEY_STORES,
    ON_DEMAND_ROTATIONS,
    TAGS_PER_KEY,
    POLICY_BYTES,
    SYMMETRIC,
    RSA,
    ML_DSA,
    ECC,
    rate(
        "kms.rate.cancel-key-deletion",
        "CancelKeyDeletion request rate",
        Some("L-635264CC"),
        5,
        &["CancelKeyDeletion"],
    ),
    rate(
        "kms.rate.connect-custom-key-store",
        "ConnectCustomKeyStore request rate",
        Some("L-705B9E79"),
        5,
        &["ConnectCustomKeyStore"],
    ),
    rate("kms.rate.create-alias", "CreateAlias request rate", Some("L-F7504F73"), 5, &["CreateAlias"]),
    rate(
        "kms.rate.create-custom-key-store",
        "CreateCustomKeyStore request rate",
        Some("L-08932E37"),
        5,
        &["CreateCustomKeyStore"],
    ),
    rate("kms.rate.create-grant", "CreateGrant request rate", Some("L-0428A42E"), 50, &["CreateGrant"]),
    CREATE_KEY,
    rate("kms.rate.delete-alias", "DeleteAlias request rate", Some("L-1F75ADD1"), 15, &["DeleteAlias"]),
    rate(
        "kms.rate.delete-custom-key-store",
        "DeleteCustomKeyStore request rate",
        Some("L-E99520CB"),
        5,
        &["DeleteCustomKeyStore"],
    ),
    rate(
        "kms.rate.delete-imported-key-material",
        "DeleteImportedKeyMaterial request rate",
        Some("L-1233BF9B"),
        15,
        &["DeleteImportedKeyMaterial"],
    ),
    rate(
        "kms.rate.describe-custom-key-stores",
        "DescribeCustomKeyStores request rate",
        Some("L-E20AA94C"),
        5,
        &["DescribeCustomKeyStores"],
    ),
    rate("kms.rate.describe-key", "DescribeKey request rate", Some("L-FAE8F084"), 2000, &["DescribeKey"]),
    rate("kms.rate.disable-key", "DisableKey request rate", Some("L-6B8C93BD"), 5, &["DisableKey"]),
    rate(
        "kms.rate.disable-key-rotation",
        "DisableKeyRotation request rate",
        Some("L-CE1DB614"),
        5,
        &["DisableKeyRotation"],
    ),
    rate(
        "kms.rate.disconnect-custom-key-store",
        "DisconnectCustomKeyStore request rate",
        Some("L-9F1FCF6D"),
        5,
        &["DisconnectCustomKeyStore"],
    ),
    rate("kms.rate.enable-key", "EnableKey request rate", Some("L-BD96F100"), 5, &["EnableKey"]),
    rate(
        "kms.rate.enable-key-rotation",
        "EnableKeyRotation request rate",
        Some("L-BE799B67"),
        15,
        &["EnableKeyRotation"],
    ),
    PAIR_P256,
    PAIR_P384,
    PAIR_P521,
    PAIR_SECP256K1,
    PAIR_EDWARDS25519,
    PAIR_RSA_2048,
    PAIR_RSA_3072,
    PAIR_RSA_4096,
    rate("kms.rate.get-key-last-usage", "GetKeyLastUsage request rate", None, 5, &["GetKeyLastUsage"]),
    rate("kms.rate.get-key-policy", "GetKeyPolicy request rate", None, 1000, &["GetKeyPolicy"]),
    rate(
        "kms.rate.get-key-rotation-status",
        "GetKeyRotationStatus request rate",
        None,
        1000,
        &["GetKeyRotationStatus"],
    ),
    rate(
        "kms.rate.get-parameters-for-import",
        "GetParametersForImport request rate",
        None,
        1,
        &["GetParametersForImport"],
    ),
    rate("kms.rate.get-public-key", "GetPublicKey request rate", None, 2000, &["GetPublicKey"]),
    rate("kms.rate.import-key-material", "ImportKeyMaterial request rate", None, 15, &["ImportKeyMaterial"]),
    rate("kms.rate.list-aliases", "ListAliases request rate", None, 500, &["ListAliases"]),
    rate("kms.rate.list-grants", "ListGrants request rate", None, 100, &["ListGrants"]),
    rate("kms.rate.list-key-policies", "ListKeyPolicies request rate", None, 100, &["ListKeyPolicies"]),
    rate("kms.rate.list-keys", "ListKeys request rate", None, 500, &["ListKeys"]),
    rate("kms.rate.list-key-rotations", "ListKeyRotations request rate", None, 100, &["ListKeyRotations"]),
    rate("kms.rate.list-resource-tags", "ListResourceTags request rate", None, 2000, &["ListResourceTags"]),
    rate(
        "kms.rate.list-retirable-grants",
        "ListRetirableGrants request rate",
        None,
        100,
        &["ListRetirableGrants"],
    ),
    rate("kms.rate.put-key-policy", "PutKeyPolicy request rate", None, 15, &["PutKeyPolicy"]),
    rate("kms.rate.replicate-key", "ReplicateKey request rate", None, 5, &["ReplicateKey"]),
    rate("kms.rate.retire-grant", "RetireGrant request rate", None, 50, &["RetireGrant"]),
    rate("kms.rate.revoke-grant", "RevokeGrant request rate", None, 50, &["RevokeGrant"]),
    rate("kms.rate.rotate-key-on-demand", "RotateKeyOnDemand request rate", None, 5, &["RotateKeyOnDemand"]),
    rate(
        "kms.rate.schedule-key-deletion",
        "ScheduleKeyDeletion request rate",
        None,
        15,
        &["ScheduleKeyDeletion"],
    ),
    rate("kms.rate.tag-resource", "TagResource request rate", None, 10, &["TagResource"]),
    rate("kms.rate.untag-resource", "UntagResource request rate", None, 5, &["UntagResource"]),
    rate("kms.rate.update-alias", "UpdateAlias request rate", None, 5, &["UpdateAlias"]),
    rate(
        "kms.rate.update-custom-key-store",
        "UpdateCustomKeyStore request rate",
        None,
        5,
        &["UpdateCustomKeyStore"],
    ),
    rate(
        "kms.rate.update-key-description",
        "UpdateKeyDescription request rate",
        None,
        5,
        &["UpdateKeyDescription"],
    ),
    UPDATE_PRIMARY_REGION,
];

/// What a question about a key draws, which names the operation by its action and the key by its spec.
///
/// ReEncrypt asks about two keys and is one request, which counts for the key that it decrypts with.
#[must_use]
pub(crate) fn of_use(action: &str, spec: KeySpec) -> Option<&'static Quota> {
    match action {
        "kms:Encrypt"
        | "kms:Decrypt"
        | "kms:ReEncryptFrom"
        | "kms:Sign"
        | "kms:Verify"
        | "kms:DeriveSharedSecret"
        | "kms:GenerateDataKey"
        | "kms:GenerateDataKeyWithoutPlaintext"
        | "kms:GenerateMac"
        | "kms:VerifyMac" => {}
        _ => return None,
    }
    match spec {
        KeySpec::SymmetricDefault
        | KeySpec::Hmac224
        | KeySpec::Hmac256
        | KeySpec::Hmac384
        | KeySpec::Hmac512 => Some(&SYMMETRIC),
        KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096 => Some(&RSA),
        KeySpec::MlDsa44 | KeySpec::MlDsa65 | KeySpec::MlDsa87 => Some(&ML_DSA),
        // AWS documents no rate for ML-KEM.
        KeySpec::MlKem512 | KeySpec::MlKem768 | KeySpec::MlKem1024 => None,
        _ => Some(&ECC),
    }
}

/// What the making of a data key pair draws. AWS documents no rate for ML-KEM, and has SM2 in China alone.
#[must_use]
pub(crate) fn of_pair(spec: DataKeyPairSpec) -> Option<&'static Quota> {
    match spec {
        DataKeyPairSpec::EccNistP256 => Some(&PAIR_P256),
        DataKeyPairSpec::EccNistP384 => Some(&PAIR_P384),
        DataKeyPairSpec::EccNistP521 => Some(&PAIR_P521),
        DataKeyPairSpec::EccSecgP256K1 => Some(&PAIR_SECP256K1),
        DataKeyPairSpec::EccNistEdwards25519 => Some(&PAIR_EDWARDS25519),
        DataKeyPairSpec::Rsa2048 => Some(&PAIR_RSA_2048),
        DataKeyPairSpec::Rsa3072 => Some(&PAIR_RSA_3072),
        DataKeyPairSpec::Rsa4096 => Some(&PAIR_RSA_4096),
        _ => None,
    }
}

/// Data key pairs on a curve.
const fn pair(name: &'static str, title: &'static str, code: Option<&'static str>) -> Quota {
    rate(name, title, code, 100, &[])
}

const fn rsa_pair(
    name: &'static str,
    title: &'static str,
    default: Rate,
    in_regions: &'static [(&'static str, Rate)],
) -> Quota {
    Quota { name, title, code: None, kind: QuotaKind::RequestRate { default, in_regions, operations: &[] } }
}
