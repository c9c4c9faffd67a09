//! `AssumeRoleWithWebIdentity`: sessions for those whom an OpenID Connect provider vouches for.

use std::time::Duration;

use alcazar_api_iam::operation::{CreateOpenIDConnectProvider, CreateOpenIDConnectProviderRequest};
use alcazar_api_sts::operation::{
    AssumeRoleWithWebIdentity, AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityResponse,
};
use alcazar_engine::port::outbound::OutboundError;
use alcazar_shape::{ApiError, ApiOperation as _, Protocol};
use alcazar_testkit::{TestCloud, WireRequest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};

use crate::scene::{ACCOUNT, ALL, allow, may_list_users, role, told};

const ISSUER: &str = "oidc.example.com/id/A1";
const AUDIENCE: &str = "sts.amazonaws.com";
const ACTION: &[&str] = &["sts:AssumeRoleWithWebIdentity"];

/// An OpenID Connect provider that signs whatever it is given.
struct Provider {
    pair: EcdsaKeyPair,
    key_id: String,
}

impl Provider {
    fn new(key_id: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Self { pair, key_id: key_id.to_owned() }
    }

    /// Shows its documents to the cloud.
    fn publish(&self, cloud: &TestCloud) {
        let configuration =
            json!({"issuer": format!("https://{ISSUER}"), "jwks_uri": "https://keys.example.com/jwks"});
        cloud.outside().publish(&format!("{ISSUER}/.well-known/openid-configuration"), &configuration);
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        let text = |number| URL_SAFE_NO_PAD.encode(number);
        let key = json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "kid": self.key_id, "x": text(x), "y": text(y)});
        cloud.outside().publish("keys.example.com/jwks", &json!({"keys": [key]}));
    }

    fn sign(&self, claims: &Json) -> String {
        self.sign_as(&json!({"alg": "ES256", "typ": "JWT", "kid": self.key_id}), claims)
    }

    #[allow(clippy::disallowed_methods, reason = "the library's signer takes randomness from no port")]
    fn sign_as(&self, header: &Json, claims: &Json) -> String {
        let text = |part: &Json| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", text(header), text(claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// A cloud that knows the provider, and the ARN of a mighty role that trusts whom `condition` says.
async fn scene(seed: u64, actions: &[&str], condition: &Json) -> (TestCloud, Provider, String) {
    let cloud = TestCloud::new(seed);
    let provider = Provider::new("k1");
    provider.publish(&cloud);
    let request = CreateOpenIDConnectProviderRequest {
        url: format!("https://{ISSUER}"),
        client_id_list: Some(vec![AUDIENCE.to_owned(), "other".to_owned()].into()),
        ..CreateOpenIDConnectProviderRequest::default()
    };
    let root = cloud.root(ACCOUNT);
    let arn = cloud.call::<CreateOpenIDConnectProvider>(&root, request).await.unwrap();
    let mut statement = json!({
        "Effect": "Allow", "Principal": {"Federated": arn.open_id_connect_provider_arn.unwrap()},
        "Action": actions});
    if condition.is_object() {
        statement["Condition"] = condition.clone();
    }
    let arn = role(&cloud, ACCOUNT, "web", &json!({"Version": "2012-10-17", "Statement": [statement]})).await;
    allow(&cloud, ACCOUNT, "web", ALL).await;
    (cloud, provider, arn)
}

fn claims(cloud: &TestCloud) -> Json {
    let now = cloud.now().as_secs();
    json!({
        "iss": format!("https://{ISSUER}"), "sub": "system:pod", "aud": [AUDIENCE], "iat": now,
        "exp": now + 600})
}

fn with(mut claims: Json, name: &str, value: Json) -> Json {
    claims[name] = value;
    claims
}

async fn assume(
    cloud: &TestCloud,
    arn: &str,
    token: String,
) -> Result<AssumeRoleWithWebIdentityResponse, ApiError> {
    let request = AssumeRoleWithWebIdentityRequest {
        role_arn: arn.to_owned(),
        role_session_name: "pod".to_owned(),
        web_identity_token: token.into(),
        ..AssumeRoleWithWebIdentityRequest::default()
    };
    cloud.call::<AssumeRoleWithWebIdentity>(&cloud.anonymous(), request).await
}

#[tokio::test]
async fn a_token_begins_a_session_of_a_role_that_trusts_its_subject() {
    let condition = json!({"StringEquals": {
        format!("{ISSUER}:sub"): "system:pod", format!("{ISSUER}:aud"): AUDIENCE}});
    let (cloud, provider, arn) = scene(100, ACTION, &condition).await;
    let answer = assume(&cloud, &arn, provider.sign(&claims(&cloud))).await.unwrap();
    assert_eq!(answer.subject_from_web_identity_token.as_deref(), Some("system:pod"));
    assert_eq!(answer.audience.as_deref(), Some(AUDIENCE));
    let provider_arn = format!("arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}");
    assert_eq!(answer.provider.as_deref(), Some(provider_arn.as_str()));
    let event = cloud.last_record();
    let identity = &event["userIdentity"];
    assert_eq!(identity["type"], "WebIdentityUser");
    assert_eq!(identity["userName"], "system:pod");
    assert_eq!(identity["identityProvider"], provider_arn);
    assert_eq!(identity["principalId"], format!("{provider_arn}:{AUDIENCE}:system:pod"));
    assert!(!event.to_string().contains("webIdentityToken"));
    let session = cloud.session(answer.credentials.unwrap());
    assert!(may_list_users(&cloud, &session).await);
    let event = cloud.last_record();
    let context = &event["userIdentity"]["sessionContext"];
    assert_eq!(context["webIdFederationData"]["federatedProvider"], provider_arn);
    let other = provider.sign(&with(claims(&cloud), "sub", json!("system:other")));
    let denied = ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity".to_owned());
    assert_eq!(told(assume(&cloud, &arn, other).await), denied);
    let unknown = format!("arn:aws:iam::{ACCOUNT}:role/unknown");
    assert_eq!(told(assume(&cloud, &unknown, provider.sign(&claims(&cloud))).await), denied);
}

#[tokio::test]
async fn what_the_provider_says_counts_in_the_roles_policies_too() {
    let (cloud, provider, arn) = scene(101, ACTION, &Json::Null).await;
    let condition = json!({"StringEquals": {format!("{ISSUER}:sub"): "system:pod"}});
    let statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition});
    let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    allow(&cloud, ACCOUNT, "web", &policy).await;
    for (subject, may) in [("system:pod", true), ("system:other", false)] {
        let token = provider.sign(&with(claims(&cloud), "sub", json!(subject)));
        let answer = assume(&cloud, &arn, token).await.unwrap();
        assert_eq!(may_list_users(&cloud, &cloud.session(answer.credentials.unwrap())).await, may);
    }
}

