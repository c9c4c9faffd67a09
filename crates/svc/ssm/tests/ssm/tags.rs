//! Tags, and deleting several parameters.

use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

fn of(name: &str) -> Json {
    json!({"ResourceType": "Parameter", "ResourceId": name})
}

fn tag(name: &str, tags: &[(&str, &str)]) -> Json {
    let tags: Vec<Json> = tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
    json!({"ResourceType": "Parameter", "ResourceId": name, "Tags": tags})
}

#[tokio::test]
async fn tags_are_put_on_and_taken_off_and_stand_in_the_order_in_which_they_came() {
    let client = Client::new(40);
    let input = json!({"Name": "/a/b", "Value": "1", "Type": "String", "Tags": [{"Key": "z", "Value": "1"}]});
    client.ok("PutParameter", input).await;
    assert_eq!(client.ok("AddTagsToResource", tag("/a/b", &[("a", ""), ("z", "2")])).await, json!({}));
    let tags = client.ok("ListTagsForResource", of("/a/b")).await;
    assert_eq!(tags, json!({"TagList": [{"Key": "z", "Value": "2"}, {"Key": "a", "Value": ""}]}));
    let mut off = of("/a/b");
    off["TagKeys"] = json!(["z", "absent"]);
    assert_eq!(client.ok("RemoveTagsFromResource", off).await, json!({}));
    let tags = client.ok("ListTagsForResource", of("/a/b")).await;
    assert_eq!(tags, json!({"TagList": [{"Key": "a", "Value": ""}]}));
    client.overwrite("/a/b", "2").await;
    assert_eq!(client.ok("ListTagsForResource", of("/a/b")).await, tags);
}

#[tokio::test]
async fn what_is_no_parameter_has_no_tags() {
    let client = Client::new(41);
    client.put("/a/b", "1").await;
    let arn = format!("arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/a/b");
    for name in ["absent", "a/b", "/a/b:1", "{}", "", &arn] {
        let refused = client.refused("ListTagsForResource", of(name)).await;
        assert_eq!(refused, ("InvalidResourceId".to_owned(), String::new()), "{name}");
    }
    let document = json!({"ResourceType": "Document", "ResourceId": "/a/b"});
    assert_eq!(client.refused("ListTagsForResource", document).await.0, "InvalidResourceType");
    let unknown = json!({"ResourceType": "Secret", "ResourceId": "/a/b"});
    assert_eq!(client.refused("ListTagsForResource", unknown).await.0, "ValidationException");
}

#[tokio::test]
async fn there_are_fifty_tags_at_most_and_none_of_aws_s_own() {
    let client = Client::new(42);
    client.put("x", "1").await;
    let keys: Vec<String> = (0..51).map(|number| format!("k{number}")).collect();
    let tags: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), "v")).collect();
    client.ok("AddTagsToResource", tag("x", &tags[..50])).await;
    assert_eq!(client.refused("AddTagsToResource", tag("x", &tags[50..])).await.0, "TooManyTagsError");
    client.ok("AddTagsToResource", tag("x", &[("k0", "w")])).await;
    for bad in [[("aws:x", "1"), ("y", "1")], [("y", "1"), ("y", "2")]] {
        assert_eq!(client.refused("AddTagsToResource", tag("x", &bad)).await.0, "ValidationException");
    }
    let tags = client.ok("ListTagsForResource", of("x")).await;
    assert_eq!(tags["TagList"].as_array().unwrap().len(), 50);
}

#[tokio::test]
async fn policies_may_look_at_the_tags_and_at_what_is_put_on() {
    let client = Client::new(43);
    client.put("x", "1").await;
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "ssm:AddTagsToResource", "Resource": "*",
         "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}, "StringEquals": {"aws:RequestTag/team": "red"}}},
        {"Effect": "Allow", "Action": "ssm:RemoveTagsFromResource", "Resource": "*",
         "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}},
        {"Effect": "Allow", "Action": ["ssm:GetParameter", "ssm:DeleteParameters"], "Resource": "*",
         "Condition": {"StringEquals": {"ssm:resourceTag/team": "red"}}},
    ]});
    let ann = client.cloud.user_with_policy(ACCOUNT, "ann", &policy.to_string()).await;
    let denied = "AccessDeniedException";
    assert_eq!(client.refused_as(&ann, "GetParameter", json!({"Name": "x"})).await.0, denied);
    assert_eq!(client.refused_as(&ann, "AddTagsToResource", tag("x", &[("team", "blue")])).await.0, denied);
    let more = tag("x", &[("team", "red"), ("other", "1")]);
    assert_eq!(client.refused_as(&ann, "AddTagsToResource", more).await.0, denied);
    client.ok_as(&ann, "AddTagsToResource", tag("x", &[("team", "red")])).await;
    client.ok_as(&ann, "GetParameter", json!({"Name": "x"})).await;
    let mut off = of("x");
    off["TagKeys"] = json!(["team", "other"]);
    assert_eq!(client.refused_as(&ann, "RemoveTagsFromResource", off.clone()).await.0, denied);
    let (code, message) = client.refused_as(&ann, "ListTagsForResource", of("absent")).await;
    assert_eq!(code, denied);
    assert!(message.contains(":parameter/absent because no identity-based policy"), "{message}");
    client.ok_as(&ann, "DeleteParameters", json!({"Names": ["x"]})).await;
}

#[tokio::test]
async fn several_are_deleted_and_those_that_are_not_there_are_told() {
    let client = Client::new(44);
    for name in ["x", "/a/b", "kept"] {
        client.put(name, "1").await;
    }
    let arn = format!("arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/kept");
    let names = json!({"Names": ["/x", "absent", "x", "/a/b", "/a/b", "kept:1", arn]});
    let answer = client.ok("DeleteParameters", names).await;
    assert_eq!(answer["DeletedParameters"], json!(["/x", "x", "/a/b"]));
    assert_eq!(answer["InvalidParameters"], json!(["absent", "kept:1", arn]));
    assert_eq!(client.refused("GetParameter", json!({"Name": "x"})).await.0, "ParameterNotFound");
    client.read("kept").await;
    let eleven: Vec<String> = (0..11).map(|number| format!("n{number}")).collect();
    assert_eq!(client.refused("DeleteParameters", json!({"Names": eleven})).await.0, "ValidationException");
}

#[tokio::test]
async fn who_may_not_delete_one_of_several_deletes_none() {
    let client = Client::new(45);
    client.put("x", "1").await;
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "ssm:DeleteParameters", "Resource": "*"},
        {"Effect": "Deny", "Action": "ssm:DeleteParameters", "Resource": "arn:aws:ssm:*:*:parameter/y"}]});
    let ann = client.cloud.user_with_policy(ACCOUNT, "ann", &policy.to_string()).await;
    let refused = client.refused_as(&ann, "DeleteParameters", json!({"Names": ["x", "y"]})).await;
    assert_eq!(refused.0, "AccessDeniedException");
    client.read("x").await;
}
