//! Permissions that are added and removed one by one.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT};

#[tokio::test]
async fn permissions_make_a_policy_as_aws_writes_it() {
    let cloud = TestCloud::new(100);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    let arn = sqs.arn("jobs");
    let add = |label: &str, accounts: Json, actions: Json| json!({"QueueUrl": url, "Label": label, "AWSAccountIds": accounts, "Actions": actions});
    sqs.ok("AddPermission", add("one", json!([OTHER_ACCOUNT]), json!(["ReceiveMessage"]))).await;
    let first = format!(
        r#"{{"Sid":"one","Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::444455556666:root"}},"Action":"SQS:ReceiveMessage","Resource":"{arn}"}}"#
    );
    let policy = |statements: &str| {
        format!(r#"{{"Version":"2008-10-17","Id":"{arn}/SQSDefaultPolicy","Statement":[{statements}]}}"#)
    };
    assert_eq!(sqs.attributes(&url).await["Policy"], json!(policy(&first)));
    sqs.ok("AddPermission", add("two", json!([OTHER_ACCOUNT, ACCOUNT]), json!(["SendMessage", "*"]))).await;
    let second = format!(
        r#"{{"Sid":"two","Effect":"Allow","Principal":{{"AWS":["arn:aws:iam::444455556666:root","arn:aws:iam::111122223333:root"]}},"Action":["SQS:SendMessage","SQS:*"],"Resource":"{arn}"}}"#
    );
    assert_eq!(sqs.attributes(&url).await["Policy"], json!(policy(&format!("{first},{second}"))));
    let again = add("one", json!([ACCOUNT]), json!(["*"]));
    assert_eq!(
        sqs.refused("AddPermission", again, "InvalidParameterValueException").await,
        "Value one for parameter Label is invalid. Reason: Already exists."
    );
    sqs.ok("RemovePermission", json!({"QueueUrl": url, "Label": "one"})).await;
    assert_eq!(sqs.attributes(&url).await["Policy"], json!(policy(&second)));
    assert_eq!(
        sqs.refused(
            "RemovePermission",
            json!({"QueueUrl": url, "Label": "one"}),
            "InvalidParameterValueException"
        )
        .await,
        "Value one for parameter Label is invalid. Reason: can't find label."
    );
    sqs.ok("RemovePermission", json!({"QueueUrl": url, "Label": "two"})).await;
    assert_eq!(sqs.attributes(&url).await.get("Policy"), None);
}

#[tokio::test]
async fn a_policy_keeps_what_else_it_says_and_whom_it_meant() {
    let cloud = TestCloud::new(101);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let before = cloud.user(ACCOUNT, "worker").await;
    let url = sqs.new_queue("jobs").await;
    let policy = json!({"Statement": {
        "Effect": "Allow", "Principal": {"AWS": before.arn()}, "Action": "sqs:PurgeQueue", "Resource": "*",
    }});
    sqs.ok("SetQueueAttributes", json!({"QueueUrl": url, "Attributes": {"Policy": policy.to_string()}}))
        .await;
    // Somebody else gets the name.
    for key in cloud.ask(&root, "iam", "ListAccessKeys", &json!({"UserName": "worker"})).await.unwrap()["AccessKeyMetadata"]
        .as_array()
        .unwrap()
    {
        let input = json!({"UserName": "worker", "AccessKeyId": key["AccessKeyId"]});
        cloud.ask(&root, "iam", "DeleteAccessKey", &input).await.unwrap();
    }
    cloud.ask(&root, "iam", "DeleteUser", &json!({"UserName": "worker"})).await.unwrap();
    let after = cloud.user(ACCOUNT, "worker").await;
    let add = json!({"QueueUrl": url, "Label": "x", "AWSAccountIds": [ACCOUNT], "Actions": ["SendMessage"]});
    sqs.ok("AddPermission", add).await;
    Client::new(&cloud, &after)
        .refused("PurgeQueue", json!({"QueueUrl": url}), "AccessDeniedException")
        .await;
    let told = sqs.attributes(&url).await["Policy"].as_str().unwrap().to_owned();
    let told: Json = serde_json::from_str(&told).unwrap();
    assert_eq!(told["Statement"].as_array().unwrap().len(), 2);
    assert!(told["Statement"][0]["Principal"]["AWS"].as_str().unwrap().starts_with("AIDA"), "{told}");
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "a table of what is refused")]
async fn permissions_that_cannot_be_given_are_refused() {
    let cloud = TestCloud::new(102);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    let invalid = "InvalidParameterValueException";
    for (label, accounts, actions, code, text) in [
        (
            "x",
            json!([ACCOUNT]),
            json!(["Foo"]),
            invalid,
            "Value SQS:Foo for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list \
             of valid actions. ",
        ),
        (
            "x",
            json!([ACCOUNT]),
            json!(["CreateQueue"]),
            invalid,
            "Value SQS:CreateQueue for parameter ActionName is invalid. Reason: Only the queue owner is allowed to \
             invoke this action.",
        ),
        (
            "x",
            json!(["1"]),
            json!(["*"]),
            invalid,
            "Value [1] for parameter PrincipalId is invalid. Reason: Unable to verify.",
        ),
        (
            "x",
            json!([]),
            json!(["*"]),
            invalid,
            "Value [] for parameter PrincipalId is invalid. Reason: Unable to verify.",
        ),
        (
            "x",
            json!([ACCOUNT]),
            json!(vec!["*"; 8]),
            "OverLimit",
            "8 Actions were found, maximum allowed is 7.",
        ),
        (
            "x",
            json!([ACCOUNT]),
            json!([]),
            "MissingRequiredParameterException",
            "The request must contain the parameter Actions.",
        ),
        (
            "a b",
            json!([ACCOUNT]),
            json!(["*"]),
            invalid,
            "Value a b for parameter Label is invalid. Reason: Can only include alphanumeric characters, hyphens, or \
             underscores. 1 to 80 in length",
        ),
    ] {
        let input = json!({"QueueUrl": url, "Label": label, "AWSAccountIds": accounts, "Actions": actions});
        assert_eq!(sqs.refused("AddPermission", input, code).await, text);
    }
    for n in 0..20 {
        let label = format!("l{n}");
        let input =
            json!({"QueueUrl": url, "Label": label, "AWSAccountIds": [ACCOUNT], "Actions": ["SendMessage"]});
        sqs.ok("AddPermission", input).await;
    }
    let input =
        json!({"QueueUrl": url, "Label": "more", "AWSAccountIds": [ACCOUNT], "Actions": ["SendMessage"]});
    sqs.refused("AddPermission", input, "OverLimit").await;
}
