//! API destinations as targets: what is sent, when, by whose leave, and what becomes of what is not taken.

use std::collections::BTreeMap;
use std::time::Duration;

use alcazar_api_events::operation::*;
use alcazar_api_events::types::*;
use alcazar_engine::port::outbound::{OutboundError, OutboundMethod, OutboundRequest, OutboundSend};
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use crate::connections::{api_key, describe, oauth};
use crate::double;
use crate::shorthand::*;

const PATTERN: &str = r#"{"source":["my.app"]}"#;
const MINUTE: Duration = Duration::from_secs(60);

fn destination(name: &str, connection_arn: &str) -> CreateApiDestinationRequest {
    CreateApiDestinationRequest {
        name: name.to_owned(),
        connection_arn: connection_arn.to_owned(),
        invocation_endpoint: "https://api.example.com/orders/*".to_owned(),
        http_method: ApiDestinationHttpMethod::Post,
        description: None,
        invocation_rate_limit_per_second: None,
    }
}

fn invoke_policy(resource: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "events:InvokeApiDestination", "Resource": resource,
    }})
    .to_string()
}

/// A rule that sends to an API destination `d` with a connection `c`, by a role that may, or may something else.
async fn rule_to_api(
    cloud: &TestCloud,
    root: &TestCaller,
    connection: CreateConnectionRequest,
    policy: &str,
) {
    let connection = cloud.call::<CreateConnection>(root, connection).await.unwrap();
    cloud.settle().await;
    cloud.outside().take_requests();
    let request = destination("d", &connection.connection_arn.unwrap());
    let arn = cloud.call::<CreateApiDestination>(root, request).await.unwrap().api_destination_arn.unwrap();
    let target = Target {
        id: "t".to_owned(),
        arn,
        role_arn: Some(role(cloud, root, "invoker", policy).await),
        http_parameters: Some(HttpParameters {
            path_parameter_values: Some(vec!["$.detail.order".to_owned()].into()),
            header_parameters: Some(BTreeMap::from([("X-Source".to_owned(), "$.source".to_owned())])),
            query_string_parameters: None,
        }),
        dead_letter_config: Some(DeadLetterConfig { arn: Some(queue_arn("dead")) }),
        ..Default::default()
    };
    cloud.call::<PutRule>(root, rule("r", None, PATTERN)).await.unwrap();
    put_targets(cloud, root, "r", None, vec![target]).await.unwrap();
}

async fn allowed_rule(cloud: &TestCloud, connection: CreateConnectionRequest) -> TestCaller {
    let root = cloud.root(ACCOUNT);
    // As EventBridge's console writes it.
    let policy = invoke_policy(&format!("arn:aws:events:us-east-1:{ACCOUNT}:api-destination/d/*"));
    rule_to_api(cloud, &root, connection, &policy).await;
    root
}

fn sent(cloud: &TestCloud) -> Vec<(OutboundRequest, OutboundSend)> {
    let send = |request: OutboundRequest| match request.method.clone() {
        OutboundMethod::Send(send) => (request, send),
        other => panic!("{other:?}"),
    };
    cloud.outside().take_requests().into_iter().map(send).collect()
}

fn header<'s>(send: &'s OutboundSend, name: &str) -> &'s str {
    send.headers.iter().find(|(given, _)| given == name).unwrap().1.expose()
}

