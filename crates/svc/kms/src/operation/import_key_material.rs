//! `ImportKeyMaterial`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html>

use std::time::Duration;

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::{ExpirationModelType, ImportType};
use alcazar_base::Timestamp;
use alcazar_crypto::{BackingKeyId, KeySpec};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::key::{Imported, Key, MaterialState};
use crate::target::{Accepts, Target};
use crate::{access, destruction, error, import, multi_region};

/// Imports key material: a key's first, the same again, or more for its next rotation.
pub struct ImportKeyMaterial;

const ACTION: &str = "kms:ImportKeyMaterial";
const VALID_DAYS_MAX: u64 = 365;
const SECONDS_A_DAY: u64 = 86_400;

impl Operation for ImportKeyMaterial {
    type Api = api::ImportKeyMaterial;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ImportKeyMaterialRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, input: &api::ImportKeyMaterialRequest, target: &Target) -> Access {
        let mut check = access::key_check(call, ACTION, target);
        check.context.insert("kms:ExpirationModel", expiration_model(input).as_str());
        if let Some(valid_to) = input.valid_to {
            check.context.insert("kms:ValidTo", valid_to);
        }
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ImportKeyMaterialRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        let key = &target.key;
        import::importable(&target)?;
        let valid_to = valid_to(input, cx.now())?;
        check_parameters(input, key)?;
        let material = import::unwrap(cx, key, &input.import_token, &input.encrypted_key_material).await?;
        let id = material.id();
        let state = place(input, key, id)?;
        let wrapped = material.wrap(&cx.keyring(), key.crypto_id()?, cx.entropy())?;
        if let Some(before) = key.stored_material(id).and_then(|material| material.valid_to) {
            cx.unschedule(&destruction::task(key, id, before))?;
        }
        if let Some(valid_to) = valid_to {
            cx.schedule(destruction::task(key, id, valid_to))?;
        }
        let description = input.key_material_description.clone();
        let mut changed = key.to_changed();
        changed.take_in(Imported { id, wrapped, state, description, valid_to });
        multi_region::put_imported(cx, changed, id).await?;
        let is_shown = key.spec == KeySpec::SymmetricDefault;
        Ok(api::ImportKeyMaterialResponse {
            key_id: Some(key.arn().to_owned()),
            key_material_id: is_shown.then(|| id.key_material_id()),
        })
    }
}

fn expiration_model(input: &api::ImportKeyMaterialRequest) -> ExpirationModelType {
    input.expiration_model.unwrap_or(ExpirationModelType::KeyMaterialExpires)
}

/// When the material is to expire, if it is.
fn valid_to(input: &api::ImportKeyMaterialRequest, now: Timestamp) -> Result<Option<Timestamp>> {
    match (expiration_model(input), input.valid_to) {
        (ExpirationModelType::KeyMaterialDoesNotExpire, None) => Ok(None),
        (ExpirationModelType::KeyMaterialDoesNotExpire, Some(_)) => {
            Err(error::import::valid_to_not_allowed().into())
        }
        (ExpirationModelType::KeyMaterialExpires, None) => Err(error::import::valid_to_missing().into()),
        (ExpirationModelType::KeyMaterialExpires, Some(valid_to)) => {
            let last = now + Duration::from_secs(VALID_DAYS_MAX * SECONDS_A_DAY);
            if valid_to <= now || valid_to > last {
                return Err(error::import::valid_to_out_of_range(VALID_DAYS_MAX).into());
            }
            Ok(Some(valid_to))
        }
    }
}

/// Passes if the request has no parameter that does not suit the key.
fn check_parameters(input: &api::ImportKeyMaterialRequest, key: &Key) -> Result<()> {
    if key.spec != KeySpec::SymmetricDefault {
        let given = [
            ("ImportType", input.import_type.is_some()),
            ("KeyMaterialDescription", input.key_material_description.is_some()),
            ("KeyMaterialId", input.key_material_id.is_some()),
        ];
        if let Some((parameter, _)) = given.iter().find(|(_, is_given)| *is_given) {
            return Err(error::import::only_for_symmetric_keys(parameter).into());
        }
    }
    if input.key_material_id.is_some() && import_type(input, key) == ImportType::NewKeyMaterial {
        return Err(error::import::id_of_new_material().into());
    }
    Ok(())
}

fn import_type(input: &api::ImportKeyMaterialRequest, key: &Key) -> ImportType {
    input.import_type.unwrap_or(match key.materials.as_slice() {
        [] => ImportType::NewKeyMaterial,
        _ => ImportType::ExistingKeyMaterial,
    })
}

/// The part that the material of this id is to have in the key's rotation.
fn place(input: &api::ImportKeyMaterialRequest, key: &Key, id: BackingKeyId) -> Result<MaterialState> {
    let named = input.key_material_id.as_ref();
    if named.is_some_and(|named| *named != id.key_material_id()) {
        return Err(error::import::incorrect_material().into());
    }
    match (import_type(input, key), key.stored_material(id)) {
        (ImportType::ExistingKeyMaterial, Some(known)) => Ok(known.state),
        (ImportType::NewKeyMaterial, None) => place_of_new(key, id),
        (ImportType::ExistingKeyMaterial, None) | (ImportType::NewKeyMaterial, Some(_)) => {
            Err(error::import::incorrect_material().into())
        }
    }
}

/// The part that material has which the key does not know yet.
fn place_of_new(key: &Key, id: BackingKeyId) -> Result<MaterialState> {
    if key.is_replica() {
        return Err(error::multi_region::not_primary(key.arn()).into());
    }
    if let Some(pending) = key.pending_material() {
        let (id, pending_id) = (id.key_material_id(), pending.id().key_material_id());
        return Err(error::import::other_material_pending(key.arn(), &id, &pending_id).into());
    }
    Ok(match key.materials.as_slice() {
        [] => MaterialState::Current,
        _ if multi_region::has_replicas(key) => MaterialState::PendingMultiRegionImportAndRotation,
        _ => MaterialState::PendingRotation,
    })
}
