//! `DeleteCustomKeyStore`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteCustomKeyStore.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::custom_key_store::{self, State};
use crate::{access, error};

/// Deletes a custom key store. None has keys yet that would stand in the way.
pub struct DeleteCustomKeyStore;

impl Operation for DeleteCustomKeyStore {
    type Api = api::DeleteCustomKeyStore;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &api::DeleteCustomKeyStoreRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::DeleteCustomKeyStoreRequest, (): &()) -> Access {
        Access::one(access::account_check(call, "kms:DeleteCustomKeyStore"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DeleteCustomKeyStoreRequest,
        _: Allowed<()>,
    ) -> Result<Output<Self>> {
        let store = custom_key_store::find(cx, &input.custom_key_store_id).await?;
        if store.state != State::Disconnected {
            let state = store.state.told().as_str();
            return Err(
                error::custom_key_store::invalid_state(&store.id, state, "DeleteCustomKeyStore").into()
            );
        }
        store.delete(cx)?;
        Ok(Output::<Self>::default())
    }
}
