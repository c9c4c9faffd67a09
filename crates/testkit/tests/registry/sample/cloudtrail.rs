//! Samples of CloudTrail.

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use super::{make, unique};

/// What the samples name.
pub(super) struct Things {
    tag: String,
    /// A trail that looks for insights.
    trail: String,
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
        Self { tag, trail }
    }
}

fn tags() -> Json {
    json!([{"Key": "Project", "Value": "blue"}])
}

fn insights() -> Json {
    json!([{"InsightType": "ApiCallRateInsight", "EventCategories": ["Management"]}])
}

/// A valid input.
pub(super) fn sample(operation: &str, things: &Things) -> Json {
    let Things { tag, trail } = things;
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
        operation => panic!("give {operation} a sample"),
    }
}
