//! What KMS tells of a key.

use std::str::FromStr;

use alcazar_api_kms::types::{
    ExpirationModelType, KeyManagerType, KeyMetadata, KeyState, MultiRegionConfiguration, MultiRegionKey,
    MultiRegionKeyType,
};
use alcazar_base::Region;
use alcazar_crypto::{
    EncapsulationAlgorithm, EncryptionAlgorithm, KeyAgreementAlgorithm, MacAlgorithm, SigningAlgorithm,
};
use alcazar_shape::convert::List;

use crate::key::{Key, Manager, Origin, State, key_arn};

/// The metadata of a key.
#[must_use]
pub(crate) fn of(key: &Key) -> KeyMetadata {
    let (key_state, deletion_date, window_days) = match key.state {
        State::Enabled => (KeyState::Enabled, None, None),
        State::Disabled => (KeyState::Disabled, None, None),
        State::PendingImport => (KeyState::PendingImport, None, None),
        State::PendingDeletion { deletion_date } => (KeyState::PendingDeletion, Some(deletion_date), None),
        State::PendingReplicaDeletion { window_days } => {
            (KeyState::PendingReplicaDeletion, None, Some(window_days))
        }
    };
    let imported =
        key.current().filter(|material| key.origin == Origin::External && material.wrapped.is_some());
    let valid_to = imported.and_then(|material| material.valid_to);
    let (spec, usage) = (key.spec, key.usage);
    KeyMetadata {
        aws_account_id: Some(key.account.to_string()),
        key_id: key.key_id.clone(),
        arn: Some(key.arn().to_owned()),
        creation_date: Some(key.created),
        enabled: Some(key.state == State::Enabled),
        description: Some(key.description.clone()),
        key_usage: api(usage.as_str()),
        key_state: Some(key_state),
        deletion_date,
        valid_to,
        origin: api(key.origin.as_str()),
        expiration_model: imported.map(|_| match valid_to {
            Some(_) => ExpirationModelType::KeyMaterialExpires,
            None => ExpirationModelType::KeyMaterialDoesNotExpire,
        }),
        key_manager: Some(match key.manager {
            Manager::Customer => KeyManagerType::Customer,
            Manager::Aws { .. } => KeyManagerType::Aws,
        }),
        customer_master_key_spec: api(spec.as_str()),
        key_spec: api(spec.as_str()),
        encryption_algorithms: algorithms(EncryptionAlgorithm::of(spec, usage), EncryptionAlgorithm::as_str),
        signing_algorithms: algorithms(SigningAlgorithm::of(spec, usage), SigningAlgorithm::as_str),
        mac_algorithms: algorithms(MacAlgorithm::of(spec, usage), MacAlgorithm::as_str),
        key_agreement_algorithms: algorithms(
            KeyAgreementAlgorithm::of(spec, usage),
            KeyAgreementAlgorithm::as_str,
        ),
        encapsulation_algorithms: algorithms(
            EncapsulationAlgorithm::of(spec, usage),
            EncapsulationAlgorithm::as_str,
        ),
        multi_region: Some(key.multi_region),
        multi_region_configuration: regions(key),
        pending_deletion_window_in_days: window_days.and_then(|days| days.try_into().ok()),
        current_key_material_id: key.current_material_id(),
        ..KeyMetadata::default()
    }
}

/// The generated counterpart of a name that KMS and its API share. The deprecated enums lack the newer names.
#[must_use]
pub(crate) fn api<T: FromStr>(name: &str) -> Option<T> {
    name.parse().ok()
}

/// The generated counterparts of a key's algorithms; none where the key has no algorithms of this kind.
#[must_use]
pub(crate) fn algorithms<A: Copy, T: FromStr>(all: &[A], name: fn(A) -> &'static str) -> Option<List<T>> {
    let named: Vec<T> = all.iter().filter_map(|algorithm| api(name(*algorithm))).collect();
    (!named.is_empty()).then(|| named.into())
}

fn regions(key: &Key) -> Option<MultiRegionConfiguration> {
    let primary = key.primary_region()?;
    let key_in = |region: &Region| MultiRegionKey {
        arn: Some(key_arn(region, key.account, &key.key_id)),
        region: Some(region.to_string()),
    };
    let replicas =
        key.regions.as_ref().map(|regions| regions.replicas.iter().map(key_in).collect::<Vec<_>>());
    Some(MultiRegionConfiguration {
        multi_region_key_type: Some(match key.is_replica() {
            true => MultiRegionKeyType::Replica,
            false => MultiRegionKeyType::Primary,
        }),
        primary_key: Some(key_in(primary)),
        replica_keys: Some(replicas.unwrap_or_default().into()),
    })
}
