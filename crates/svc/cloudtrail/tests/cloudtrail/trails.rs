//! Trails: made, changed, listed, started and stopped, in their home region and elsewhere.

use std::time::Duration;

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

const BUCKET: &str = "amzn-s3-demo-bucket";

fn elsewhere(caller: &TestCaller) -> TestCaller {
    let mut caller = caller.clone();
    caller.region = "eu-west-1".parse().unwrap();
    caller
}

#[tokio::test]
async fn a_trail_has_what_it_was_made_with_and_the_rest_as_aws_has_it() {
    let cloud = TestCloud::new(1);
    let root = cloud.root(ACCOUNT);
    let trails = Client::new(&cloud, &root);
    let region = root.region.as_str();
    let arn = format!("arn:aws:cloudtrail:{region}:{ACCOUNT}:trail/mine");
    let made = trails.ok("CreateTrail", json!({"Name": "mine", "S3BucketName": BUCKET})).await;
    let told = json!({
        "Name": "mine", "S3BucketName": BUCKET, "TrailARN": arn, "IncludeGlobalServiceEvents": true,
        "IsMultiRegionTrail": false, "LogFileValidationEnabled": false, "IsOrganizationTrail": false,
        "RecursiveLogging": true,
    });
    assert_eq!(made, told);
    let mut told = told;
    told["HomeRegion"] = json!(region);
    told["HasCustomEventSelectors"] = json!(false);
    told["HasInsightSelectors"] = json!(false);
    for name in ["mine", arn.as_str()] {
        assert_eq!(trails.ok("GetTrail", json!({"Name": name})).await["Trail"], told);
        let described = trails.ok("DescribeTrails", json!({"trailNameList": [name, "other"]})).await;
        assert_eq!(described["trailList"], json!([told]));
    }
    let listed = trails.ok("ListTrails", json!({})).await;
    assert_eq!(listed, json!({"Trails": [{"TrailARN": arn, "Name": "mine", "HomeRegion": region}]}));

    let change = json!({"Name": "mine", "S3KeyPrefix": "logs", "EnableLogFileValidation": true});
    let changed = trails.ok("UpdateTrail", change).await;
    assert_eq!(changed["S3KeyPrefix"], "logs");
    assert_eq!(changed["S3BucketName"], BUCKET);
    assert_eq!(changed["LogFileValidationEnabled"], true);
    let changed = trails.ok("UpdateTrail", json!({"Name": "mine", "S3KeyPrefix": ""})).await;
    assert_eq!(changed.get("S3KeyPrefix"), None);

    trails.ok("DeleteTrail", json!({"Name": arn})).await;
    let message = trails.refused("GetTrail", json!({"Name": "mine"}), "TrailNotFoundException").await;
    assert_eq!(message, format!("Unknown trail: {arn} for the user: {ACCOUNT}"));
    assert_eq!(trails.ok("DescribeTrails", json!({})).await, json!({"trailList": []}));
}

#[tokio::test]
async fn a_trail_logs_from_its_start_and_owns_up_that_nothing_is_delivered() {
    let cloud = TestCloud::new(2);
    let root = cloud.root(ACCOUNT);
    let trails = Client::new(&cloud, &root);
    trails.new_trail("mine").await;
    let name = json!({"Name": "mine"});
    let status = trails.ok("GetTrailStatus", name.clone()).await;
    assert_eq!(
        status,
        json!({
            "IsLogging": false, "LatestDeliveryAttemptTime": "", "LatestNotificationAttemptTime": "",
            "LatestNotificationAttemptSucceeded": "", "LatestDeliveryAttemptSucceeded": "",
            "TimeLoggingStarted": "", "TimeLoggingStopped": "",
        })
    );
    trails.ok("StartLogging", name.clone()).await;
    cloud.advance(Duration::from_secs(60)).await;
    trails.ok("StartLogging", name.clone()).await;
    let status = trails.ok("GetTrailStatus", name.clone()).await;
    assert_eq!(status["IsLogging"], true);
    assert_eq!(status["LatestDeliveryError"], "NoSuchBucket");
    assert_eq!(status["TimeLoggingStarted"], "2026-01-01T00:00:00Z");
    assert_eq!(status.get("LatestDeliveryTime"), None);
    trails.ok("StopLogging", name.clone()).await;
    let status = trails.ok("GetTrailStatus", name).await;
    assert_eq!(status["IsLogging"], false);
    assert_eq!(status["TimeLoggingStopped"], "2026-01-01T00:01:00Z");
}

