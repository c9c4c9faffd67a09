//! External key stores: made, connected, changed, told of, deleted.

use std::time::Duration;

use alcazar_engine::port::outbound::OutboundError;
use alcazar_engine::port::outbound::OutboundMethod;
use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT};

/// The secret half of every store's credential.
pub(crate) const SECRET: &str = "0123456789abcdefghijABCDEFGHIJ0123456789abcdefg";

/// The input of a store with a public endpoint.
pub(crate) fn public(name: &str, host: &str, path: &str) -> Json {
    json!({
        "CustomKeyStoreName": name, "CustomKeyStoreType": "EXTERNAL_KEY_STORE",
        "XksProxyUriEndpoint": format!("https://{host}"), "XksProxyUriPath": format!("{path}/kms/xks/v1"),
        "XksProxyConnectivity": "PUBLIC_ENDPOINT",
        "XksProxyAuthenticationCredential": {
            "AccessKeyId": "ABCDEFGHIJKLMNOPQRST", "RawSecretAccessKey": SECRET,
        },
    })
}

/// The input of a store behind a VPC endpoint service.
pub(crate) fn behind_service(name: &str, host: &str, service: &str) -> Json {
    let mut input = public(name, host, "");
    input["XksProxyConnectivity"] = json!("VPC_ENDPOINT_SERVICE");
    input["XksProxyVpcEndpointServiceName"] =
        json!(format!("com.amazonaws.vpce.us-east-1.vpce-svc-{service}"));
    input
}

/// Makes a store and gives back its id.
pub(crate) async fn new(kms: &Client<'_>, input: Json) -> String {
    kms.ok("CreateCustomKeyStore", input).await["CustomKeyStoreId"].as_str().unwrap().to_owned()
}

async fn describe(kms: &Client<'_>, id: &str) -> Json {
    kms.ok("DescribeCustomKeyStores", json!({"CustomKeyStoreId": id})).await["CustomKeyStores"][0].clone()
}

/// Connects a store, and waits until that has come to an end.
pub(crate) async fn connect(kms: &Client<'_>, id: &str) {
    kms.ok("ConnectCustomKeyStore", json!({"CustomKeyStoreId": id})).await;
    kms.cloud.advance(Duration::from_secs(1)).await;
}

#[tokio::test]
async fn a_store_is_made_when_its_proxy_is_well() {
    let cloud = TestCloud::new(900);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let id = new(&kms, public("one", "XKS.example.com", "/p")).await;
    assert!(id.starts_with("cks-") && id.len() == 21, "{id}");
    let requests = cloud.outside().take_requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(
        (requests[0].host.as_str(), requests[0].path.as_str()),
        ("xks.example.com", "/p/kms/xks/v1/health")
    );
    let OutboundMethod::Post { body, signature } = &requests[0].method else { panic!("it does not post") };
    assert_eq!(signature.service, "kms-xks-proxy");
    let said: Json = serde_json::from_slice(body).unwrap();
    assert_eq!(said["requestMetadata"]["kmsOperation"], "CreateCustomKeyStore");
    assert_eq!(said["requestMetadata"]["kmsRequestId"], json!(cloud.last_event().request_id));

    let store = describe(&kms, &id).await;
    assert_eq!(store["ConnectionState"], "DISCONNECTED");
    assert_eq!(store["CustomKeyStoreType"], "EXTERNAL_KEY_STORE");
    let proxy = &store["XksProxyConfiguration"];
    assert_eq!(proxy["AccessKeyId"], "ABCDEFGHIJKLMNOPQRST");
    assert_eq!(proxy["UriEndpoint"], "https://XKS.example.com");
    assert!(proxy.get("VpcEndpointServiceName").is_none() && store.get("ConnectionErrorCode").is_none());
    assert!(!store.to_string().contains(SECRET) && !format!("{:?}", cloud.events()).contains(SECRET));
}

#[tokio::test]
async fn connecting_is_answered_at_once_and_done_afterwards() {
    let cloud = TestCloud::new(901);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let id = new(&kms, public("one", "xks.example.com", "")).await;
    let this = json!({"CustomKeyStoreId": id});
    kms.ok("ConnectCustomKeyStore", this.clone()).await;
    assert_eq!(describe(&kms, &id).await["ConnectionState"], "CONNECTING");
    // Once more changes nothing.
    kms.ok("ConnectCustomKeyStore", this.clone()).await;
    let _ = cloud.outside().take_requests();
    cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(cloud.outside().take_requests().len(), 1);
    assert_eq!(cloud.last_event().event_name, "ConnectCustomKeyStore");
    assert_eq!(describe(&kms, &id).await["ConnectionState"], "CONNECTED");
    kms.ok("ConnectCustomKeyStore", this.clone()).await;
    assert_eq!(describe(&kms, &id).await["ConnectionState"], "CONNECTED");

    kms.refused("DeleteCustomKeyStore", this.clone(), "CustomKeyStoreInvalidStateException").await;
    kms.ok("DisconnectCustomKeyStore", this.clone()).await;
    kms.refused("DisconnectCustomKeyStore", this.clone(), "CustomKeyStoreInvalidStateException").await;
    kms.ok("DeleteCustomKeyStore", this.clone()).await;
    kms.refused("DeleteCustomKeyStore", this, "CustomKeyStoreNotFoundException").await;
    // Name and address are free again.
    new(&kms, public("one", "xks.example.com", "")).await;
}

#[tokio::test]
async fn an_attempt_that_was_given_up_does_not_connect() {
    let cloud = TestCloud::new(902);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let id = new(&kms, public("one", "xks.example.com", "")).await;
    kms.ok("ConnectCustomKeyStore", json!({"CustomKeyStoreId": id})).await;
    kms.ok("DisconnectCustomKeyStore", json!({"CustomKeyStoreId": id})).await;
    cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(describe(&kms, &id).await["ConnectionState"], "DISCONNECTED");
}

