//! `CreateCustomKeyStore`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateCustomKeyStore.html>

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::{CustomKeyStoreType, XksProxyConnectivityType};
use alcazar_crypto::entropy::random;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::custom_key_store::{self, CustomKeyStore, EndpointService, Proxy, State, proxy};
use crate::{access, error, quota};

/// Makes a custom key store.
pub struct CreateCustomKeyStore;

/// What every id of a custom key store begins with.
const ID_PREFIX: &str = "cks-";

/// How many hexadecimal digits follow.
const ID_DIGITS: usize = 17;

/// What the store is to stand on.
pub enum Backing {
    /// A cluster of HSMs.
    Cluster(String),
    /// A proxy of an external key manager.
    Proxy(Box<Proxy>),
}

impl Operation for CreateCustomKeyStore {
    type Api = api::CreateCustomKeyStore;
    type Target = Backing;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CreateCustomKeyStoreRequest) -> Result<Backing> {
        match input.custom_key_store_type.unwrap_or(CustomKeyStoreType::AwsCloudhsm) {
            CustomKeyStoreType::AwsCloudhsm => cluster(input),
            CustomKeyStoreType::ExternalKeyStore => external(input, reads.account().as_str()),
        }
    }

    fn access(call: &CallInfo, _: &api::CreateCustomKeyStoreRequest, _: &Backing) -> Access {
        Access::one(access::account_check(call, "kms:CreateCustomKeyStore"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateCustomKeyStoreRequest,
        backing: Allowed<Backing>,
    ) -> Result<api::CreateCustomKeyStoreResponse> {
        let proxy = match &*backing {
            Backing::Proxy(proxy) => proxy.as_ref().clone(),
            // There is no CloudHSM here, so no cluster is there to be found.
            Backing::Cluster(id) => return Err(error::custom_key_store::cluster_not_found(id).into()),
        };
        let store = CustomKeyStore {
            id: new_id(cx)?,
            account: cx.account(),
            region: cx.region().clone(),
            name: input.custom_key_store_name.clone(),
            created: cx.now(),
            state: State::Disconnected,
            proxy,
        };
        store.check_name_is_free(cx).await?;
        store.check_proxy_is_free(cx).await?;
        room_for(cx, &store).await?;
        // What is behind a VPC endpoint service is reached when the store is connected, not before.
        if store.proxy.service.is_none() {
            proxy::check_health(cx, &store, "CreateCustomKeyStore")
                .await
                .map_err(error::custom_key_store::proxy)?;
        }
        let custom_key_store_id = Some(store.id.clone());
        store.put(cx, None)?;
        Ok(api::CreateCustomKeyStoreResponse { custom_key_store_id })
    }
}

fn new_id(cx: &Cx<'_>) -> Result<String> {
    let random: [u8; 16] = random(cx.entropy())?;
    let digits: String = hex::encode(random).chars().take(ID_DIGITS).collect();
    Ok(format!("{ID_PREFIX}{digits}"))
}

async fn room_for(cx: &mut Cx<'_>, store: &CustomKeyStore) -> Result<()> {
    let Some(most) = cx.quota(&quota::CUSTOM_KEY_STORES) else { return Ok(()) };
    let name = custom_key_store::store_name(store.account, &store.region, &store.id);
    let range = custom_key_store::stores(store.account, &store.region);
    let room = cx.room_for(&name, &range, most).await?;
    Ok(room.map_err(error::custom_key_store::too_many)?)
}

/// The cluster that is named, with all that goes with one.
fn cluster(input: &api::CreateCustomKeyStoreRequest) -> Result<Backing> {
    const KIND: &str = "AWS_CLOUDHSM";
    let needed = [
        ("TrustAnchorCertificate", input.trust_anchor_certificate.is_some()),
        ("KeyStorePassword", input.key_store_password.is_some()),
    ];
    let foreign = [
        ("XksProxyUriEndpoint", input.xks_proxy_uri_endpoint.is_some()),
        ("XksProxyUriPath", input.xks_proxy_uri_path.is_some()),
        ("XksProxyVpcEndpointServiceName", input.xks_proxy_vpc_endpoint_service_name.is_some()),
        ("XksProxyVpcEndpointServiceOwner", input.xks_proxy_vpc_endpoint_service_owner.is_some()),
        ("XksProxyAuthenticationCredential", input.xks_proxy_authentication_credential.is_some()),
        ("XksProxyConnectivity", input.xks_proxy_connectivity.is_some()),
    ];
    let missing = |parameter| error::custom_key_store::parameter_missing(parameter, KIND);
    let id = input.cloud_hsm_cluster_id.as_ref().ok_or_else(|| missing("CloudHsmClusterId"))?;
    if let Some((parameter, _)) = needed.into_iter().find(|(_, is_given)| !is_given) {
        return Err(missing(parameter).into());
    }
    none_given(&foreign, KIND)?;
    Ok(Backing::Cluster(id.clone()))
}

/// The proxy that is described, with all that goes with one.
fn external(input: &api::CreateCustomKeyStoreRequest, account: &str) -> Result<Backing> {
    const KIND: &str = "EXTERNAL_KEY_STORE";
    let missing = |parameter| error::custom_key_store::parameter_missing(parameter, KIND);
    let connectivity = input.xks_proxy_connectivity.ok_or_else(|| missing("XksProxyConnectivity"))?;
    let credential = input.xks_proxy_authentication_credential.as_ref();
    let credential = credential.ok_or_else(|| missing("XksProxyAuthenticationCredential"))?;
    let uri_endpoint = input.xks_proxy_uri_endpoint.clone().ok_or_else(|| missing("XksProxyUriEndpoint"))?;
    let uri_path = input.xks_proxy_uri_path.clone().ok_or_else(|| missing("XksProxyUriPath"))?;
    let foreign = [
        ("CloudHsmClusterId", input.cloud_hsm_cluster_id.is_some()),
        ("TrustAnchorCertificate", input.trust_anchor_certificate.is_some()),
        ("KeyStorePassword", input.key_store_password.is_some()),
    ];
    none_given(&foreign, KIND)?;
    let (name, owner) =
        (&input.xks_proxy_vpc_endpoint_service_name, &input.xks_proxy_vpc_endpoint_service_owner);
    let service = match connectivity {
        XksProxyConnectivityType::PublicEndpoint => {
            no_service(name.as_ref(), owner.as_ref())?;
            None
        }
        XksProxyConnectivityType::VpcEndpointService => Some(EndpointService {
            name: name.clone().ok_or_else(error::custom_key_store::service_missing)?,
            owner: owner.clone().unwrap_or_else(|| account.to_owned()),
        }),
    };
    Ok(Backing::Proxy(Box::new(Proxy {
        uri_endpoint,
        uri_path,
        access_key_id: credential.access_key_id.clone(),
        secret_access_key: credential.raw_secret_access_key.clone(),
        service,
    })))
}

/// Passes if none of these parameters, which stores of this type do not have, is given.
pub(super) fn none_given(parameters: &[(&str, bool)], kind: &str) -> Result<()> {
    match parameters.iter().find(|(_, is_given)| *is_given) {
        Some((parameter, _)) => Err(error::custom_key_store::parameter_of_other_type(parameter, kind).into()),
        None => Ok(()),
    }
}

/// Passes if no VPC endpoint service is described, as a public endpoint has none.
pub(super) fn no_service(name: Option<&String>, owner: Option<&String>) -> Result<()> {
    let parameter = match (name, owner) {
        (Some(_), _) => "XksProxyVpcEndpointServiceName",
        (None, Some(_)) => "XksProxyVpcEndpointServiceOwner",
        (None, None) => return Ok(()),
    };
    Err(error::custom_key_store::service_of_public(parameter).into())
}
