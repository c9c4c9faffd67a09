//! Samples of CloudTrail.

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use super::{make, unique};

/// What the samples name.
pub(super) struct Things {
    tag: String,
    /// A trail that looks for insights.
    trail: String,
    /// An event data store with a policy and a query that waits.
    store: String,
    query: String,
    /// One that takes nothing in.
    stopped_store: String,
    /// One that waits to be deleted.
    deleted_store: String,
}

impl Things {
    /// New things in the root user's account.
    pub(super) async fn new(cloud: &TestCloud, root: &TestCaller) -> Self {
        let tag = unique(cloud);
        let input = json!({
            "Name": format!("trail-{tag}"), "S3BucketName": "amzn-s3-demo-bucket", "TagsList": tags(),
        });
        let made = make(cloud, root, "cloudtrail", "CreateTrail", input).await;
        let trail = made["TrailARN"].as_str().unwrap().to_owned();
        let insights = json!({"TrailName": trail, "InsightSelectors": insights()});
        make(cloud, root, "cloudtrail", "PutInsightSelectors", insights).await;
        let store = new_store(cloud, root, &format!("store-{tag}")).await;
        let id = store.rsplit('/').next().unwrap();
        let statement = json!({"QueryStatement": format!("SELECT eventName FROM {id}")});
        let query = make(cloud, root, "cloudtrail", "StartQuery", statement).await;
        let query = query["QueryId"].as_str().unwrap().to_owned();
        let policy = json!({"ResourceArn": store, "ResourcePolicy": policy(&store)});
        make(cloud, root, "cloudtrail", "PutResourcePolicy", policy).await;
        let stopped_store = new_store(cloud, root, &format!("stopped-{tag}")).await;
        let stopped = json!({"EventDataStore": stopped_store});
        make(cloud, root, "cloudtrail", "StopEventDataStoreIngestion", stopped).await;
        let deleted_store = new_store(cloud, root, &format!("deleted-{tag}")).await;
        let deleted = json!({"EventDataStore": deleted_store});
        make(cloud, root, "cloudtrail", "DeleteEventDataStore", deleted).await;
        Self { tag, trail, store, query, stopped_store, deleted_store }
    }
}

async fn new_store(cloud: &TestCloud, root: &TestCaller, name: &str) -> String {
    let input = json!({"Name": name, "TerminationProtectionEnabled": false, "TagsList": tags()});
    let made = make(cloud, root, "cloudtrail", "CreateEventDataStore", input).await;
    made["EventDataStoreArn"].as_str().unwrap().to_owned()
}

fn policy(store: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"},
        "Action": "cloudtrail:ListQueries", "Resource": store,
        "Condition": {"StringEquals": {"aws:PrincipalAccount": "999988887777"}}}]})
    .to_string()
}

fn tags() -> Json {
    json!([{"Key": "Project", "Value": "blue"}])
}

fn insights() -> Json {
    json!([{"InsightType": "ApiCallRateInsight", "EventCategories": ["Management"]}])
}

/// A valid input.
pub(super) fn sample(operation: &str, things: &Things) -> Json {
    let Things { tag, trail, store, query, stopped_store, deleted_store } = things;
    match operation {
        "AddTags" | "RemoveTags" => json!({"ResourceId": trail, "TagsList": tags()}),
        "CreateTrail" => json!({
            "Name": format!("new-{tag}"), "S3BucketName": "amzn-s3-demo-bucket", "S3KeyPrefix": "logs",
            "IncludeGlobalServiceEvents": true, "IsMultiRegionTrail": true, "IsOrganizationTrail": false,
            "EnableLogFileValidation": true, "TagsList": tags(),
        }),
        "DeleteTrail" | "GetTrail" | "GetTrailStatus" | "StartLogging" | "StopLogging" => {
            json!({"Name": trail})
        }
        "DescribeTrails" => json!({"trailNameList": [trail], "includeShadowTrails": true}),
        "GetEventSelectors" | "GetInsightSelectors" => json!({"TrailName": trail}),
        "ListPublicKeys" | "ListTrails" => json!({}),
        "ListTags" => json!({"ResourceIdList": [trail]}),
        "LookupEvents" => json!({
            "LookupAttributes": [{"AttributeKey": "EventSource", "AttributeValue": "cloudtrail.amazonaws.com"}],
            "StartTime": 1_767_225_600, "EndTime": 1_767_312_000, "MaxResults": 10,
        }),
        "PutEventSelectors" => json!({"TrailName": trail, "EventSelectors": [{
            "ReadWriteType": "WriteOnly", "IncludeManagementEvents": true, "ExcludeManagementEventSources": [],
            "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::amzn-s3-demo-bucket/"]}],
        }]}),
        "PutInsightSelectors" => json!({"TrailName": trail, "InsightSelectors": insights()}),
        "UpdateTrail" => {
            json!({"Name": trail, "S3BucketName": "amzn-s3-demo-bucket2", "IsMultiRegionTrail": true})
        }
        "CreateEventDataStore" => json!({
            "Name": format!("new-store-{tag}"), "MultiRegionEnabled": true, "OrganizationEnabled": false,
            "RetentionPeriod": 90, "TerminationProtectionEnabled": true, "TagsList": tags(), "StartIngestion": true,
        }),
        "DeleteEventDataStore" | "GetEventDataStore" | "ListQueries" | "StopEventDataStoreIngestion" => {
            json!({"EventDataStore": store})
        }
        "StartEventDataStoreIngestion" => json!({"EventDataStore": stopped_store}),
        "RestoreEventDataStore" => json!({"EventDataStore": deleted_store}),
        "UpdateEventDataStore" => json!({"EventDataStore": store, "RetentionPeriod": 30}),
        "ListEventDataStores" => json!({}),
        "StartQuery" => json!({
            "QueryStatement": format!("SELECT eventName FROM {}", store.rsplit('/').next().unwrap()),
        }),
        "CancelQuery" | "DescribeQuery" | "GetQueryResults" => json!({"QueryId": query}),
        "GetResourcePolicy" | "DeleteResourcePolicy" => json!({"ResourceArn": store}),
        "PutResourcePolicy" => json!({"ResourceArn": store, "ResourcePolicy": policy(store)}),
        operation => panic!("give {operation} a sample"),
    }
}
