//! Samples of EventBridge.

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use super::{CANARY, make, unique};

const PATTERN: &str = r#"{"source":["my.app"]}"#;

/// What the samples name.
pub(super) struct Things {
    tag: String,
    /// A bus with a policy and rules.
    bus: String,
    /// One with nothing.
    empty_bus: String,
    bus_arn: String,
    /// A rule on the first bus, with a target.
    rule: String,
    rule_arn: String,
    /// One without.
    bare_rule: String,
    queue_arn: String,
    archive: String,
    /// A replay that is under way.
    replay: String,
    connection: String,
    connection_arn: String,
    destination: String,
    archive_arn: String,
}

impl Things {
    /// New things in the root user's account.
    pub(super) async fn new(cloud: &TestCloud, root: &TestCaller) -> Self {
        let tag = unique(cloud);
        let (bus, empty_bus) = (format!("bus-{tag}"), format!("empty-{tag}"));
        let mut bus_arn = String::new();
        for name in [&empty_bus, &bus] {
            let made =
                make(cloud, root, "events", "CreateEventBus", json!({"Name": name, "Tags": tags()})).await;
            made["EventBusArn"].as_str().unwrap().clone_into(&mut bus_arn);
        }
        make(cloud, root, "events", "PutPermission", permission(&bus)).await;
        let (rule, bare_rule) = (format!("rule-{tag}"), format!("bare-{tag}"));
        let mut rule_arn = String::new();
        for name in [&bare_rule, &rule] {
            let input = json!({"Name": name, "EventBusName": bus, "EventPattern": PATTERN, "Tags": tags()});
            let made = make(cloud, root, "events", "PutRule", input).await;
            made["RuleArn"].as_str().unwrap().clone_into(&mut rule_arn);
        }
        let queue_arn = format!("arn:aws:sqs:us-east-1:{}:queue", root.account());
        let targets = json!({"Rule": rule, "EventBusName": bus, "Targets": [{"Id": "t", "Arn": queue_arn}]});
        make(cloud, root, "events", "PutTargets", targets).await;
        let (archive, replay) = (format!("archive-{tag}"), format!("replay-{tag}"));
        let input = json!({"ArchiveName": archive, "EventSourceArn": bus_arn});
        let archive_arn = made_arn(&make(cloud, root, "events", "CreateArchive", input).await, "ArchiveArn");
        make(cloud, root, "events", "StartReplay", start(&replay, &archive_arn, &bus_arn)).await;
        let (connection, destination) = (format!("connection-{tag}"), format!("destination-{tag}"));
        let made = make(cloud, root, "events", "CreateConnection", create_connection(&connection)).await;
        let connection_arn = made_arn(&made, "ConnectionArn");
        let input = create_destination(&destination, &connection_arn);
        make(cloud, root, "events", "CreateApiDestination", input).await;
        Self {
            tag,
            bus,
            empty_bus,
            bus_arn,
            rule,
            rule_arn,
            bare_rule,
            queue_arn,
            archive,
            replay,
            connection,
            connection_arn,
            destination,
            archive_arn,
        }
    }
}

fn made_arn(made: &Json, member: &str) -> String {
    made[member].as_str().unwrap().to_owned()
}

fn start(replay: &str, archive_arn: &str, bus_arn: &str) -> Json {
    json!({
        "ReplayName": replay, "EventSourceArn": archive_arn, "EventStartTime": 1_767_225_600,
        "EventEndTime": 1_767_229_200, "Destination": {"Arn": bus_arn},
    })
}

/// A value of each kind that a connection keeps.
fn parameters() -> Json {
    let parameter = json!([{"Key": "key", "Value": CANARY, "IsValueSecret": true}]);
    json!({"HeaderParameters": parameter, "QueryStringParameters": parameter, "BodyParameters": parameter})
}

fn oauth() -> Json {
    json!({
        "ClientParameters": {"ClientID": "client", "ClientSecret": CANARY},
        "AuthorizationEndpoint": "https://auth.example.com/token", "HttpMethod": "POST",
        "OAuthHttpParameters": parameters(),
    })
}

fn create_connection(name: &str) -> Json {
    json!({
        "Name": name, "AuthorizationType": "API_KEY", "AuthParameters": {
            "ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": CANARY},
            "InvocationHttpParameters": parameters(),
        },
    })
}

fn create_destination(name: &str, connection_arn: &str) -> Json {
    json!({
        "Name": name, "ConnectionArn": connection_arn, "InvocationEndpoint": "https://api.example.com/*",
        "HttpMethod": "POST", "InvocationRateLimitPerSecond": 10,
    })
}

