//! Connections: authorized, changed, and never telling their secrets.

use std::time::Duration;

use alcazar_api_events::operation::*;
use alcazar_api_events::types::*;
use alcazar_base::SecretString;
use alcazar_engine::port::outbound::OutboundMethod;
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::json;

use crate::double;
use crate::shorthand::*;

/// What no answer and no event ever holds.
const SECRET: &str = "HUSH-HUSH";

/// A secret text.
pub(crate) fn secret(text: &str) -> SecretString {
    SecretString::new(text.to_owned())
}

/// A new connection with a header of its own.
pub(crate) fn api_key(name: &str) -> CreateConnectionRequest {
    let parameters = CreateConnectionApiKeyAuthRequestParameters {
        api_key_name: "X-Key".to_owned(),
        api_key_value: secret(SECRET),
    };
    CreateConnectionRequest {
        name: name.to_owned(),
        authorization_type: ConnectionAuthorizationType::ApiKey,
        auth_parameters: CreateConnectionAuthRequestParameters {
            api_key_auth_parameters: Some(parameters),
            ..Default::default()
        },
        description: None,
        invocation_connectivity_parameters: None,
        kms_key_identifier: None,
    }
}

/// A new connection by OAuth, with tokens of `auth.example.com/token`.
pub(crate) fn oauth(name: &str) -> CreateConnectionRequest {
    let parameters = CreateConnectionOAuthRequestParameters {
        client_parameters: CreateConnectionOAuthClientRequestParameters {
            client_id: "client".to_owned(),
            client_secret: secret(SECRET),
        },
        authorization_endpoint: "https://auth.example.com/token".to_owned(),
        http_method: ConnectionOAuthHttpMethod::Post,
        o_auth_http_parameters: None,
    };
    CreateConnectionRequest {
        name: name.to_owned(),
        authorization_type: ConnectionAuthorizationType::OauthClientCredentials,
        auth_parameters: CreateConnectionAuthRequestParameters {
            o_auth_parameters: Some(parameters),
            ..Default::default()
        },
        description: None,
        invocation_connectivity_parameters: None,
        kms_key_identifier: None,
    }
}

/// Parameters of every kind, a secret one and one that is none each.
fn parameters() -> ConnectionHttpParameters {
    let (key, value) = (|key: &str| Some(key.to_owned()), |value| Some(secret(value)));
    ConnectionHttpParameters {
        header_parameters: Some(
            vec![
                ConnectionHeaderParameter {
                    key: key("X-S"),
                    value: value(SECRET),
                    is_value_secret: Some(true),
                },
                ConnectionHeaderParameter { key: key("X-P"), value: value("plain"), is_value_secret: None },
            ]
            .into(),
        ),
        query_string_parameters: Some(
            vec![ConnectionQueryStringParameter {
                key: key("q"),
                value: value(SECRET),
                is_value_secret: Some(true),
            }]
            .into(),
        ),
        body_parameters: Some(
            vec![ConnectionBodyParameter {
                key: key("b"),
                value: value(SECRET),
                is_value_secret: Some(true),
            }]
            .into(),
        ),
    }
}

/// What is told of a connection.
pub(crate) async fn describe(
    cloud: &TestCloud,
    caller: &TestCaller,
    name: &str,
) -> DescribeConnectionResponse {
    let request = DescribeConnectionRequest { name: name.to_owned() };
    cloud.call::<DescribeConnection>(caller, request).await.unwrap()
}

fn nothing_leaked(cloud: &TestCloud) {
    for event in cloud.events() {
        let record = alcazar_engine::audit::render::to_cloudtrail(&event, event.recipient()).to_string();
        assert!(!record.contains(SECRET), "{record}");
    }
}

