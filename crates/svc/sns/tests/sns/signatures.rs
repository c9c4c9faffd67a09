//! Signatures: found right with the certificate that everyone may ask for, by another library than the one that signs.
//!
//! The text that is signed follows
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html>.

use alcazar_shape::Protocol;
use alcazar_testkit::{WireRequest, WireResponse};
use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, RsaParameters,
    UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::{Value as Json, json};
use webpki::EndEntityCert;

use crate::client::{ACCOUNT, Client};

async fn get(client: &Client, path: &str) -> WireResponse {
    let mut request = WireRequest {
        method: ::http::Method::GET,
        path: path.to_owned(),
        query: String::new(),
        headers: ::http::HeaderMap::new(),
        body: Vec::new(),
    };
    request.set("host", "localhost:4566");
    client.cloud.send(Protocol::AwsQuery, &request).await
}

/// Whether the document's signature is right, by the certificate that it names.
async fn is_right(client: &Client, document: &Json, members: &[&str]) -> bool {
    let path = document["SigningCertURL"].as_str().unwrap().strip_prefix("http://localhost:4566").unwrap();
    assert!(path.starts_with("/SimpleNotificationService-") && path.ends_with(".pem"), "{path}");
    let answer = get(client, path).await;
    assert_eq!(answer.status(), 200);
    let certificate = CertificateDer::from_pem_slice(&answer.encoded.body).unwrap();
    let certificate = EndEntityCert::try_from(&certificate).unwrap();
    certificate.verify_is_valid_for_subject_name(&"sns.amazonaws.com".try_into().unwrap()).unwrap();
    let parameters: &'static RsaParameters = match document["SignatureVersion"].as_str().unwrap() {
        "1" => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        _ => &RSA_PKCS1_2048_8192_SHA256,
    };
    let mut text = String::new();
    for member in members.iter().filter(|member| document.get(**member).is_some()) {
        text.push_str(&format!("{member}\n{}\n", document[*member].as_str().unwrap()));
    }
    let signature = STANDARD.decode(document["Signature"].as_str().unwrap()).unwrap();
    let key = UnparsedPublicKey::new(parameters, certificate.subject_public_key_info().as_ref().to_vec());
    key.verify(text.as_bytes(), &signature).is_ok()
}

const NOTIFICATION: [&str; 6] = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
const CONFIRMATION: [&str; 7] =
    ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

#[tokio::test]
async fn messages_and_confirmations_are_signed_in_both_versions() {
    let client = Client::new(130);
    for (name, attributes, version) in
        [("one", json!({}), "1"), ("two", json!({"SignatureVersion": "2"}), "2")]
    {
        let topic = client.topic_with(name, attributes).await;
        let endpoint = format!("http://example.com/{name}");
        let input = json!({"TopicArn": topic, "Protocol": "http", "Endpoint": endpoint});
        client.ok("Subscribe", input).await;
        let question = client.sent_bodies().await.remove(0);
        assert_eq!(question["SignatureVersion"], version);
        assert!(is_right(&client, &question, &CONFIRMATION).await, "{name}");
        client.ok("ConfirmSubscription", json!({"TopicArn": topic, "Token": question["Token"]})).await;
        client.publish(&topic, "hello").await;
        client.ok("Publish", json!({"TopicArn": topic, "Message": "a\nb", "Subject": "s"})).await;
        for mut document in client.sent_bodies().await {
            assert_eq!(document["SignatureVersion"], version);
            assert!(is_right(&client, &document, &NOTIFICATION).await, "{name}");
            document["Message"] = json!("changed");
            assert!(!is_right(&client, &document, &NOTIFICATION).await, "{name}");
        }
    }
}

#[tokio::test]
async fn the_key_is_the_same_on_every_node_and_the_certificate_is_found_by_its_name_alone() {
    let client = Client::new(131);
    let topic = client.topic("t").await;
    client.subscribe(&topic, "http", "http://example.com/", json!({})).await;
    client.publish(&topic, "one").await;
    let one = client.sent_bodies().await.remove(0);
    let again = Client::of(client.cloud.another_node());
    again.publish(&topic, "two").await;
    let two = again.sent_bodies().await.remove(0);
    assert_eq!(one["SigningCertURL"], two["SigningCertURL"]);
    assert!(is_right(&again, &two, &NOTIFICATION).await);
    for path in
        ["/SimpleNotificationService-0.pem", "/SimpleNotificationService-", "/SimpleNotificationService.pem"]
    {
        assert_ne!(get(&client, path).await.status(), 200, "{path}");
    }
    assert!(topic.contains(ACCOUNT));
}
