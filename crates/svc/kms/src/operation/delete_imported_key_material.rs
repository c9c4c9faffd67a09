//! `DeleteImportedKeyMaterial`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteImportedKeyMaterial.html>

use alcazar_api_kms::operation as api;
use alcazar_crypto::KeySpec;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::key::{Key, StoredMaterial};
use crate::target::{Accepts, Target};
use crate::{access, destruction, error, import};

/// Destroys key material that was imported. The key cannot be used until the same material is imported again.
pub struct DeleteImportedKeyMaterial;

const ACTION: &str = "kms:DeleteImportedKeyMaterial";

impl Operation for DeleteImportedKeyMaterial {
    type Api = api::DeleteImportedKeyMaterial;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteImportedKeyMaterialRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, _: &api::DeleteImportedKeyMaterialRequest, target: &Target) -> Access {
        access::key_access(call, ACTION, target)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DeleteImportedKeyMaterialRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        let key = &target.key;
        import::of_external_origin(key)?;
        let material = named(key, input.key_material_id.as_deref())?;
        if let Some(material) = material {
            destruction::destroy(cx, key, material.id()).await?;
        }
        let shown = material.filter(|_| key.spec == KeySpec::SymmetricDefault);
        Ok(api::DeleteImportedKeyMaterialResponse {
            key_id: Some(key.arn().to_owned()),
            key_material_id: shown.map(|material| material.id().key_material_id()),
        })
    }
}

/// The material that the request names: the current one, if it names none.
fn named<'a>(key: &'a Key, id: Option<&str>) -> Result<Option<&'a StoredMaterial>> {
    let Some(id) = id else { return Ok(key.current()) };
    let named = key.materials.iter().find(|material| material.id().key_material_id() == id);
    Ok(Some(named.ok_or_else(|| error::import::no_such_material(key.arn(), id))?))
}
