//! `ConnectCustomKeyStore`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ConnectCustomKeyStore.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::custom_key_store::{self, State, connection};
use crate::{access, error};

/// Begins to connect a custom key store.
pub struct ConnectCustomKeyStore;

impl Operation for ConnectCustomKeyStore {
    type Api = api::ConnectCustomKeyStore;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &api::ConnectCustomKeyStoreRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::ConnectCustomKeyStoreRequest, (): &()) -> Access {
        Access::one(access::account_check(call, "kms:ConnectCustomKeyStore"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ConnectCustomKeyStoreRequest,
        _: Allowed<()>,
    ) -> Result<Output<Self>> {
        let store = custom_key_store::find(cx, &input.custom_key_store_id).await?;
        match &store.state {
            State::Disconnected => connection::begin(cx, &store)?,
            // It is what it is to become, or on its way there.
            State::Connecting { .. } | State::Connected => {}
            State::Failed { .. } => {
                let state = store.state.told().as_str();
                return Err(error::custom_key_store::invalid_state(
                    &store.id,
                    state,
                    "ConnectCustomKeyStore",
                )
                .into());
            }
        }
        Ok(Output::<Self>::default())
    }
}
