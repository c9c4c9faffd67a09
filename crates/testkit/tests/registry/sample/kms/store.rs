//! Samples of the operations on custom key stores.

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::{
    CustomKeyStoreType, XksProxyAuthenticationCredentialType, XksProxyConnectivityType,
};
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use crate::sample::CANARY;

/// The stores that the samples name.
pub(super) struct Stores {
    disconnected: String,
    connecting: String,
}

impl Stores {
    /// New stores, in the place of any that the caller has: few are allowed at a time. What is unique of them follows
    /// from `tag`.
    pub(super) async fn new(cloud: &TestCloud, caller: &TestCaller, tag: &str) -> Self {
        let all = api::DescribeCustomKeyStoresRequest::default();
        let all = cloud.call::<api::DescribeCustomKeyStores>(caller, all).await.unwrap();
        for store in all.custom_key_stores.unwrap().iter() {
            let custom_key_store_id = store.custom_key_store_id.clone().unwrap();
            let request =
                api::DisconnectCustomKeyStoreRequest { custom_key_store_id: custom_key_store_id.clone() };
            // Some are not connected.
            let _refused = cloud.call::<api::DisconnectCustomKeyStore>(caller, request).await;
            let request = api::DeleteCustomKeyStoreRequest { custom_key_store_id };
            cloud.call::<api::DeleteCustomKeyStore>(caller, request).await.unwrap();
        }
        let disconnected = new(cloud, caller, tag).await;
        let connecting = new(cloud, caller, &format!("{tag}-2")).await;
        let request = api::ConnectCustomKeyStoreRequest { custom_key_store_id: connecting.clone() };
        cloud.call::<api::ConnectCustomKeyStore>(caller, request).await.unwrap();
        Self { disconnected, connecting }
    }

    /// A valid input; `tag` is the one that they were made with.
    pub(super) fn sample(&self, operation: &str, tag: &str) -> Json {
        let credential = json!({"AccessKeyId": CANARY.repeat(4), "RawSecretAccessKey": CANARY.repeat(8)});
        let Self { disconnected, connecting } = self;
        match operation {
            "CreateCustomKeyStore" => json!({
                "CustomKeyStoreName": format!("new {tag}"), "CustomKeyStoreType": "EXTERNAL_KEY_STORE",
                "XksProxyUriEndpoint": "https://new.example.com",
                "XksProxyUriPath": format!("/{tag}/kms/xks/v1"),
                "XksProxyConnectivity": "PUBLIC_ENDPOINT", "XksProxyAuthenticationCredential": credential,
            }),
            "UpdateCustomKeyStore" => json!({
                "CustomKeyStoreId": disconnected, "NewCustomKeyStoreName": format!("another {tag}"),
                "XksProxyAuthenticationCredential": credential,
            }),
            "DescribeCustomKeyStores" => json!({"CustomKeyStoreId": disconnected, "Limit": 10}),
            "DisconnectCustomKeyStore" => json!({"CustomKeyStoreId": connecting}),
            "ConnectCustomKeyStore" | "DeleteCustomKeyStore" => json!({"CustomKeyStoreId": disconnected}),
            operation => panic!("give {operation} a sample"),
        }
    }
}

async fn new(cloud: &TestCloud, caller: &TestCaller, tag: &str) -> String {
    let credential = XksProxyAuthenticationCredentialType {
        access_key_id: CANARY.repeat(4).into(),
        raw_secret_access_key: CANARY.repeat(8).into(),
    };
    let request = api::CreateCustomKeyStoreRequest {
        custom_key_store_name: format!("store {tag}"),
        custom_key_store_type: Some(CustomKeyStoreType::ExternalKeyStore),
        xks_proxy_uri_endpoint: Some("https://xks.example.com".to_owned()),
        xks_proxy_uri_path: Some(format!("/{tag}/kms/xks/v1")),
        xks_proxy_authentication_credential: Some(credential),
        xks_proxy_connectivity: Some(XksProxyConnectivityType::PublicEndpoint),
        ..api::CreateCustomKeyStoreRequest::default()
    };
    cloud.call::<api::CreateCustomKeyStore>(caller, request).await.unwrap().custom_key_store_id.unwrap()
}
