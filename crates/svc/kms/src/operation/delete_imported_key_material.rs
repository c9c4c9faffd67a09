//! `DeleteImportedKeyMaterial`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteImportedKeyMaterial.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Error, Input, Operation, Output, Reads, Result};

use crate::{access, error};

/// Not built yet.
pub struct DeleteImportedKeyMaterial;

impl Operation for DeleteImportedKeyMaterial {
    type Api = api::DeleteImportedKeyMaterial;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Err(error::unsupported("DeleteImportedKeyMaterial is not built yet.").into())
    }

    fn access(call: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::one(access::account_check(call, "kms:DeleteImportedKeyMaterial"))
    }

    async fn run(_: &mut Cx<'_>, _: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        Err(Error::invariant("not built yet"))
    }
}