#[tokio::test]
async fn a_connection_tells_all_but_its_secrets() {
    let cloud = double::cloud(1);
    let root = cloud.root(ACCOUNT);
    let mut request = api_key("c");
    request.auth_parameters.invocation_http_parameters = Some(parameters());
    request.description = Some("to the partner".to_owned());
    let made = cloud.call::<CreateConnection>(&root, request).await.unwrap();
    assert_eq!(made.connection_state, Some(ConnectionState::Authorized));
    let told = describe(&cloud, &root, "c").await;
    assert_eq!(told.connection_arn, made.connection_arn);
    let arn = told.connection_arn.unwrap();
    let id = arn.strip_prefix(&format!("arn:aws:events:us-east-1:{ACCOUNT}:connection/c/")).unwrap();
    assert_eq!(id.len(), 36);
    let secret_arn = told.secret_arn.unwrap();
    let prefix = format!("arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:events!connection/c/");
    assert_eq!(secret_arn.strip_prefix(&prefix).unwrap().len(), 36 + 1 + 6);
    let auth = told.auth_parameters.unwrap();
    assert_eq!(auth.api_key_auth_parameters.as_ref().unwrap().api_key_name.as_deref(), Some("X-Key"));
    assert!(auth.basic_auth_parameters.is_none() && auth.o_auth_parameters.is_none());
    let parameters = auth.invocation_http_parameters.unwrap();
    let headers = parameters.header_parameters.unwrap();
    assert_eq!((&headers[0].value, headers[0].is_value_secret), (&None, Some(true)));
    assert_eq!(
        (headers[1].value.as_ref().unwrap().expose(), headers[1].is_value_secret),
        ("plain", Some(false))
    );
    assert_eq!(parameters.query_string_parameters.unwrap()[0].value, None);
    assert_eq!(parameters.body_parameters.unwrap()[0].value, None);
    assert_eq!(told.last_authorized_time, Some(cloud.now()));
    let event = cloud.events().into_iter().rfind(|event| event.event_name == "CreateConnection").unwrap();
    let recorded = event.request_parameters.unwrap();
    assert!(recorded.contains("X-Key"), "{recorded}");
    assert!(!recorded.contains("piKeyValue") && !recorded.contains("plain"), "{recorded}");
    nothing_leaked(&cloud);
}

#[tokio::test]
async fn a_connection_by_oauth_is_authorized_by_its_first_token() {
    let cloud = double::cloud(2);
    let root = cloud.root(ACCOUNT);
    cloud.outside().publish("auth.example.com/token", &json!({"access_token": SECRET, "expires_in": 3600}));
    let made = cloud.call::<CreateConnection>(&root, oauth("c")).await.unwrap();
    assert_eq!(made.connection_state, Some(ConnectionState::Authorizing));
    assert_eq!(describe(&cloud, &root, "c").await.last_authorized_time, None);
    cloud.settle().await;
    let told = describe(&cloud, &root, "c").await;
    assert_eq!(told.connection_state, Some(ConnectionState::Authorized));
    assert_eq!(told.last_authorized_time, Some(cloud.now()));
    let shown = told.auth_parameters.unwrap().o_auth_parameters.unwrap();
    assert_eq!(shown.client_parameters.unwrap().client_id.as_deref(), Some("client"));
    let requests = cloud.outside().take_requests();
    assert_eq!(requests.len(), 1);
    let OutboundMethod::Send(send) = &requests[0].method else { panic!("it is sent") };
    let body = format!("grant_type=client_credentials&client_id=client&client_secret={SECRET}");
    assert_eq!(String::from_utf8(send.body.clone()).unwrap(), body);
    nothing_leaked(&cloud);
}

#[tokio::test]
async fn an_authorization_server_that_is_down_is_asked_again_and_one_that_refuses_is_not() {
    let cloud = double::cloud(3);
    let root = cloud.root(ACCOUNT);
    cloud.outside().answer(503, &json!({}));
    cloud.call::<CreateConnection>(&root, oauth("down")).await.unwrap();
    cloud.settle().await;
    assert_eq!(describe(&cloud, &root, "down").await.connection_state, Some(ConnectionState::Authorizing));
    let cloud = cloud.another_node();
    cloud.outside().answer(200, &json!({"access_token": "t"}));
    cloud.advance(Duration::from_secs(10)).await;
    assert_eq!(describe(&cloud, &root, "down").await.connection_state, Some(ConnectionState::Authorized));
    cloud.outside().answer(401, &json!({"error": "invalid_client"}));
    cloud.call::<CreateConnection>(&root, oauth("refused")).await.unwrap();
    cloud.settle().await;
    let refused = describe(&cloud, &root, "refused").await;
    assert_eq!(refused.connection_state, Some(ConnectionState::Deauthorized));
    assert!(refused.state_reason.unwrap().contains("401"));
    cloud.outside().answer(500, &json!({}));
    cloud.call::<CreateConnection>(&root, oauth("given up")).await.unwrap_err();
    cloud.call::<CreateConnection>(&root, oauth("given-up")).await.unwrap();
    cloud.advance(Duration::from_secs(3600)).await;
    let given_up = describe(&cloud, &root, "given-up").await;
    assert_eq!(given_up.connection_state, Some(ConnectionState::Deauthorized));
}

