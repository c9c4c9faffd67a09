//! Tags of trails.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

fn tag(key: &str, value: &str) -> Json {
    json!({"Key": key, "Value": value})
}

#[tokio::test]
async fn tags_are_put_replaced_and_taken_off() {
    let cloud = TestCloud::new(30);
    let root = cloud.root(ACCOUNT);
    let trails = Client::new(&cloud, &root);
    let made = json!({"Name": "mine", "S3BucketName": "bucket", "TagsList": [tag("b", "1")]});
    let arn = trails.ok("CreateTrail", made).await["TrailARN"].clone();
    trails.ok("AddTags", json!({"ResourceId": arn, "TagsList": [tag("a", "2"), tag("b", "3")]})).await;
    let list = json!({"ResourceIdList": [arn]});
    let told = trails.ok("ListTags", list.clone()).await;
    let tags = json!([tag("a", "2"), tag("b", "3")]);
    assert_eq!(told, json!({"ResourceTagList": [{"ResourceId": arn, "TagsList": tags}]}));
    trails.ok("RemoveTags", json!({"ResourceId": arn, "TagsList": [tag("a", "whatever")]})).await;
    let told = trails.ok("ListTags", list).await;
    assert_eq!(told["ResourceTagList"][0]["TagsList"], json!([tag("b", "3")]));

    let many: Vec<Json> = (0..51).map(|n| tag(&n.to_string(), "x")).collect();
    for (tags, code) in [
        (json!([tag("aws:x", "x")]), "InvalidTagParameterException"),
        (json!([tag("x", "1"), tag("x", "2")]), "InvalidTagParameterException"),
        (json!(many), "TagsLimitExceededException"),
    ] {
        trails.refused("AddTags", json!({"ResourceId": arn, "TagsList": tags}), code).await;
    }
    for (arn, code) in [
        ("mine", "CloudTrailARNInvalidException"),
        ("arn:aws:cloudtrail:us-east-1:111122223333:trail/none", "ResourceNotFoundException"),
        ("arn:aws:cloudtrail:us-east-1:111122223333:thing/none", "ResourceTypeNotSupportedException"),
    ] {
        trails.refused("ListTags", json!({"ResourceIdList": [arn]}), code).await;
    }
}

#[tokio::test]
async fn policies_decide_by_tags() {
    let cloud = TestCloud::new(31);
    let root = cloud.root(ACCOUNT);
    let trails = Client::new(&cloud, &root);
    let tagged = |name: &str, team: &str| json!({"Name": name, "S3BucketName": "bucket", "TagsList": [tag("Team", team)]});
    trails.ok("CreateTrail", tagged("red-trail", "red")).await;
    trails.ok("CreateTrail", tagged("blue-trail", "blue")).await;
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "cloudtrail:StopLogging", "Resource": "*",
         "Condition": {"StringEquals": {"aws:ResourceTag/Team": "red"}}},
        {"Effect": "Allow", "Action": ["cloudtrail:CreateTrail", "cloudtrail:AddTags"], "Resource": "*",
         "Condition": {"StringEquals": {"aws:RequestTag/Team": "red"}}},
    ]});
    let user = cloud.user_with_policy(ACCOUNT, "user", &policy.to_string()).await;
    let user = Client::new(&cloud, &user);
    user.ok("StopLogging", json!({"Name": "red-trail"})).await;
    user.refused("StopLogging", json!({"Name": "blue-trail"}), "AccessDeniedException").await;
    user.ok("CreateTrail", tagged("red-more", "red")).await;
    user.refused("CreateTrail", tagged("blue-more", "blue"), "AccessDeniedException").await;
    user.refused("CreateTrail", json!({"Name": "more", "S3BucketName": "bucket"}), "AccessDeniedException")
        .await;
}