#[tokio::test]
async fn a_failure_to_connect_is_told_with_its_reason() {
    let cloud = TestCloud::new(903);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let id = new(&kms, public("one", "xks.example.com", "")).await;
    let this = json!({"CustomKeyStoreId": id});
    let unwell = json!({"errorName": "AuthenticationFailedException"});
    let failures: [(&dyn Fn(), &str); 5] = [
        (&|| cloud.outside().answer(401, &unwell), "INVALID_CREDENTIALS"),
        (&|| cloud.outside().answer(200, &json!({})), "XKS_PROXY_INVALID_RESPONSE"),
        (&|| cloud.outside().fail(OutboundError::TimedOut), "XKS_PROXY_TIMED_OUT"),
        (&|| cloud.outside().fail(OutboundError::Tls("x".to_owned())), "XKS_PROXY_INVALID_TLS_CONFIGURATION"),
        (&|| cloud.outside().fail(OutboundError::Unreachable("x".to_owned())), "XKS_PROXY_NOT_REACHABLE"),
    ];
    for (fail, code) in failures {
        fail();
        connect(&kms, &id).await;
        let store = describe(&kms, &id).await;
        assert_eq!(
            (&store["ConnectionState"], &store["ConnectionErrorCode"]),
            (&json!("FAILED"), &json!(code))
        );
        kms.refused("ConnectCustomKeyStore", this.clone(), "CustomKeyStoreInvalidStateException").await;
        kms.refused("DeleteCustomKeyStore", this.clone(), "CustomKeyStoreInvalidStateException").await;
        kms.ok("DisconnectCustomKeyStore", this.clone()).await;
    }
}

#[tokio::test]
async fn stores_are_listed_in_pages_and_are_their_accounts_alone() {
    let cloud = TestCloud::builder(904).quota("kms.custom-key-stores", "3").build();
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let kms = Client::new(&cloud, &root);
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(new(&kms, public(&n.to_string(), "xks.example.com", &format!("/{n}"))).await);
    }
    let message = kms
        .refused("CreateCustomKeyStore", public("3", "xks.example.com", "/3"), "LimitExceededException")
        .await;
    assert!(message.contains("quota for this account in this region is 3, current usage is 3"), "{message}");
    let (mut found, mut input) = (Vec::new(), json!({"Limit": 2}));
    loop {
        let page = kms.ok("DescribeCustomKeyStores", input.clone()).await;
        let stores = page["CustomKeyStores"].as_array().unwrap();
        found.extend(stores.iter().map(|store| store["CustomKeyStoreId"].as_str().unwrap().to_owned()));
        assert_eq!(page["Truncated"], json!(page.get("NextMarker").is_some()));
        let Some(marker) = page.get("NextMarker") else { break };
        input["Marker"] = marker.clone();
    }
    ids.sort();
    assert_eq!(found, ids);
    let named = kms.ok("DescribeCustomKeyStores", json!({"CustomKeyStoreName": "1"})).await;
    assert_eq!(named["CustomKeyStores"][0]["CustomKeyStoreName"], "1");
    let theirs = Client::new(&cloud, &other);
    let by_id = json!({"CustomKeyStoreId": ids[0]});
    theirs.refused("DescribeCustomKeyStores", by_id, "CustomKeyStoreNotFoundException").await;
    assert_eq!(theirs.ok("DescribeCustomKeyStores", json!({})).await["CustomKeyStores"], json!([]));
}

#[tokio::test]
async fn what_may_change_while_connected_does_and_the_rest_does_not() {
    let cloud = TestCloud::new(905);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let id = new(&kms, public("one", "xks.example.com", "")).await;
    connect(&kms, &id).await;
    let update = |change: Json| {
        let mut input = change;
        input["CustomKeyStoreId"] = json!(id);
        input
    };
    kms.ok("UpdateCustomKeyStore", update(json!({"NewCustomKeyStoreName": "two"}))).await;
    kms.ok("UpdateCustomKeyStore", update(json!({"XksProxyUriPath": "/x/kms/xks/v1"}))).await;
    let host = update(json!({"XksProxyUriEndpoint": "https://new.example.com"}));
    kms.refused("UpdateCustomKeyStore", host.clone(), "CustomKeyStoreInvalidStateException").await;
    kms.ok("DisconnectCustomKeyStore", json!({"CustomKeyStoreId": id})).await;
    let _ = cloud.outside().take_requests();
    kms.ok("UpdateCustomKeyStore", host).await;
    let requests = cloud.outside().take_requests();
    assert_eq!((requests.len(), requests[0].host.as_str()), (1, "new.example.com"));
    let service = behind_service("", "vpc.example.com", "0a1");
    let to_service = update(json!({
        "XksProxyConnectivity": "VPC_ENDPOINT_SERVICE",
        "XksProxyVpcEndpointServiceName": service["XksProxyVpcEndpointServiceName"],
    }));
    kms.refused("UpdateCustomKeyStore", to_service.clone(), "ValidationException").await;
    let mut to_service = to_service;
    to_service["XksProxyUriEndpoint"] = service["XksProxyUriEndpoint"].clone();
    kms.ok("UpdateCustomKeyStore", to_service).await;
    let proxy = describe(&kms, &id).await["XksProxyConfiguration"].clone();
    assert_eq!(
        (&proxy["Connectivity"], &proxy["VpcEndpointServiceOwner"]),
        (&json!("VPC_ENDPOINT_SERVICE"), &json!(ACCOUNT))
    );
    // What the store had before is free.
    new(&kms, public("one", "new.example.com", "/x")).await;
}