#[tokio::test]
async fn a_connection_is_changed_in_parts_deauthorized_and_deleted() {
    let cloud = double::cloud(4);
    let root = cloud.root(ACCOUNT);
    cloud.call::<CreateConnection>(&root, api_key("c")).await.unwrap();
    let mut change = UpdateConnectionRequest { name: "c".to_owned(), ..Default::default() };
    let name_alone = UpdateConnectionApiKeyAuthRequestParameters {
        api_key_name: Some("X-Other".to_owned()),
        api_key_value: None,
    };
    change.auth_parameters = Some(UpdateConnectionAuthRequestParameters {
        api_key_auth_parameters: Some(name_alone),
        ..Default::default()
    });
    let changed = cloud.call::<UpdateConnection>(&root, change).await.unwrap();
    assert_eq!(changed.connection_state, Some(ConnectionState::Authorized));
    let auth = describe(&cloud, &root, "c").await.auth_parameters.unwrap();
    assert_eq!(auth.api_key_auth_parameters.unwrap().api_key_name.as_deref(), Some("X-Other"));
    // Another type needs all of its own parameters.
    let basic = |parameters| UpdateConnectionRequest {
        name: "c".to_owned(),
        authorization_type: Some(ConnectionAuthorizationType::Basic),
        auth_parameters: Some(UpdateConnectionAuthRequestParameters {
            basic_auth_parameters: Some(parameters),
            ..Default::default()
        }),
        ..Default::default()
    };
    let half = UpdateConnectionBasicAuthRequestParameters { username: Some("u".to_owned()), password: None };
    let (code, _) = told(cloud.call::<UpdateConnection>(&root, basic(half.clone())).await);
    assert_eq!(code, "ValidationException");
    let whole = UpdateConnectionBasicAuthRequestParameters { password: Some(secret(SECRET)), ..half };
    cloud.call::<UpdateConnection>(&root, basic(whole)).await.unwrap();
    let told_of = describe(&cloud, &root, "c").await;
    assert_eq!(told_of.authorization_type, Some(ConnectionAuthorizationType::Basic));
    let deauthorize = DeauthorizeConnectionRequest { name: "c".to_owned() };
    let answer = cloud.call::<DeauthorizeConnection>(&root, deauthorize).await.unwrap();
    assert_eq!(answer.connection_state, Some(ConnectionState::Deauthorizing));
    let told_of = describe(&cloud, &root, "c").await;
    assert_eq!(told_of.connection_state, Some(ConnectionState::Deauthorized));
    assert_eq!(told_of.auth_parameters, Some(ConnectionAuthResponseParameters::default()));
    let delete = || cloud.call::<DeleteConnection>(&root, DeleteConnectionRequest { name: "c".to_owned() });
    assert_eq!(delete().await.unwrap().connection_state, Some(ConnectionState::Deleting));
    let missing = "Failed to describe the connection(s). Connection 'c' does not exist.";
    assert_eq!(told(delete().await), ("ResourceNotFoundException".to_owned(), missing.to_owned()));
    nothing_leaked(&cloud);
}

#[tokio::test]
async fn what_is_wrong_with_a_connection_is_told() {
    let cloud = double::cloud(5);
    let root = cloud.root(ACCOUNT);
    let create = |request| cloud.call::<CreateConnection>(&root, request);
    create(api_key("c")).await.unwrap();
    let exists = ("ResourceAlreadyExistsException".to_owned(), "Connection c already exists.".to_owned());
    assert_eq!(told(create(api_key("c")).await), exists);
    let other = CreateConnectionRequest {
        authorization_type: ConnectionAuthorizationType::Basic,
        ..api_key("other")
    };
    assert_eq!(told(create(other).await).0, "ValidationException");
    let mut plain = oauth("plain");
    plain.auth_parameters.o_auth_parameters.as_mut().unwrap().authorization_endpoint =
        "http://auth.example.com/token".to_owned();
    assert_eq!(told(create(plain).await).0, "ValidationException");
    let listed = cloud.call::<ListConnections>(&root, ListConnectionsRequest::default()).await.unwrap();
    let listed = listed.connections.unwrap();
    assert_eq!(listed.iter().map(|entry| entry.name.as_deref().unwrap()).collect::<Vec<_>>(), ["c"]);
}
