//! CloudTrail Lake: event data stores, and what queries find in them.

use std::time::Duration;

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Makes a store and gives back its ARN.
async fn store(client: Client<'_>, name: &str, settings: Json) -> String {
    let mut input = settings;
    input["Name"] = json!(name);
    input["TerminationProtectionEnabled"] = json!(false);
    let made = client.ok("CreateEventDataStore", input).await;
    made["EventDataStoreArn"].as_str().unwrap().to_owned()
}

fn id(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap()
}

/// Runs a query and gives back its id.
async fn start(client: Client<'_>, arn: &str, sql: &str) -> String {
    let statement = sql.replace("EDS", id(arn));
    let started = client.ok("StartQuery", json!({"QueryStatement": statement})).await;
    started["QueryId"].as_str().unwrap().to_owned()
}

/// Runs a query to its end and gives back the values of its rows.
async fn rows(client: Client<'_>, arn: &str, sql: &str) -> Vec<Vec<String>> {
    let query = start(client, arn, sql).await;
    client.cloud.settle().await;
    let results = client.ok("GetQueryResults", json!({"QueryId": query})).await;
    assert_eq!(results["QueryStatus"], "FINISHED", "{sql}: {results}");
    let row = |row: &Json| {
        let values = row.as_array().unwrap().iter();
        values.flat_map(|value| value.as_object().unwrap().values()).map(text).collect()
    };
    results["QueryResultRows"].as_array().unwrap().iter().map(row).collect()
}

fn text(value: &Json) -> String {
    value.as_str().unwrap().to_owned()
}

async fn policy_user(cloud: &TestCloud, account: &str, name: &str) -> TestCaller {
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    cloud.user_with_policy(account, name, policy).await
}

#[tokio::test]
async fn a_store_is_made_changed_deleted_and_restored() {
    let cloud = TestCloud::new(80);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let made = client.ok("CreateEventDataStore", json!({"Name": "all"})).await;
    assert_eq!(made["Status"], "CREATED");
    assert_eq!(made["RetentionPeriod"], 366);
    assert_eq!(made["TerminationProtectionEnabled"], true);
    assert_eq!(made["MultiRegionEnabled"], true);
    assert_eq!(made["AdvancedEventSelectors"][0]["Name"], "Default management events");
    let arn = made["EventDataStoreArn"].clone();
    client
        .refused("CreateEventDataStore", json!({"Name": "all"}), "EventDataStoreAlreadyExistsException")
        .await;
    let got = client.ok("GetEventDataStore", json!({"EventDataStore": id(arn.as_str().unwrap())})).await;
    assert_eq!((&got["Status"], &got["EventDataStoreArn"]), (&json!("ENABLED"), &arn));
    let this = json!({"EventDataStore": arn});
    let code = "EventDataStoreTerminationProtectedException";
    client.refused("DeleteEventDataStore", this.clone(), code).await;
    client.refused("UpdateEventDataStore", this.clone(), "InvalidParameterException").await;
    let change = json!({"EventDataStore": arn, "TerminationProtectionEnabled": false, "RetentionPeriod": 30});
    assert_eq!(client.ok("UpdateEventDataStore", change).await["RetentionPeriod"], 30);
    let change = json!({"EventDataStore": arn, "BillingMode": "FIXED_RETENTION_PRICING"});
    client.refused("UpdateEventDataStore", change, "InvalidParameterException").await;

    client
        .refused("StartEventDataStoreIngestion", this.clone(), "InvalidEventDataStoreStatusException")
        .await;
    client.ok("StopEventDataStoreIngestion", this.clone()).await;
    client.refused("StopEventDataStoreIngestion", this.clone(), "InvalidEventDataStoreStatusException").await;
    assert_eq!(client.ok("GetEventDataStore", this.clone()).await["Status"], "STOPPED_INGESTION");
    client.ok("StartEventDataStoreIngestion", this.clone()).await;

    client.refused("RestoreEventDataStore", this.clone(), "InvalidEventDataStoreStatusException").await;
    client.ok("DeleteEventDataStore", this.clone()).await;
    client.refused("DeleteEventDataStore", this.clone(), "InactiveEventDataStoreException").await;
    assert_eq!(client.ok("GetEventDataStore", this.clone()).await["Status"], "PENDING_DELETION");
    cloud.advance(3 * DAY).await;
    assert_eq!(client.ok("RestoreEventDataStore", this.clone()).await["Status"], "ENABLED");
    cloud.advance(6 * DAY).await;
    client.ok("DeleteEventDataStore", this.clone()).await;
    cloud.advance(6 * DAY).await;
    assert_eq!(client.ok("GetEventDataStore", this.clone()).await["Status"], "PENDING_DELETION");
    cloud.advance(2 * DAY).await;
    client.refused("GetEventDataStore", this, "EventDataStoreNotFoundException").await;
    assert_eq!(client.ok("ListEventDataStores", json!({})).await, json!({"EventDataStores": []}));
}