#[tokio::test]
async fn an_event_goes_to_the_endpoint_with_what_connection_and_target_say() {
    let cloud = double::cloud(1);
    let root = allowed_rule(&cloud, api_key("c")).await;
    let id = put_event(&cloud, &root, None, "my.app", r#"{"order":"a/1"}"#).await;
    cloud.settle().await;
    let sent = sent(&cloud);
    assert_eq!(sent.len(), 1);
    let (request, send) = &sent[0];
    assert_eq!((request.host.as_str(), request.path.as_str()), ("api.example.com", "/orders/a%2F1"));
    assert_eq!((send.tls, send.port, send.method), (true, 443, "POST"));
    assert_eq!(request.answer_time_max, Duration::from_secs(5));
    assert_eq!((header(send, "X-Key"), header(send, "X-Source")), ("HUSH-HUSH", "my.app"));
    let body: Json = serde_json::from_slice(&send.body).unwrap();
    assert_eq!(body["id"], id.as_str());
    cloud.advance(MINUTE * 60).await;
    assert_eq!(cloud.outside().take_requests().len(), 0, "what was taken is not sent again");
}

#[tokio::test]
async fn only_a_role_that_may_invoke_the_destination_does() {
    for (seed, policy, allowed) in [
        (2, invoke_policy("arn:aws:events:us-east-1:111122223333:api-destination/d/*"), true),
        (3, invoke_policy("arn:aws:events:us-east-1:111122223333:api-destination/other/*"), false),
        (4, invoke_policy("*").replace("Invoke", "Describe"), false),
        (5, invoke_policy("*").replace("Allow", "Deny"), false),
    ] {
        let cloud = double::cloud(seed);
        let root = cloud.root(ACCOUNT);
        rule_to_api(&cloud, &root, api_key("c"), &policy).await;
        put_event(&cloud, &root, None, "my.app", r#"{"order":"1"}"#).await;
        cloud.settle().await;
        assert_eq!(cloud.outside().take_requests().len(), usize::from(allowed), "{policy}");
        let dead = came(&cloud, "dead").await;
        assert_eq!(dead.len(), usize::from(!allowed));
        if let Some(dead) = dead.first() {
            assert_eq!(dead.attributes["ERROR_CODE"], "NO_PERMISSIONS");
            assert!(dead.attributes["ERROR_MESSAGE"].contains("events:InvokeApiDestination"));
        }
    }
}

#[tokio::test]
async fn an_endpoint_that_is_down_for_a_minute_gets_every_event_once_it_is_back() {
    let cloud = double::cloud(6);
    let root = allowed_rule(&cloud, api_key("c")).await;
    cloud.outside().fail(OutboundError::Unreachable("down".to_owned()));
    for number in 0..5 {
        put_event(&cloud, &root, None, "my.app", &json!({"order": number.to_string()}).to_string()).await;
    }
    cloud.advance(MINUTE).await;
    assert!(sent(&cloud).len() >= 25);
    let cloud = cloud.another_node();
    cloud.advance(MINUTE * 3).await;
    let mut paths: Vec<_> = sent(&cloud).into_iter().map(|(request, _)| request.path).collect();
    paths.sort();
    assert_eq!(paths, (0..5).map(|number| format!("/orders/{number}")).collect::<Vec<_>>());
    assert_eq!(came(&cloud, "dead").await.len(), 0);
}

#[tokio::test]
async fn what_an_endpoint_refuses_is_not_sent_again() {
    let cloud = double::cloud(7);
    let root = allowed_rule(&cloud, api_key("c")).await;
    cloud.outside().answer(400, &json!({}));
    put_event(&cloud, &root, None, "my.app", r#"{"order":"1"}"#).await;
    cloud.advance(MINUTE * 60).await;
    assert_eq!(sent(&cloud).len(), 1);
    let dead = came(&cloud, "dead").await;
    assert_eq!(dead[0].attributes["ERROR_CODE"], "SDK_CLIENT_ERROR");
    assert_eq!(dead[0].attributes["RETRY_ATTEMPTS"], "0");
}

#[tokio::test]
async fn an_endpoint_says_when_it_wants_to_be_asked_again() {
    let cloud = double::cloud(8);
    let root = allowed_rule(&cloud, api_key("c")).await;
    cloud.outside().answer_later(429, "600");
    put_event(&cloud, &root, None, "my.app", r#"{"order":"1"}"#).await;
    cloud.advance(MINUTE * 9).await;
    assert_eq!(sent(&cloud).len(), 1);
    cloud.outside().answer(200, &json!({}));
    cloud.advance(MINUTE * 2).await;
    assert_eq!(sent(&cloud).len(), 1);
    cloud.outside().answer_later(503, "-1");
    put_event(&cloud, &root, None, "my.app", r#"{"order":"2"}"#).await;
    cloud.advance(MINUTE * 60).await;
    assert_eq!((sent(&cloud).len(), came(&cloud, "dead").await.len()), (1, 1));
}

#[tokio::test]
async fn a_token_is_used_until_it_expires_or_is_refused() {
    let cloud = double::cloud(9);
    let publish = |token: &str| {
        let token = json!({"access_token": token, "expires_in": 3600, "token_type": "Bearer"});
        cloud.outside().publish("auth.example.com/token", &token);
    };
    publish("one");
    let root = allowed_rule(&cloud, oauth("c")).await;
    let send = async || {
        put_event(&cloud, &root, None, "my.app", r#"{"order":"1"}"#).await;
        cloud.settle().await;
        let sent = sent(&cloud).into_iter();
        sent.map(|(request, send)| match request.host.as_str() {
            "auth.example.com" => "token".to_owned(),
            _ => header(&send, "Authorization").to_owned(),
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(send().await, ["Bearer one"]);
    publish("two");
    cloud.advance(MINUTE * 50).await;
    assert_eq!(send().await, ["Bearer one"]);
    cloud.advance(MINUTE * 10).await;
    assert_eq!(send().await, ["token", "Bearer two"], "it was about to expire");
    publish("three");
    cloud.outside().answer(401, &json!({}));
    assert_eq!(send().await, ["Bearer two"]);
    cloud.outside().answer(200, &json!({}));
    cloud.advance(MINUTE).await;
    let again: Vec<_> = sent(&cloud).into_iter().map(|(request, _)| request.host).collect();
    assert_eq!(again, ["auth.example.com", "api.example.com"]);
    assert_eq!(send().await, ["Bearer three"]);
    assert_eq!(came(&cloud, "dead").await.len(), 0);
}

#[tokio::test]
async fn many_events_at_once_ask_for_one_token() {
    let cloud = double::cloud(10);
    cloud.outside().publish("auth.example.com/token", &json!({"access_token": "t", "expires_in": 3600}));
    let root = allowed_rule(&cloud, oauth("c")).await;
    cloud.advance(MINUTE * 70).await;
    let entries = (0..10).map(|_| entry(None, "my.app", r#"{"order":"1"}"#)).collect();
    put_events(&cloud, &root, entries).await.unwrap();
    cloud.settle().await;
    let hosts: Vec<_> = sent(&cloud).into_iter().map(|(request, _)| request.host).collect();
    let tokens = hosts.iter().filter(|host| *host == "auth.example.com").count();
    assert_eq!((tokens, hosts.len()), (1, 11));
}

#[tokio::test]
async fn a_destination_takes_so_many_requests_a_second_and_waiting_counts_as_no_attempt() {
    let cloud = double::cloud(11);
    let root = allowed_rule(&cloud, api_key("c")).await;
    let slow = UpdateApiDestinationRequest {
        name: "d".to_owned(),
        invocation_rate_limit_per_second: Some(2),
        ..Default::default()
    };
    cloud.call::<UpdateApiDestination>(&root, slow).await.unwrap();
    for _ in 0..3 {
        let entries = (0..10).map(|_| entry(None, "my.app", r#"{"order":"1"}"#)).collect();
        put_events(&cloud, &root, entries).await.unwrap();
    }
    cloud.settle().await;
    assert_eq!(sent(&cloud).len(), 2);
    for _ in 0..5 {
        cloud.advance(Duration::from_secs(1)).await;
        assert_eq!(sent(&cloud).len(), 2);
    }
    cloud.advance(MINUTE).await;
    assert_eq!(sent(&cloud).len(), 30 - 12);
    assert_eq!(came(&cloud, "dead").await.len(), 0);
}

#[tokio::test]
async fn without_an_authorized_connection_a_destination_is_inactive_and_events_wait() {
    let cloud = double::cloud(12);
    let root = allowed_rule(&cloud, api_key("c")).await;
    let state = async || {
        let request = DescribeApiDestinationRequest { name: "d".to_owned() };
        cloud.call::<DescribeApiDestination>(&root, request).await.unwrap().api_destination_state.unwrap()
    };
    assert_eq!(state().await, ApiDestinationState::Active);
    let deauthorize = DeauthorizeConnectionRequest { name: "c".to_owned() };
    cloud.call::<DeauthorizeConnection>(&root, deauthorize).await.unwrap();
    assert_eq!(state().await, ApiDestinationState::Inactive);
    put_event(&cloud, &root, None, "my.app", r#"{"order":"1"}"#).await;
    cloud.settle().await;
    assert_eq!(sent(&cloud).len(), 0);
    let parameters = UpdateConnectionApiKeyAuthRequestParameters {
        api_key_name: Some("X-New".to_owned()),
        api_key_value: Some(crate::connections::secret("new")),
    };
    let update = UpdateConnectionRequest {
        name: "c".to_owned(),
        auth_parameters: Some(UpdateConnectionAuthRequestParameters {
            api_key_auth_parameters: Some(parameters),
            ..Default::default()
        }),
        ..Default::default()
    };
    cloud.call::<UpdateConnection>(&root, update).await.unwrap();
    assert_eq!(describe(&cloud, &root, "c").await.connection_state, Some(ConnectionState::Authorized));
    cloud.advance(MINUTE).await;
    let sent = sent(&cloud);
    assert_eq!((sent.len(), header(&sent[0].1, "X-New")), (1, "new"));
}

#[tokio::test]
async fn what_is_wrong_with_a_destination_is_told_as_aws_does() {
    let cloud = double::cloud(13);
    let root = cloud.root(ACCOUNT);
    let connection =
        cloud.call::<CreateConnection>(&root, api_key("c")).await.unwrap().connection_arn.unwrap();
    let create = |request| cloud.call::<CreateApiDestination>(&root, request);
    let plain = CreateApiDestinationRequest {
        invocation_endpoint: "http://api.example.com/".to_owned(),
        ..destination("d", &connection)
    };
    assert_eq!(told(create(plain).await).0, "ValidationException");
    let none = connection.replace("/c/", "/none/");
    let missing = "Failed to describe the connection(s). Connection 'none' does not exist.";
    let not_found = |message: &str| ("ResourceNotFoundException".to_owned(), message.to_owned());
    assert_eq!(told(create(destination("d", &none)).await), not_found(missing));
    let fast = CreateApiDestinationRequest {
        invocation_rate_limit_per_second: Some(301),
        ..destination("d", &connection)
    };
    assert_eq!(told(create(fast).await).0, "LimitExceededException");
    create(destination("d", &connection)).await.unwrap();
    let exists = "An api-destination 'd' already exists.".to_owned();
    let again = create(destination("d", &connection)).await;
    assert_eq!(told(again), ("ResourceAlreadyExistsException".to_owned(), exists));
    let listed = ListApiDestinationsRequest { connection_arn: Some(connection), ..Default::default() };
    let listed = cloud.call::<ListApiDestinations>(&root, listed).await.unwrap().api_destinations.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].invocation_rate_limit_per_second, Some(300));
    let delete =
        || cloud.call::<DeleteApiDestination>(&root, DeleteApiDestinationRequest { name: "d".to_owned() });
    delete().await.unwrap();
    let missing = "Failed to describe the api-destination(s). An api-destination 'd' does not exist.";
    assert_eq!(told(delete().await), not_found(missing));
}
