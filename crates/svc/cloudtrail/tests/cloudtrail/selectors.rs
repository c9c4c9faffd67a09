//! Event selectors and insight selectors of trails.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client};

#[tokio::test]
async fn a_trail_has_basic_selectors_or_advanced_ones() {
    let cloud = TestCloud::new(20);
    let root = cloud.root(ACCOUNT);
    let trails = Client::new(&cloud, &root);
    let arn = trails.new_trail("mine").await;
    let name = json!({"TrailName": "mine"});
    let first = trails.ok("GetEventSelectors", name.clone()).await;
    assert_eq!(
        first,
        json!({"TrailARN": arn, "EventSelectors": [{
            "ReadWriteType": "All", "IncludeManagementEvents": true, "DataResources": [],
            "ExcludeManagementEventSources": [],
        }]})
    );
    let advanced = json!([{
        "Name": "queues", "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::SQS::Queue"]},
        ],
    }]);
    let put = json!({"TrailName": arn, "AdvancedEventSelectors": advanced});
    let told = json!({"TrailARN": arn, "AdvancedEventSelectors": advanced});
    assert_eq!(trails.ok("PutEventSelectors", put).await, told);
    assert_eq!(trails.ok("GetEventSelectors", name.clone()).await, told);
    let trail = trails.ok("GetTrail", json!({"Name": "mine"})).await["Trail"].clone();
    assert_eq!(trail["HasCustomEventSelectors"], true);
    let basic = json!([{"ReadWriteType": "WriteOnly", "DataResources": [
        {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::amzn-s3-demo-bucket/"]},
    ]}]);
    trails.ok("PutEventSelectors", json!({"TrailName": "mine", "EventSelectors": basic})).await;
    let told = trails.ok("GetEventSelectors", name.clone()).await;
    assert_eq!(told["EventSelectors"][0]["ReadWriteType"], "WriteOnly");
    assert_eq!(told["EventSelectors"][0]["IncludeManagementEvents"], true);
    assert_eq!(told.get("AdvancedEventSelectors"), None);
    for bad in [
        json!({"TrailName": "mine"}),
        json!({"TrailName": "mine", "EventSelectors": [{}], "AdvancedEventSelectors": advanced}),
        json!({"TrailName": "mine", "EventSelectors": [{}, {}, {}, {}, {}, {}]}),
    ] {
        trails.refused("PutEventSelectors", bad, "InvalidEventSelectorsException").await;
    }
}

#[tokio::test]
async fn insights_are_put_told_and_taken_away() {
    let cloud = TestCloud::new(21);
    let root = cloud.root(ACCOUNT);
    let trails = Client::new(&cloud, &root);
    let arn = trails.new_trail("mine").await;
    let name = json!({"TrailName": "mine"});
    let message = trails.refused("GetInsightSelectors", name.clone(), "InsightNotEnabledException").await;
    assert_eq!(
        message,
        format!(
            "Trail {arn} does not have Insights enabled. Edit the trail settings to enable Insights, and then try the \
             operation again."
        )
    );
    let put = json!({"TrailName": "mine", "InsightSelectors": [{"InsightType": "ApiErrorRateInsight"}]});
    let told = json!({"TrailARN": arn, "InsightSelectors": [
        {"InsightType": "ApiErrorRateInsight", "EventCategories": ["Management"]},
    ]});
    assert_eq!(trails.ok("PutInsightSelectors", put).await, told);
    assert_eq!(trails.ok("GetInsightSelectors", name.clone()).await, told);
    assert_eq!(trails.ok("GetTrail", json!({"Name": "mine"})).await["Trail"]["HasInsightSelectors"], true);
    trails.ok("PutInsightSelectors", json!({"TrailName": "mine", "InsightSelectors": []})).await;
    trails.refused("GetInsightSelectors", name, "InsightNotEnabledException").await;
    let twice = json!({"TrailName": "mine", "InsightSelectors": [
        {"InsightType": "ApiCallRateInsight"}, {"InsightType": "ApiCallRateInsight"},
    ]});
    trails.refused("PutInsightSelectors", twice, "InvalidInsightSelectorsException").await;
    let none = json!({"InsightSelectors": []});
    trails.refused("PutInsightSelectors", none, "InvalidParameterCombinationException").await;
}