#[tokio::test]
async fn a_query_finds_what_came_in_while_the_store_took_it_in() {
    let cloud = TestCloud::new(81);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    client.ok("ListTrails", json!({})).await;
    cloud.advance(Duration::from_secs(60)).await;
    let arn = store(client, "one", json!({"RetentionPeriod": 7})).await;
    let named = "SELECT count(*) FROM EDS WHERE eventName = 'DescribeTrails'";
    client.ok("DescribeTrails", json!({})).await;
    assert_eq!(rows(client, &arn, named).await, [["1"]]);
    cloud.advance(Duration::from_secs(1)).await;
    client.ok("StopEventDataStoreIngestion", json!({"EventDataStore": arn})).await;
    client.ok("DescribeTrails", json!({})).await;
    cloud.advance(Duration::from_secs(60)).await;
    client.ok("StartEventDataStoreIngestion", json!({"EventDataStore": arn})).await;
    client.ok("DescribeTrails", json!({})).await;
    assert_eq!(rows(client, &arn, named).await, [["2"]]);
    cloud.advance(Duration::from_secs(1)).await;
    let before = "SELECT count(*) FROM EDS WHERE eventName = 'ListTrails'";
    assert_eq!(rows(client, &arn, before).await, [["0"]], "before there was a store");

    // What it takes in from now on is another matter than what it has.
    let writes = json!([{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "readOnly", "Equals": ["false"]}]}]);
    client.ok("UpdateEventDataStore", json!({"EventDataStore": arn, "AdvancedEventSelectors": writes})).await;
    client.ok("DescribeTrails", json!({})).await;
    assert_eq!(rows(client, &arn, named).await, [["2"]]);
    cloud.advance(8 * DAY).await;
    assert_eq!(rows(client, &arn, named).await, [["0"]], "older than the store keeps");
}

