//! `ListKeyRotations`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyRotations.html>

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::{
    ExpirationModelType, ImportState, IncludeKeyMaterial, KeyMaterialState, RotationType, RotationsListEntry,
};
use alcazar_crypto::KeySpec;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::key::{Key, MaterialState, Origin, StoredMaterial};
use crate::target::{Accepts, Target};
use crate::{access, error, page};

/// Lists a key's rotations, or all of its material.
pub struct ListKeyRotations;

const ACTION: &str = "kms:ListKeyRotations";

impl Operation for ListKeyRotations {
    type Api = api::ListKeyRotations;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListKeyRotationsRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, _: &api::ListKeyRotationsRequest, target: &Target) -> Access {
        access::key_access(call, ACTION, target)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListKeyRotationsRequest,
        target: Allowed<Target>,
    ) -> Result<api::ListKeyRotationsResponse> {
        access::own_account(cx.call(), ACTION, &target)?;
        let key = &target.key;
        if key.spec != KeySpec::SymmetricDefault {
            return Err(error::rotation::not_of_this_kind().into());
        }
        let all = input.include_key_material == Some(IncludeKeyMaterial::AllKeyMaterial);
        let listed = key.materials.iter().filter(|material| all || material.rotation.is_some());
        let asked = page::asked(input.marker.as_deref(), input.limit, 100, 1000);
        let page = page::in_order(cx, "kms.rotations", asked, listed)?;
        let (rotations, truncated, next_marker) = page.into_parts(|material| entry(key, material));
        Ok(api::ListKeyRotationsResponse { rotations: Some(rotations), truncated, next_marker })
    }
}

fn entry(key: &Key, material: &StoredMaterial) -> RotationsListEntry {
    let imported = key.origin == Origin::External;
    let present = material.wrapped.is_some();
    RotationsListEntry {
        key_id: Some(key.key_id.clone()),
        key_material_id: Some(material.id().key_material_id()),
        key_material_description: material.description.clone(),
        import_state: imported.then_some(if present {
            ImportState::Imported
        } else {
            ImportState::PendingImport
        }),
        key_material_state: Some(match material.state {
            MaterialState::NonCurrent => KeyMaterialState::NonCurrent,
            MaterialState::Current => KeyMaterialState::Current,
            MaterialState::PendingRotation => KeyMaterialState::PendingRotation,
            MaterialState::PendingMultiRegionImportAndRotation => {
                KeyMaterialState::PendingMultiRegionImportAndRotation
            }
        }),
        expiration_model: (imported && present).then_some(match material.valid_to {
            Some(_) => ExpirationModelType::KeyMaterialExpires,
            None => ExpirationModelType::KeyMaterialDoesNotExpire,
        }),
        valid_to: material.valid_to,
        rotation_date: material.rotation.map(|rotation| rotation.date),
        rotation_type: material.rotation.map(|rotation| match rotation.on_demand {
            true => RotationType::OnDemand,
            false => RotationType::Automatic,
        }),
    }
}
