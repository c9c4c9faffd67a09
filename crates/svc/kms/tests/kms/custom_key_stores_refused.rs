//! What is refused of custom key stores, and of keys in them.

use alcazar_engine::port::outbound::OutboundError;
use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};
use crate::custom_key_stores::{behind_service, connect, new, public};

const CREATE: &str = "CreateCustomKeyStore";

fn without(mut input: Json, member: &str) -> Json {
    input.as_object_mut().unwrap().remove(member);
    input
}

fn with(mut input: Json, member: &str, value: Json) -> Json {
    input[member] = value;
    input
}

#[tokio::test]
async fn each_type_has_its_own_parameters() {
    let cloud = TestCloud::new(910);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let store = || public("one", "xks.example.com", "");
    for member in
        ["XksProxyUriEndpoint", "XksProxyUriPath", "XksProxyConnectivity", "XksProxyAuthenticationCredential"]
    {
        let message = kms.refused(CREATE, without(store(), member), "ValidationException").await;
        assert!(message.starts_with(member), "{message}");
    }
    let cluster = json!({
        "CustomKeyStoreName": "hsm", "CloudHsmClusterId": "cluster-abcdefghijk",
        "TrustAnchorCertificate": "certificate", "KeyStorePassword": "password",
    });
    for member in ["CloudHsmClusterId", "TrustAnchorCertificate", "KeyStorePassword"] {
        let foreign = with(store(), member, cluster[member].clone());
        kms.refused(CREATE, foreign, "ValidationException").await;
        kms.refused(CREATE, without(cluster.clone(), member), "ValidationException").await;
    }
    let foreign = with(cluster.clone(), "XksProxyUriPath", json!("/kms/xks/v1"));
    kms.refused(CREATE, foreign, "ValidationException").await;
    kms.refused(CREATE, cluster, "CloudHsmClusterNotFoundException").await;

    let service = behind_service("one", "xks.example.com", "0a1");
    kms.refused(CREATE, without(service.clone(), "XksProxyVpcEndpointServiceName"), "ValidationException")
        .await;
    let public_one = with(service, "XksProxyConnectivity", json!("PUBLIC_ENDPOINT"));
    kms.refused(CREATE, public_one, "ValidationException").await;
    assert_eq!(kms.ok("DescribeCustomKeyStores", json!({})).await["CustomKeyStores"], json!([]));
    assert!(cloud.outside().take_requests().is_empty());
}

#[tokio::test]
async fn names_addresses_and_services_are_had_once() {
    let cloud = TestCloud::new(911);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    new(&kms, public("one", "xks.example.com", "/a")).await;
    let second = new(&kms, public("two", "xks.example.com", "/b")).await;
    new(&kms, behind_service("three", "vpc.example.com", "0a1")).await;
    for (input, code) in [
        (public("one", "other.example.com", ""), "CustomKeyStoreNameInUseException"),
        (public("new", "XKS.example.com", "/a"), "XksProxyUriInUseException"),
        (behind_service("new", "xks.example.com", "0a2"), "XksProxyUriEndpointInUseException"),
        (public("new", "vpc.example.com", "/c"), "XksProxyUriEndpointInUseException"),
        (behind_service("new", "other.example.com", "0a1"), "XksProxyVpcEndpointServiceInUseException"),
    ] {
        kms.refused(CREATE, input, code).await;
    }
    let update = |member: &str, value: &str| json!({"CustomKeyStoreId": second, member: value});
    let name = update("NewCustomKeyStoreName", "one");
    kms.refused("UpdateCustomKeyStore", name, "CustomKeyStoreNameInUseException").await;
    let path = update("XksProxyUriPath", "/a/kms/xks/v1");
    kms.refused("UpdateCustomKeyStore", path, "XksProxyUriInUseException").await;
    // Elsewhere all of it is free.
    let there = root.at("eu-west-1");
    new(&Client::new(&cloud, &there), public("one", "xks.example.com", "/a")).await;
}

#[tokio::test]
async fn a_proxy_that_is_not_well_makes_no_store() {
    let cloud = TestCloud::new(912);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for (name, code) in [
        ("AuthenticationFailedException", "XksProxyIncorrectAuthenticationCredentialException"),
        ("InvalidUriPathException", "XksProxyInvalidConfigurationException"),
        ("DependencyTimeoutException", "XksProxyUriUnreachableException"),
        ("ThrottlingException", "XksProxyUriUnreachableException"),
        ("InternalException", "XksProxyInvalidResponseException"),
        ("Nonsense", "XksProxyInvalidResponseException"),
    ] {
        cloud.outside().answer(400, &json!({"errorName": name}));
        kms.refused(CREATE, public("one", "xks.example.com", ""), code).await;
    }
    for (error, code) in [
        (OutboundError::Unreachable(String::new()), "XksProxyUriUnreachableException"),
        (OutboundError::TimedOut, "XksProxyUriUnreachableException"),
        (OutboundError::Tls(String::new()), "XksProxyInvalidConfigurationException"),
        (OutboundError::Unreadable(String::new()), "XksProxyInvalidResponseException"),
    ] {
        cloud.outside().fail(error);
        kms.refused(CREATE, public("one", "xks.example.com", ""), code).await;
    }
    assert_eq!(kms.ok("DescribeCustomKeyStores", json!({})).await["CustomKeyStores"], json!([]));
    // What is behind a VPC endpoint service is not asked before it is connected.
    new(&kms, behind_service("one", "vpc.example.com", "0a1")).await;
}

#[tokio::test]
async fn no_key_is_made_in_a_store() {
    let cloud = TestCloud::new(913);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let id = new(&kms, public("one", "xks.example.com", "")).await;
    let key = json!({"Origin": "EXTERNAL_KEY_STORE", "CustomKeyStoreId": id, "XksKeyId": "key-1"});
    let validation = "ValidationException";
    for (input, code) in [
        (without(key.clone(), "XksKeyId"), validation),
        (without(key.clone(), "CustomKeyStoreId"), validation),
        (without(key.clone(), "Origin"), validation),
        (with(key.clone(), "Origin", json!("AWS_CLOUDHSM")), validation),
        (json!({"XksKeyId": "key-1"}), validation),
        (json!({"Origin": "AWS_CLOUDHSM", "CustomKeyStoreId": id}), validation),
        (with(key.clone(), "MultiRegion", json!(true)), "UnsupportedOperationException"),
        (with(key.clone(), "CustomKeyStoreId", json!("cks-x")), "CustomKeyStoreNotFoundException"),
        (key.clone(), "CustomKeyStoreInvalidStateException"),
    ] {
        kms.refused("CreateKey", input, code).await;
    }
    connect(&kms, &id).await;
    kms.refused("CreateKey", key, "UnsupportedOperationException").await;
    assert_eq!(kms.ok("ListKeys", json!({})).await["Keys"], json!([]));
    let random = json!({"NumberOfBytes": 1, "CustomKeyStoreId": id});
    kms.refused("GenerateRandom", random, "UnsupportedOperationException").await;
    let random = json!({"NumberOfBytes": 1, "CustomKeyStoreId": "cks-x"});
    kms.refused("GenerateRandom", random, "CustomKeyStoreNotFoundException").await;
}