#[tokio::test]
async fn stores_have_the_regions_and_data_events_that_they_ask_for() {
    let cloud = TestCloud::new(82);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let one_region = store(client, "here", json!({"MultiRegionEnabled": false})).await;
    let data = json!([{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::SQS::Queue"]}]}]);
    let data = store(client, "data", json!({"AdvancedEventSelectors": data})).await;
    let elsewhere = root.at("eu-central-1");
    Client::new(&cloud, &elsewhere).ok("DescribeTrails", json!({})).await;
    let queue = alcazar_api_sqs::operation::CreateQueueRequest {
        queue_name: "queue".to_owned(),
        ..alcazar_api_sqs::operation::CreateQueueRequest::default()
    };
    let made = cloud.call::<alcazar_api_sqs::operation::CreateQueue>(&root, queue).await.unwrap();
    let send = alcazar_api_sqs::operation::SendMessageRequest {
        queue_url: made.queue_url.unwrap(),
        message_body: "hello".to_owned().into(),
        ..alcazar_api_sqs::operation::SendMessageRequest::default()
    };
    cloud.call::<alcazar_api_sqs::operation::SendMessage>(&root, send).await.unwrap();

    let names = "SELECT DISTINCT eventName FROM EDS WHERE eventName IN ('DescribeTrails', 'CreateQueue', 'SendMessage')";
    assert_eq!(rows(client, &one_region, names).await, [["CreateQueue"]]);
    assert_eq!(rows(client, &data, names).await, [["SendMessage"]]);
    let both = format!(
        "SELECT eventName FROM EDS WHERE eventName = 'CreateQueue' UNION SELECT eventCategory FROM {} ORDER BY eventName",
        id(&data)
    );
    assert_eq!(rows(client, &one_region, &both).await, [["CreateQueue"], ["Data"]]);
    let one = json!({"QueryStatement": format!("SELECT eventName FROM {}", id(&one_region))});
    Client::new(&cloud, &elsewhere).refused("StartQuery", one, "EventDataStoreNotFoundException").await;
}

#[tokio::test]
async fn results_come_in_pages_with_statistics_and_go_after_a_week() {
    let cloud = TestCloud::new(83);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let arn = store(client, "many", json!({})).await;
    for _ in 0..3000 {
        client.ok("DescribeTrails", json!({})).await;
    }
    let sql = "SELECT eventID, eventTime FROM EDS WHERE eventName = 'DescribeTrails'";
    let query = start(client, &arn, sql).await;
    let this = json!({"QueryId": query});
    let waits = client.ok("GetQueryResults", this.clone()).await;
    assert_eq!((&waits["QueryStatus"], waits.get("QueryResultRows")), (&json!("QUEUED"), None));
    cloud.settle().await;
    let told = client.ok("DescribeQuery", this.clone()).await;
    assert_eq!(told["QueryStatus"], "FINISHED");
    assert!(told["QueryStatistics"]["EventsScanned"].as_u64().unwrap() >= 3000, "{told}");
    assert!(told["QueryStatistics"]["BytesScanned"].as_u64().unwrap() > 3000 * 500, "{told}");
    let mut ids = std::collections::BTreeSet::new();
    let mut input = json!({"QueryId": query, "MaxQueryResults": 700});
    loop {
        let page = client.ok("GetQueryResults", input.clone()).await;
        assert_eq!(page["QueryStatistics"]["TotalResultsCount"], 3000);
        let rows = page["QueryResultRows"].as_array().unwrap();
        assert!(rows.len() <= 700 && !rows.is_empty());
        ids.extend(rows.iter().map(|row| text(&row[0]["eventID"])));
        let Some(token) = page.get("NextToken") else { break };
        input["NextToken"] = token.clone();
    }
    assert_eq!(ids.len(), 3000);
    client
        .refused(
            "GetQueryResults",
            json!({"QueryId": query, "NextToken": "0000"}),
            "InvalidNextTokenException",
        )
        .await;

    cloud.advance(Duration::from_secs(1)).await;
    let second = start(client, &arn, "SELECT eventName FROM EDS").await;
    let list = client.ok("ListQueries", json!({"EventDataStore": arn, "MaxResults": 1})).await;
    assert_eq!(list["Queries"][0]["QueryId"], json!(second));
    let more = json!({"EventDataStore": arn, "NextToken": list["NextToken"]});
    assert_eq!(client.ok("ListQueries", more).await["Queries"][0]["QueryId"], json!(query));
    let finished = json!({"EventDataStore": arn, "QueryStatus": "FINISHED"});
    assert_eq!(client.ok("ListQueries", finished).await["Queries"].as_array().unwrap().len(), 1);
    let range = json!({"EventDataStore": arn, "StartTime": 2_000_000_000, "EndTime": 1_000_000_000});
    client.refused("ListQueries", range, "InvalidDateRangeException").await;
    cloud.advance(8 * DAY).await;
    client.refused("DescribeQuery", this, "QueryIdNotFoundException").await;
    assert_eq!(client.ok("ListQueries", json!({"EventDataStore": arn})).await, json!({"Queries": []}));
}

#[tokio::test]
async fn statements_that_cannot_run_are_refused_and_queries_can_be_cancelled() {
    let cloud = TestCloud::new(84);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let arn = store(client, "one", json!({})).await;
    let code = "InvalidQueryStatementException";
    for sql in ["SELECT", "DELETE FROM EDS", "SELECT x.y FROM trails", "SELECT pg_sleep(1) FROM EDS"] {
        client.refused("StartQuery", json!({"QueryStatement": sql.replace("EDS", id(&arn))}), code).await;
    }
    let parameter = "InvalidParameterException";
    client.refused("StartQuery", json!({}), parameter).await;
    client.refused("StartQuery", json!({"QueryAlias": "top", "QueryParameters": ["1"]}), parameter).await;
    let one = format!("SELECT eventName FROM {}", id(&arn));
    let delivered = json!({"QueryStatement": one, "DeliveryS3Uri": "s3://amzn-s3-demo-bucket"});
    client.refused("StartQuery", delivered, "S3BucketDoesNotExistException").await;
    let unknown = "SELECT eventName FROM 5e2676f8-9fce-46ef-8142-3e36a94e6691";
    client.refused("StartQuery", json!({"QueryStatement": unknown}), "EventDataStoreNotFoundException").await;

    let mut queries = Vec::new();
    for _ in 0..10 {
        queries.push(start(client, &arn, "SELECT eventName FROM EDS").await);
    }
    client.refused("StartQuery", json!({"QueryStatement": one}), "MaxConcurrentQueriesException").await;
    let first = json!({"QueryId": queries[0]});
    assert_eq!(client.ok("CancelQuery", first.clone()).await["QueryStatus"], "CANCELLED");
    client.refused("CancelQuery", first.clone(), "InactiveQueryException").await;
    queries.push(start(client, &arn, "SELECT eventName FROM EDS").await);
    cloud.advance(Duration::from_secs(30)).await;
    assert_eq!(client.ok("DescribeQuery", first).await["QueryStatus"], "CANCELLED");
    for query in &queries[1..] {
        assert_eq!(client.ok("DescribeQuery", json!({"QueryId": query})).await["QueryStatus"], "FINISHED");
    }
    client.ok("DeleteEventDataStore", json!({"EventDataStore": arn})).await;
    let code = "InactiveEventDataStoreException";
    client.refused("StartQuery", json!({"QueryStatement": one}), code).await;
    client.refused("GetQueryResults", json!({"QueryId": queries[1]}), code).await;
    client.refused("ListQueries", json!({"EventDataStore": arn}), code).await;
}

#[tokio::test]
async fn a_query_that_was_under_way_runs_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let (arn, query);
    {
        let cloud = TestCloud::builder(85).build_in(directory.path());
        let root = cloud.root(ACCOUNT);
        let client = Client::new(&cloud, &root);
        arn = store(client, "kept", json!({})).await;
        client.ok("DescribeTrails", json!({})).await;
        query = start(client, &arn, "SELECT eventName FROM EDS WHERE eventName = 'DescribeTrails'").await;
    }
    let cloud = TestCloud::builder(85).build_in(directory.path());
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    cloud.settle().await;
    let results = client.ok("GetQueryResults", json!({"QueryId": query})).await;
    assert_eq!(results["QueryResultRows"], json!([[{"eventName": "DescribeTrails"}]]), "{results}");
    assert_eq!(client.ok("GetEventDataStore", json!({"EventDataStore": arn})).await["Status"], "ENABLED");
}

#[tokio::test]
async fn others_use_a_store_only_as_its_policy_lets_them() {
    let cloud = TestCloud::new(86);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let arn = store(client, "ours", json!({"TagsList": [{"Key": "team", "Value": "red"}]})).await;
    let stranger = policy_user(&cloud, "444455556666", "stranger").await;
    let theirs = Client::new(&cloud, &stranger);
    for operation in
        ["GetEventDataStore", "DeleteEventDataStore", "ListQueries", "StopEventDataStoreIngestion"]
    {
        theirs.refused(operation, json!({"EventDataStore": arn}), "AccessDeniedException").await;
    }
    let sql = format!("SELECT eventName FROM {} WHERE eventName = 'CreateEventDataStore'", id(&arn));
    let theirs_to_ask = json!({"QueryStatement": sql, "EventDataStoreOwnerAccountId": ACCOUNT});
    theirs.refused("StartQuery", json!({"QueryStatement": sql}), "EventDataStoreNotFoundException").await;
    theirs.refused("StartQuery", theirs_to_ask.clone(), "AccessDeniedException").await;

    client.refused("GetResourcePolicy", json!({"ResourceArn": arn}), "ResourcePolicyNotFoundException").await;
    let policy = |resource: &str| {
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": stranger.arn()},
            "Action": ["cloudtrail:StartQuery", "cloudtrail:GetQueryResults"], "Resource": resource}]})
        .to_string()
    };
    let input = json!({"ResourceArn": arn, "ResourcePolicy": policy("*")});
    client.refused("PutResourcePolicy", input, "ResourcePolicyNotValidException").await;
    client.ok("PutResourcePolicy", json!({"ResourceArn": arn, "ResourcePolicy": policy(&arn)})).await;
    let got = client.ok("GetResourcePolicy", json!({"ResourceArn": arn})).await;
    assert_eq!(got["ResourcePolicy"], json!(policy(&arn)));
    let query = theirs.ok("StartQuery", theirs_to_ask).await["QueryId"].clone();
    cloud.settle().await;
    let results = json!({"QueryId": query, "EventDataStoreOwnerAccountId": ACCOUNT});
    let found = theirs.ok("GetQueryResults", results.clone()).await;
    assert_eq!(found["QueryResultRows"], json!([[{"eventName": "CreateEventDataStore"}]]));
    theirs.refused("DescribeQuery", results.clone(), "AccessDeniedException").await;
    client.ok("DeleteResourcePolicy", json!({"ResourceArn": arn})).await;
    theirs.refused("GetQueryResults", results, "AccessDeniedException").await;

    client.ok("AddTags", json!({"ResourceId": arn, "TagsList": [{"Key": "level", "Value": "1"}]})).await;
    let tags = client.ok("ListTags", json!({"ResourceIdList": [arn]})).await;
    assert_eq!(tags["ResourceTagList"][0]["TagsList"].as_array().unwrap().len(), 2);
}
