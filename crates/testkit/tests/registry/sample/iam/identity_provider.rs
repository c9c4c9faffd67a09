//! Samples of OpenID Connect providers.

use std::future::Future;

use serde_json::{Value as Json, json};

use super::{Things, tags};

/// A certificate's thumbprint.
const THUMBPRINT: &str = "0123456789abcdef0123456789abcdef01234567";

/// Makes the provider.
pub(super) async fn make<F: Future<Output = Json>>(tag: &str, call: impl Fn(&'static str, Json) -> F) {
    let request = json!({
        "Url": format!("https://{tag}.example.com"), "ClientIDList": ["client"],
        "ThumbprintList": [THUMBPRINT], "Tags": tags(),
    });
    call("CreateOpenIDConnectProvider", request).await;
}

pub(super) fn sample(operation: &str, things: &Things) -> Option<Json> {
    let arn = things.arn("oidc-provider", &format!("{}.example.com", things.tag));
    Some(match operation {
        "CreateOpenIDConnectProvider" => json!({
            "Url": format!("https://new-{}.example.com", things.tag), "ClientIDList": ["client"],
            "ThumbprintList": [THUMBPRINT], "Tags": tags(),
        }),
        "GetOpenIDConnectProvider" | "DeleteOpenIDConnectProvider" => {
            json!({"OpenIDConnectProviderArn": arn})
        }
        "AddClientIDToOpenIDConnectProvider" => {
            json!({"OpenIDConnectProviderArn": arn, "ClientID": "another"})
        }
        "RemoveClientIDFromOpenIDConnectProvider" => {
            json!({"OpenIDConnectProviderArn": arn, "ClientID": "client"})
        }
        "UpdateOpenIDConnectProviderThumbprint" => {
            json!({"OpenIDConnectProviderArn": arn, "ThumbprintList": [THUMBPRINT]})
        }
        "ListOpenIDConnectProviderTags" => json!({"OpenIDConnectProviderArn": arn, "MaxItems": 10}),
        "TagOpenIDConnectProvider" => {
            json!({"OpenIDConnectProviderArn": arn, "Tags": [{"Key": "Team", "Value": "blue"}]})
        }
        "UntagOpenIDConnectProvider" => json!({"OpenIDConnectProviderArn": arn, "TagKeys": ["Team"]}),
        _ => return None,
    })
}
