//! `UpdateCustomKeyStore`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateCustomKeyStore.html>

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::XksProxyConnectivityType;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use super::create_custom_key_store::{no_service, none_given};
use crate::custom_key_store::{self, CustomKeyStore, EndpointService, State, proxy};
use crate::{access, error};

/// Changes a custom key store.
pub struct UpdateCustomKeyStore;

const NAME: &str = "UpdateCustomKeyStore";

impl Operation for UpdateCustomKeyStore {
    type Api = api::UpdateCustomKeyStore;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, _: &api::UpdateCustomKeyStoreRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, _: &api::UpdateCustomKeyStoreRequest, (): &()) -> Access {
        Access::one(access::account_check(call, "kms:UpdateCustomKeyStore"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdateCustomKeyStoreRequest,
        _: Allowed<()>,
    ) -> Result<Output<Self>> {
        let before = custom_key_store::find(cx, &input.custom_key_store_id).await?;
        let foreign = [
            ("KeyStorePassword", input.key_store_password.is_some()),
            ("CloudHsmClusterId", input.cloud_hsm_cluster_id.is_some()),
        ];
        none_given(&foreign, "EXTERNAL_KEY_STORE")?;
        let after = changed(&before, input)?;
        check_state(&before, input)?;
        after.check_name_is_free(cx).await?;
        after.check_proxy_is_free(cx).await?;
        // What is behind a VPC endpoint service can be reached only while the store is connected.
        let is_reachable = after.proxy.service.is_none() || after.state == State::Connected;
        if after.proxy != before.proxy && is_reachable {
            proxy::check_health(cx, &after, NAME).await.map_err(error::custom_key_store::proxy)?;
        }
        after.put(cx, Some(&before))?;
        Ok(Output::<Self>::default())
    }
}

/// Passes if the store is in a state for this change: the name, the path and the credential may change while it is
/// connected, and the rest not.
fn check_state(store: &CustomKeyStore, input: &api::UpdateCustomKeyStoreRequest) -> Result<()> {
    let needs_disconnected = input.xks_proxy_uri_endpoint.is_some()
        || input.xks_proxy_connectivity.is_some()
        || input.xks_proxy_vpc_endpoint_service_name.is_some()
        || input.xks_proxy_vpc_endpoint_service_owner.is_some();
    match store.state {
        State::Disconnected => Ok(()),
        State::Connected if !needs_disconnected => Ok(()),
        _ => {
            let state = store.state.told().as_str();
            Err(error::custom_key_store::invalid_state(&store.id, state, NAME).into())
        }
    }
}

/// The store as it is to be.
fn changed(before: &CustomKeyStore, input: &api::UpdateCustomKeyStoreRequest) -> Result<CustomKeyStore> {
    let mut store = before.clone();
    if let Some(name) = &input.new_custom_key_store_name {
        store.name.clone_from(name);
    }
    let proxy = &mut store.proxy;
    if let Some(endpoint) = &input.xks_proxy_uri_endpoint {
        proxy.uri_endpoint.clone_from(endpoint);
    }
    if let Some(path) = &input.xks_proxy_uri_path {
        proxy.uri_path.clone_from(path);
    }
    if let Some(credential) = &input.xks_proxy_authentication_credential {
        proxy.access_key_id = credential.access_key_id.clone();
        proxy.secret_access_key = credential.raw_secret_access_key.clone();
    }
    let is_public = match input.xks_proxy_connectivity {
        None => before.proxy.service.is_none(),
        Some(connectivity) => connectivity == XksProxyConnectivityType::PublicEndpoint,
    };
    if is_public != before.proxy.service.is_none() && proxy.uri_endpoint == before.proxy.uri_endpoint {
        return Err(error::custom_key_store::endpoint_must_change().into());
    }
    let (name, owner) =
        (&input.xks_proxy_vpc_endpoint_service_name, &input.xks_proxy_vpc_endpoint_service_owner);
    if is_public {
        no_service(name.as_ref(), owner.as_ref())?;
        proxy.service = None;
        return Ok(store);
    }
    let present = before.proxy.service.as_ref();
    let name = name.clone().or_else(|| present.map(|service| service.name.clone()));
    let owner = owner.clone().or_else(|| present.map(|service| service.owner.clone()));
    proxy.service = Some(EndpointService {
        name: name.ok_or_else(error::custom_key_store::service_missing)?,
        owner: owner.unwrap_or_else(|| store.account.to_string()),
    });
    Ok(store)
}