#[tokio::test]
async fn a_multi_region_trail_is_seen_everywhere_and_changed_at_home() {
    let cloud = TestCloud::new(3);
    let root = cloud.root(ACCOUNT);
    let other = elsewhere(&root);
    let (home, away) = (Client::new(&cloud, &root), Client::new(&cloud, &other));
    let single = home.new_trail("single").await;
    let multi = json!({"Name": "multi", "S3BucketName": BUCKET, "IsMultiRegionTrail": true});
    let multi = home.ok("CreateTrail", multi).await["TrailARN"].as_str().unwrap().to_owned();

    let described = away.ok("DescribeTrails", json!({})).await["trailList"].clone();
    assert_eq!(described.as_array().unwrap().len(), 1);
    assert_eq!(described[0]["TrailARN"], json!(multi));
    let own = away.ok("DescribeTrails", json!({"includeShadowTrails": false})).await;
    assert_eq!(own, json!({"trailList": []}));
    assert_eq!(away.ok("ListTrails", json!({})).await["Trails"].as_array().unwrap().len(), 2);
    away.ok("GetTrailStatus", json!({"Name": "multi"})).await;
    away.ok("GetEventSelectors", json!({"TrailName": multi})).await;
    away.refused("GetTrail", json!({"Name": single}), "TrailNotFoundException").await;

    for (operation, member) in
        [("UpdateTrail", "Name"), ("StartLogging", "Name"), ("StopLogging", "Name"), ("DeleteTrail", "Name")]
    {
        for name in ["multi", multi.as_str(), single.as_str()] {
            away.refused(operation, json!({member: name}), "InvalidHomeRegionException").await;
        }
        let message = away.refused(operation, json!({member: "single"}), "TrailNotFoundException").await;
        assert!(message.contains("cloudtrail:eu-west-1:"), "{message}");
    }
    let input = json!({"TrailName": multi, "EventSelectors": [{}]});
    away.refused("PutEventSelectors", input, "InvalidHomeRegionException").await;
    let input = json!({"Name": "multi", "IsMultiRegionTrail": false});
    home.ok("UpdateTrail", input).await;
    assert_eq!(away.ok("DescribeTrails", json!({})).await, json!({"trailList": []}));
}

#[tokio::test]
async fn a_region_has_as_many_trails_as_its_quota_leaves() {
    let cloud = TestCloud::new(4);
    let root = cloud.root(ACCOUNT);
    let other = elsewhere(&root);
    let (home, away) = (Client::new(&cloud, &root), Client::new(&cloud, &other));
    for n in 0..5 {
        home.new_trail(&format!("trail-{n}")).await;
    }
    let one = |name: &str| json!({"Name": name, "S3BucketName": BUCKET});
    let full = "MaximumNumberOfTrailsExceededException";
    let message = home.refused("CreateTrail", one("sixth"), full).await;
    assert_eq!(message, format!("User: {ACCOUNT} already has 5 trails in {}.", root.region));
    let mut everywhere = one("multi");
    everywhere["IsMultiRegionTrail"] = json!(true);
    away.refused("CreateTrail", everywhere, full).await;
    away.ok("CreateTrail", one("single")).await;
    let everywhere = json!({"Name": "single", "IsMultiRegionTrail": true});
    away.refused("UpdateTrail", everywhere, full).await;
    let message = home.refused("CreateTrail", one("trail-0"), "TrailAlreadyExistsException").await;
    assert_eq!(message, format!("Trail trail-0 already exists for customer: {ACCOUNT}"));
}

#[tokio::test]
async fn trails_that_cannot_be_are_refused_in_the_words_of_aws() {
    let cloud = TestCloud::new(5);
    let root = cloud.root(ACCOUNT);
    let trails = Client::new(&cloud, &root);
    for (input, code) in [
        (json!({"Name": "ab", "S3BucketName": BUCKET}), "InvalidTrailNameException"),
        (json!({"Name": "my--trail", "S3BucketName": BUCKET}), "InvalidTrailNameException"),
        (json!({"Name": "mine", "S3BucketName": "Bucket_1"}), "InvalidS3BucketNameException"),
        (json!({"Name": "mine", "S3BucketName": BUCKET, "S3KeyPrefix": "/x"}), "InvalidS3PrefixException"),
        (
            json!({"Name": "mine", "S3BucketName": BUCKET, "IsMultiRegionTrail": true,
                "IncludeGlobalServiceEvents": false}),
            "InvalidParameterCombinationException",
        ),
        (
            json!({"Name": "mine", "S3BucketName": BUCKET, "CloudWatchLogsRoleArn": "arn:aws:iam::111122223333:role/r",
                "CloudWatchLogsLogGroupArn": "arn:aws:logs:us-east-1:111122223333:log-group:g:*"}),
            "InvalidCloudWatchLogsLogGroupArnException",
        ),
        (
            json!({"Name": "mine", "S3BucketName": BUCKET, "IsOrganizationTrail": true}),
            "OrganizationsNotInUseException",
        ),
    ] {
        trails.refused("CreateTrail", input, code).await;
    }
    let arn = "arn:aws:cloudtrail:us-east-1:111122223333:mine";
    trails.refused("GetTrail", json!({"Name": arn}), "CloudTrailARNInvalidException").await;
    trails.refused("DescribeTrails", json!({"trailNameList": [arn]}), "CloudTrailARNInvalidException").await;
    assert_eq!(trails.ok("ListTrails", json!({})).await, json!({"Trails": []}));
}

#[tokio::test]
async fn nobody_learns_of_a_trail_without_permission() {
    let cloud = TestCloud::new(6);
    let root = cloud.root(ACCOUNT);
    let mine = Client::new(&cloud, &root).new_trail("mine").await;
    let policy = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "cloudtrail:GetTrail", "Resource": format!("{mine}-not"),
    }});
    let user = cloud.user_with_policy(ACCOUNT, "user", &policy.to_string()).await;
    let user = Client::new(&cloud, &user);
    for name in ["mine", "none", mine.as_str(), "x"] {
        user.refused("GetTrail", json!({"Name": name}), "AccessDeniedException").await;
    }
    let told: Vec<Json> = vec![json!({"Name": "mine-not"})];
    user.refused("GetTrail", told[0].clone(), "TrailNotFoundException").await;
    let stranger = cloud.root("444455556666");
    let stranger = Client::new(&cloud, &stranger);
    stranger.refused("GetTrail", json!({"Name": mine}), "TrailNotFoundException").await;
    stranger.refused("DeleteTrail", json!({"Name": mine}), "TrailNotFoundException").await;
}