#[tokio::test]
async fn a_token_that_proves_nothing_is_refused_in_aws_words() {
    let (cloud, provider, arn) = scene(102, ACTION, &Json::Null).await;
    let good = claims(&cloud);
    let now = cloud.now().as_secs();
    let (stranger, unknown) = (Provider::new("k1"), Provider::new("k2"));
    let no_jwt =
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)";
    let no_key = "Couldn't retrieve verification key from your identity provider,  please reference \
                  AssumeRoleWithWebIdentity documentation for requirements";
    let algorithm = "The ID Token provided is signed with an algorithm that is not supported.";
    let expired =
        format!("Token expired: current date/time {now} must be before the expiration date/time{now}");
    let elsewhere = with(good.clone(), "iss", json!("https://oidc.example.com/id/B2"));
    let no_provider = "No OpenIDConnect provider found in your account for https://oidc.example.com/id/B2";
    for (token, code, text) in [
        ("opaque".to_owned(), "InvalidIdentityToken", no_jwt),
        ("a.b.c".to_owned(), "InvalidIdentityToken", no_jwt),
        (provider.sign_as(&json!({"alg": "none"}), &good), "InvalidIdentityToken", algorithm),
        (provider.sign_as(&json!({"alg": "HS256"}), &good), "InvalidIdentityToken", algorithm),
        (provider.sign_as(&json!({"alg": "RS256", "kid": "k1"}), &good), "InvalidIdentityToken", no_key),
        (stranger.sign(&good), "InvalidIdentityToken", "Provided token's signature is invalid"),
        (unknown.sign(&good), "InvalidIdentityToken", no_key),
        (provider.sign(&elsewhere), "InvalidIdentityToken", no_provider),
        (
            provider.sign(&with(good.clone(), "aud", json!("nobody"))),
            "InvalidIdentityToken",
            "Incorrect token audience",
        ),
        (
            provider.sign(&with(good.clone(), "azp", json!("nobody"))),
            "InvalidIdentityToken",
            "Incorrect token audience",
        ),
        (
            provider.sign(&with(good.clone(), "sub", Json::Null)),
            "InvalidIdentityToken",
            "Missing a required claim: sub",
        ),
        (provider.sign(&with(good.clone(), "exp", json!(now))), "ExpiredTokenException", &expired),
        (
            provider.sign(&with(good.clone(), "exp", json!(1.5))),
            "InvalidIdentityToken",
            "Missing a required claim: exp",
        ),
    ] {
        assert_eq!(told(assume(&cloud, &arn, token).await), (code, text.to_owned()));
    }
    assert!(assume(&cloud, &arn, provider.sign(&good)).await.is_ok());
    let mut changed = provider.sign(&good);
    changed.insert(changed.rfind('.').unwrap(), 'A');
    assert!(assume(&cloud, &arn, changed).await.is_err());
}

