//! AWS Key Management Service: what it does.
//!
//! An operation is a file in [`operation`]; [`SERVICE`] lists them all. Key material is only ever in the clear
//! inside [`alcazar_crypto`]'s types.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/overview.html>

mod access;
mod alias;
mod cost;
mod crypto;
mod custom_key_store;
mod data_key;
mod data_key_pair;
mod deletion;
mod destruction;
mod encapsulation;
mod error;
mod event;
mod grant;
mod idle;
mod import;
mod key;
mod mac;
mod managed;
mod material;
mod metadata;
mod multi_region;
pub mod operation;
mod page;
mod policy;
pub mod price;
mod quota;
mod recipient;
mod rotation;
mod signature;
mod source;
mod tag;
mod target;
mod usage;

use alcazar_api_kms::ErrorCode;
use alcazar_engine::usage::RequestClass;
use alcazar_engine::{Entry, Service};

/// The service with its operations.
pub static SERVICE: Service = Service {
    tasks: &[
        deletion::HANDLER,
        destruction::HANDLER,
        rotation::HANDLER,
        grant::HANDLER,
        custom_key_store::connection::HANDLER,
    ],
    billing: Some(cost::of_month),
    request_class: Some(RequestClass { class: price::REQUESTS, resource_type: access::KEY_TYPE }),
    quotas: quota::QUOTAS,
    throttling: quota::THROTTLING,
    resource_control: true,
    shows_resources: true,
    ..Service::new(&alcazar_api_kms::SERVICE, OPERATIONS, ErrorCode::KMSInternalException.model())
};

/// To add an operation: name it in `models/operations.toml`, generate, write its file, and list it here.
static OPERATIONS: &[Entry] = &[
    Entry::of::<operation::CreateKey>(),
    Entry::of::<operation::DescribeKey>(),
    Entry::of::<operation::ListKeys>(),
    Entry::of::<operation::UpdateKeyDescription>(),
    Entry::of::<operation::EnableKey>(),
    Entry::of::<operation::DisableKey>(),
    Entry::of::<operation::ScheduleKeyDeletion>(),
    Entry::of::<operation::CancelKeyDeletion>(),
    Entry::of::<operation::CreateAlias>(),
    Entry::of::<operation::UpdateAlias>(),
    Entry::of::<operation::DeleteAlias>(),
    Entry::of::<operation::ListAliases>(),
    Entry::of::<operation::TagResource>(),
    Entry::of::<operation::UntagResource>(),
    Entry::of::<operation::ListResourceTags>(),
    Entry::of::<operation::GetKeyPolicy>(),
    Entry::of::<operation::PutKeyPolicy>(),
    Entry::of::<operation::ListKeyPolicies>(),
    Entry::of::<operation::Encrypt>(),
    Entry::of::<operation::Decrypt>(),
    Entry::of::<operation::ReEncrypt>(),
    Entry::of::<operation::GenerateDataKey>(),
    Entry::of::<operation::GenerateDataKeyWithoutPlaintext>(),
    Entry::of::<operation::GenerateRandom>(),
    Entry::of::<operation::ConnectCustomKeyStore>(),
    Entry::of::<operation::CreateCustomKeyStore>(),
    Entry::of::<operation::CreateGrant>(),
    Entry::of::<operation::Decapsulate>(),
    Entry::of::<operation::DeleteCustomKeyStore>(),
    Entry::of::<operation::DeleteImportedKeyMaterial>(),
    Entry::of::<operation::DeriveSharedSecret>(),
    Entry::of::<operation::DescribeCustomKeyStores>(),
    Entry::of::<operation::DisableKeyRotation>(),
    Entry::of::<operation::DisconnectCustomKeyStore>(),
    Entry::of::<operation::EnableKeyRotation>(),
    Entry::of::<operation::Encapsulate>(),
    Entry::of::<operation::GenerateDataKeyPair>(),
    Entry::of::<operation::GenerateDataKeyPairWithoutPlaintext>(),
    Entry::of::<operation::GenerateMac>(),
    Entry::of::<operation::GetKeyLastUsage>(),
    Entry::of::<operation::GetKeyRotationStatus>(),
    Entry::of::<operation::GetParametersForImport>(),
    Entry::of::<operation::GetPublicKey>(),
    Entry::of::<operation::ImportKeyMaterial>(),
    Entry::of::<operation::ListGrants>(),
    Entry::of::<operation::ListKeyRotations>(),
    Entry::of::<operation::ListRetirableGrants>(),
    Entry::of::<operation::ReplicateKey>(),
    Entry::of::<operation::RetireGrant>(),
    Entry::of::<operation::RevokeGrant>(),
    Entry::of::<operation::RotateKeyOnDemand>(),
    Entry::of::<operation::Sign>(),
    Entry::of::<operation::UpdateCustomKeyStore>(),
    Entry::of::<operation::UpdatePrimaryRegion>(),
    Entry::of::<operation::Verify>(),
    Entry::of::<operation::VerifyMac>(),
];
