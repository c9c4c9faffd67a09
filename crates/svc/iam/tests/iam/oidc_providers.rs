//! OpenID Connect providers.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client, each};

const THUMBPRINT: &str = "0123456789abcdef0123456789abcdef01234567";

#[tokio::test]
async fn a_provider_is_made_told_changed_and_deleted() {
    let cloud = TestCloud::new(230);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let url = "https://oidc.example.com/id/A1";
    let input = json!({"Url": url, "ClientIDList": ["sts.amazonaws.com"], "ThumbprintList": [THUMBPRINT]});
    let made = iam.ok("CreateOpenIDConnectProvider", input.clone()).await;
    let arn = json!(format!("arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.example.com/id/A1"));
    assert_eq!(made, json!({"OpenIDConnectProviderArn": arn}));
    let again = iam.refused("CreateOpenIDConnectProvider", input).await;
    assert_eq!(again, format!("EntityAlreadyExists: Provider with url {url} already exists."));

    let named = json!({"OpenIDConnectProviderArn": arn});
    let client = |id: &str| json!({"OpenIDConnectProviderArn": arn, "ClientID": id});
    for id in ["mine", "mine"] {
        iam.ok("AddClientIDToOpenIDConnectProvider", client(id)).await;
    }
    for id in ["sts.amazonaws.com", "unknown"] {
        iam.ok("RemoveClientIDFromOpenIDConnectProvider", client(id)).await;
    }
    let thumbprints =
        json!({"OpenIDConnectProviderArn": arn, "ThumbprintList": [THUMBPRINT, "0".repeat(40)]});
    iam.ok("UpdateOpenIDConnectProviderThumbprint", thumbprints.clone()).await;
    let told = iam.ok("GetOpenIDConnectProvider", named.clone()).await;
    assert_eq!((&told["Url"], &told["ClientIDList"]), (&json!("oidc.example.com/id/A1"), &json!(["mine"])));
    assert_eq!((&told["ThumbprintList"], &told["Tags"]), (&thumbprints["ThumbprintList"], &json!([])));
    let listed = iam.ok("ListOpenIDConnectProviders", json!({})).await;
    assert_eq!(listed["OpenIDConnectProviderList"], json!([{"Arn": arn}]));

    iam.ok("DeleteOpenIDConnectProvider", named.clone()).await;
    iam.ok("DeleteOpenIDConnectProvider", named.clone()).await;
    let gone = iam.refused("GetOpenIDConnectProvider", named).await;
    assert_eq!(
        gone,
        format!("NoSuchEntity: OpenIDConnect Provider not found for arn {}", arn.as_str().unwrap())
    );
}

#[tokio::test]
async fn a_provider_keeps_within_its_limits() {
    let cloud = TestCloud::builder(231)
        .quota("iam.clients-per-oidc-provider", "2")
        .quota("iam.oidc-providers", "1")
        .build();
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    for url in ["http://example.com", "https://example.com?x=1", "https://"] {
        let refused = iam.refused("CreateOpenIDConnectProvider", json!({"Url": url})).await;
        assert_eq!(refused, "ValidationError: Invalid Open ID Connect Provider URL", "{url}");
    }
    let six = json!({"Url": "https://example.com", "ThumbprintList": vec![THUMBPRINT; 6]});
    let refused = iam.refused("CreateOpenIDConnectProvider", six).await;
    assert_eq!(refused, "InvalidInput: Thumbprint list must contain fewer than 5 entries.");
    let three = json!({"Url": "https://example.com", "ClientIDList": ["a", "b", "c"]});
    let refused = iam.refused("CreateOpenIDConnectProvider", three).await;
    assert_eq!(refused, "LimitExceeded: Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 2");
    iam.ok("CreateOpenIDConnectProvider", json!({"Url": "https://example.com"})).await;
    let refused = iam.refused("CreateOpenIDConnectProvider", json!({"Url": "https://example.org"})).await;
    assert_eq!(refused, "LimitExceeded: Cannot exceed quota for OpenIdConnectProvidersPerAccount: 1");
}

#[tokio::test]
async fn a_provider_has_tags() {
    let cloud = TestCloud::new(232);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let tag = |key: &str| json!({"Key": key, "Value": "1"});
    let made = iam
        .ok("CreateOpenIDConnectProvider", json!({"Url": "https://example.com", "Tags": [tag("a")]}))
        .await;
    assert_eq!(made["Tags"], json!([tag("a")]));
    let arn = &made["OpenIDConnectProviderArn"];
    iam.ok(
        "TagOpenIDConnectProvider",
        json!({"OpenIDConnectProviderArn": arn, "Tags": [tag("A"), tag("b")]}),
    )
    .await;
    iam.ok("UntagOpenIDConnectProvider", json!({"OpenIDConnectProviderArn": arn, "TagKeys": ["a"]})).await;
    let named = json!({"OpenIDConnectProviderArn": arn});
    let tags = iam.pages("ListOpenIDConnectProviderTags", named, "Tags", 1).await;
    assert_eq!(each(&tags, "Key"), ["A", "b"]);
}