#[tokio::test]
async fn keys_are_asked_for_once_and_again_when_they_have_changed() {
    let (cloud, provider, arn) = scene(103, ACTION, &Json::Null).await;
    for _ in 0..3 {
        assert!(assume(&cloud, &arn, provider.sign(&claims(&cloud))).await.is_ok());
    }
    assert_eq!(cloud.outside().take_requests().len(), 2);
    let newer = Provider::new("k2");
    newer.publish(&cloud);
    assert!(assume(&cloud, &arn, newer.sign(&claims(&cloud))).await.is_err());
    assert_eq!(cloud.outside().take_requests().len(), 0, "made-up keys have nobody asked at once");
    cloud.advance(Duration::from_secs(31)).await;
    assert!(assume(&cloud, &arn, newer.sign(&claims(&cloud))).await.is_ok());
    assert!(assume(&cloud, &arn, provider.sign(&claims(&cloud))).await.is_err());
}

#[tokio::test]
async fn a_provider_that_is_not_there_or_speaks_for_another_is_told_of() {
    let (cloud, provider, arn) = scene(104, ACTION, &Json::Null).await;
    let discovery = format!("{ISSUER}/.well-known/openid-configuration");
    let impostor =
        json!({"issuer": "https://other.example.com", "jwks_uri": "https://keys.example.com/jwks"});
    cloud.outside().publish(&discovery, &impostor);
    let token = provider.sign(&claims(&cloud));
    let (code, text) = told(assume(&cloud, &arn, token.clone()).await);
    assert!(code == "InvalidIdentityToken" && text.starts_with("Couldn't retrieve"), "{text}");
    cloud.outside().withdraw(&discovery);
    cloud.advance(Duration::from_secs(3601)).await;
    let token = provider.sign(&claims(&cloud));
    for (error, code) in [
        (OutboundError::Unreachable("x".to_owned()), "IDPCommunicationError"),
        (OutboundError::TimedOut, "IDPCommunicationError"),
        (OutboundError::Tls("x".to_owned()), "InvalidIdentityToken"),
    ] {
        cloud.outside().fail(error);
        assert_eq!(told(assume(&cloud, &arn, token.clone()).await).0, code);
    }
}

#[tokio::test]
async fn tags_and_the_source_identity_come_with_the_token() {
    let tags = json!({"principal_tags": {"team": ["red"]}, "transitive_tag_keys": ["team"]});
    let claims = |cloud: &TestCloud| {
        let claims = with(claims(cloud), "https://aws.amazon.com/tags", tags.clone());
        with(claims, "https://aws.amazon.com/source_identity", json!("ann"))
    };
    let all = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity"];
    let (cloud, provider, arn) = scene(105, &all, &Json::Null).await;
    let answer = assume(&cloud, &arn, provider.sign(&claims(&cloud))).await.unwrap();
    assert_eq!(answer.source_identity.as_deref(), Some("ann"));
    let session = cloud.session(answer.credentials.unwrap()).caller.session.clone().unwrap();
    assert_eq!(session.tags, [("team".to_owned(), "red".to_owned())]);
    assert_eq!(session.transitive_tag_keys, ["team"]);
    for missing in ["sts:TagSession", "sts:SetSourceIdentity"] {
        let actions: Vec<_> = all.into_iter().filter(|action| *action != missing).collect();
        let (cloud, provider, arn) = scene(106, &actions, &Json::Null).await;
        let refused = told(assume(&cloud, &arn, provider.sign(&claims(&cloud))).await);
        assert_eq!(refused, ("AccessDenied", format!("Not authorized to perform {missing}")));
    }
}

#[tokio::test]
async fn nobody_signs_for_it_over_the_wire() {
    let (cloud, provider, arn) = scene(107, ACTION, &Json::Null).await;
    let input = json!({
        "RoleArn": arn, "RoleSessionName": "pod", "WebIdentityToken": provider.sign(&claims(&cloud))});
    let request = WireRequest::new(Protocol::AwsQuery, AssumeRoleWithWebIdentity::MODEL, &input);
    let answer = cloud.send(Protocol::AwsQuery, &request).await;
    assert_eq!(answer.status(), 200, "{}", answer.text());
    assert!(answer.text().contains("<SubjectFromWebIdentityToken>system:pod"));
    let user = cloud.user(ACCOUNT, "ann").await;
    let signed = request.signed(&user.with_wrong_secret(), "sts", cloud.wall_time());
    assert_eq!(cloud.send(Protocol::AwsQuery, &signed).await.status(), 200);
}
