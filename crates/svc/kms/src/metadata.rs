//! What KMS tells of a key.

use alcazar_api_kms::types::{
    CustomerMasterKeySpec, EncryptionAlgorithmSpec, KeyManagerType, KeyMetadata, KeySpec, KeyState,
    KeyUsageType, MultiRegionConfiguration, MultiRegionKey, MultiRegionKeyType, OriginType,
};

use crate::key::{Key, Manager, State};

/// The metadata of a key.
#[must_use]
pub(crate) fn of(key: &Key) -> KeyMetadata {
    let (key_state, deletion_date) = match key.state {
        State::Enabled => (KeyState::Enabled, None),
        State::Disabled => (KeyState::Disabled, None),
        State::PendingDeletion { deletion_date } => (KeyState::PendingDeletion, Some(deletion_date)),
    };
    let here = MultiRegionKey { arn: Some(key.arn().to_owned()), region: Some(key.region.to_string()) };
    KeyMetadata {
        aws_account_id: Some(key.account.to_string()),
        key_id: key.key_id.clone(),
        arn: Some(key.arn().to_owned()),
        creation_date: Some(key.created),
        enabled: Some(key.state == State::Enabled),
        description: Some(key.description.clone()),
        key_usage: Some(KeyUsageType::EncryptDecrypt),
        key_state: Some(key_state),
        deletion_date,
        origin: Some(OriginType::AwsKms),
        key_manager: Some(match key.manager {
            Manager::Customer => KeyManagerType::Customer,
            Manager::Aws { .. } => KeyManagerType::Aws,
        }),
        customer_master_key_spec: Some(CustomerMasterKeySpec::SymmetricDefault),
        key_spec: Some(KeySpec::SymmetricDefault),
        encryption_algorithms: Some(vec![EncryptionAlgorithmSpec::SymmetricDefault].into()),
        multi_region: Some(key.multi_region),
        multi_region_configuration: key.multi_region.then(|| MultiRegionConfiguration {
            multi_region_key_type: Some(MultiRegionKeyType::Primary),
            primary_key: Some(here),
            replica_keys: Some(Vec::new().into()),
        }),
        current_key_material_id: key.current_material_id(),
        ..KeyMetadata::default()
    }
}
