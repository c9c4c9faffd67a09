//! `DisconnectCustomKeyStore`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_DisconnectCustomKeyStore.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::custom_key_store::{self, State};
use crate::{access, error};

/// Disconnects a custom key store, or gives up connecting it.
pub struct DisconnectCustomKeyStore;

impl Operation for DisconnectCustomKeyStore {
    type Api = api::DisconnectCustomKeyStore;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &api::DisconnectCustomKeyStoreRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::DisconnectCustomKeyStoreRequest, (): &()) -> Access {
        Access::one(access::account_check(call, "kms:DisconnectCustomKeyStore"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DisconnectCustomKeyStoreRequest,
        _: Allowed<()>,
    ) -> Result<Output<Self>> {
        let store = custom_key_store::find(cx, &input.custom_key_store_id).await?;
        if store.state == State::Disconnected {
            let state = store.state.told().as_str();
            return Err(
                error::custom_key_store::invalid_state(&store.id, state, "DisconnectCustomKeyStore").into()
            );
        }
        store.put_state(cx, State::Disconnected)?;
        Ok(Output::<Self>::default())
    }
}