/// A sample of an operation on archives, replays, connections or API destinations.
fn sample_of_more(operation: &str, things: &Things) -> Json {
    let Things { tag, archive, replay, connection, destination, .. } = things;
    match operation {
        "CancelReplay" | "DescribeReplay" => json!({"ReplayName": replay}),
        "CreateApiDestination" => create_destination(&format!("new-{tag}"), &things.connection_arn),
        "CreateArchive" => json!({
            "ArchiveName": format!("new-{tag}"), "EventSourceArn": things.bus_arn,
            "EventPattern": PATTERN, "RetentionDays": 7, "Description": "an archive",
        }),
        "CreateConnection" => json!({
            "Name": format!("new-{tag}"), "AuthorizationType": "OAUTH_CLIENT_CREDENTIALS",
            "AuthParameters": {"OAuthParameters": oauth(), "InvocationHttpParameters": parameters()},
        }),
        "DeauthorizeConnection" | "DeleteConnection" | "DescribeConnection" => json!({"Name": connection}),
        "DeleteApiDestination" | "DescribeApiDestination" => json!({"Name": destination}),
        "DeleteArchive" | "DescribeArchive" => json!({"ArchiveName": archive}),
        "ListApiDestinations" => json!({"NamePrefix": "destination", "Limit": 10}),
        "ListArchives" => json!({"NamePrefix": "archive", "Limit": 10}),
        "ListConnections" => json!({"NamePrefix": "connection", "Limit": 10}),
        "ListReplays" => json!({"NamePrefix": "replay", "Limit": 10}),
        "StartReplay" => start(&format!("new-{tag}"), &things.archive_arn, &things.bus_arn),
        "UpdateApiDestination" => json!({"Name": destination, "HttpMethod": "PUT", "Description": "changed"}),
        "UpdateArchive" => json!({"ArchiveName": archive, "RetentionDays": 1}),
        "UpdateConnection" => json!({
            "Name": connection, "AuthorizationType": "BASIC", "AuthParameters": {
                "BasicAuthParameters": {"Username": "user", "Password": CANARY},
                "InvocationHttpParameters": parameters(),
            },
        }),
        operation => panic!("give {operation} a sample"),
    }
}

fn tags() -> Json {
    json!([{"Key": "Project", "Value": "blue"}])
}

fn permission(bus: &str) -> Json {
    json!({
        "EventBusName": bus, "Action": "events:PutEvents", "Principal": "999988887777", "StatementId": "statement",
    })
}

/// A sample of an operation.
pub(super) fn sample(operation: &str, things: &Things) -> Json {
    let Things { tag, bus, rule, .. } = things;
    let of_rule = || json!({"Name": rule, "EventBusName": bus});
    match operation {
        "CreateEventBus" => json!({"Name": format!("new-{tag}"), "Description": "a bus", "Tags": tags()}),
        "DeleteEventBus" => json!({"Name": things.empty_bus}),
        "DeleteRule" => json!({"Name": things.bare_rule, "EventBusName": bus}),
        "DescribeEventBus" => json!({"Name": bus}),
        "DescribeRule" | "DisableRule" | "EnableRule" => of_rule(),
        "ListEventBuses" => json!({"NamePrefix": "bus", "Limit": 10}),
        "ListRuleNamesByTarget" => json!({"TargetArn": things.queue_arn, "EventBusName": bus, "Limit": 10}),
        "ListRules" => json!({"NamePrefix": "rule", "EventBusName": bus, "Limit": 10}),
        "ListTagsForResource" => json!({"ResourceARN": things.rule_arn}),
        "ListTargetsByRule" => json!({"Rule": rule, "EventBusName": bus, "Limit": 10}),
        "PutEvents" => json!({"Entries": [{
            "Source": "my.app", "DetailType": "a type", "Detail": json!({"canary": CANARY}).to_string(),
            "EventBusName": things.bus_arn, "Resources": ["arn:aws:iam::999988887777:root"],
            "Time": 1_767_225_600,
        }]}),
        "PutPermission" => permission(&things.empty_bus),
        "PutRule" => {
            let detail =
                json!({"service": ["S"], "eventTypeCode": ["C"], "userIdentity": {"principalId": ["P"]}});
            let pattern = json!({"source": ["my.app"], "detail-type": ["a type"], "detail": detail});
            json!({
                "Name": format!("new-{tag}"), "EventBusName": bus, "EventPattern": pattern.to_string(),
                "State": "ENABLED", "Description": "a rule", "Tags": tags(),
            })
        }
        "PutTargets" => json!({"Rule": things.bare_rule, "EventBusName": bus, "Targets": [
            {"Id": "t", "Arn": things.queue_arn, "InputPath": "$.detail"},
        ]}),
        "RemovePermission" => json!({"EventBusName": bus, "StatementId": "statement"}),
        "RemoveTargets" => json!({"Rule": rule, "EventBusName": bus, "Ids": ["t"]}),
        "TagResource" => json!({"ResourceARN": things.rule_arn, "Tags": tags()}),
        "TestEventPattern" => {
            let event = json!({
                "id": "1", "account": "999988887777", "source": "my.app", "time": "2026-01-01T00:00:00Z",
                "region": "us-east-1", "resources": [], "detail-type": "a type", "detail": {},
            });
            json!({"EventPattern": PATTERN, "Event": event.to_string()})
        }
        "UntagResource" => json!({"ResourceARN": things.rule_arn, "TagKeys": ["Project"]}),
        "UpdateEventBus" => json!({"Name": bus, "Description": "changed"}),
        operation => sample_of_more(operation, things),
    }
}
