//! Queues of other accounts: both sides must allow, and some things nobody can be let do.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT};

fn allow(principal: Json, action: &str) -> String {
    let statement = json!({"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*"});
    json!({"Version": "2012-10-17", "Statement": statement}).to_string()
}

#[tokio::test]
async fn another_account_needs_the_queue_s_policy_and_its_own() {
    let cloud = TestCloud::new(80);
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let (sqs, foreign) = (Client::new(&cloud, &root), Client::new(&cloud, &other));
    let may = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}});
    let with = cloud.user_with_policy(OTHER_ACCOUNT, "with", &may.to_string()).await;
    let without = cloud.user(OTHER_ACCOUNT, "without").await;
    let url = sqs.new_queue("jobs").await;
    let purge = json!({"QueueUrl": url});
    let denied = foreign.refused("PurgeQueue", purge.clone(), "AccessDeniedException").await;
    assert!(
        denied.starts_with("Access to the resource http") && denied.ends_with("/ is denied."),
        "{denied}"
    );
    let policy = allow(json!({"AWS": OTHER_ACCOUNT}), "SQS:*");
    sqs.ok("SetQueueAttributes", json!({"QueueUrl": url, "Attributes": {"Policy": policy}})).await;
    Client::new(&cloud, &without).refused("PurgeQueue", purge.clone(), "AccessDeniedException").await;
    Client::new(&cloud, &with).ok("PurgeQueue", purge).await;
    let asked = json!({"QueueName": "jobs", "QueueOwnerAWSAccountId": ACCOUNT});
    assert_eq!(foreign.ok("GetQueueUrl", asked).await["QueueUrl"], json!(url));
    // What only the owner may do stays so, whatever the policy says.
    for (operation, input) in [
        ("DeleteQueue", json!({"QueueUrl": url})),
        ("ListQueueTags", json!({"QueueUrl": url})),
        ("TagQueue", json!({"QueueUrl": url, "Tags": {"a": "b"}})),
        ("UntagQueue", json!({"QueueUrl": url, "TagKeys": ["a"]})),
        ("SetQueueAttributes", json!({"QueueUrl": url, "Attributes": {"DelaySeconds": "1"}})),
        ("RemovePermission", json!({"QueueUrl": url, "Label": "x"})),
        (
            "AddPermission",
            json!({"QueueUrl": url, "Label": "x", "AWSAccountIds": [ACCOUNT], "Actions": ["*"]}),
        ),
    ] {
        foreign.refused(operation, input, "AccessDeniedException").await;
    }
}

#[tokio::test]
async fn nobody_without_permission_learns_which_queues_there_are() {
    let cloud = TestCloud::new(81);
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let user = cloud.user(ACCOUNT, "nobody").await;
    let there = Client::new(&cloud, &root).new_queue("jobs").await;
    let absent = there.replace("jobs", "none");
    for caller in [&other, &user] {
        let foreign = Client::new(&cloud, caller);
        let mut said = Vec::new();
        for url in [&there, &absent] {
            let text = foreign.refused("PurgeQueue", json!({"QueueUrl": url}), "AccessDeniedException").await;
            said.push(text.replace("none", "jobs"));
        }
        said.dedup();
        assert_eq!(said.len(), 1, "{said:?}");
    }
}

#[tokio::test]
async fn the_owner_s_own_need_either_policy_and_no_deny() {
    let cloud = TestCloud::new(82);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    let user = cloud.user(ACCOUNT, "worker").await;
    let worker = Client::new(&cloud, &user);
    worker.refused("PurgeQueue", json!({"QueueUrl": url}), "AccessDeniedException").await;
    let policy = allow(json!({"AWS": "arn:aws:iam::111122223333:user/worker"}), "sqs:purgequeue");
    sqs.ok("SetQueueAttributes", json!({"QueueUrl": url, "Attributes": {"Policy": policy}})).await;
    worker.ok("PurgeQueue", json!({"QueueUrl": url})).await;
    let deny = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Deny", "Principal": "*", "Action": "sqs:GetQueueUrl", "Resource": sqs.arn("jobs")}});
    sqs.ok("SetQueueAttributes", json!({"QueueUrl": url, "Attributes": {"Policy": deny.to_string()}})).await;
    let may = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}});
    cloud.put_user_policy(&root, "worker", &may.to_string()).await;
    let said = worker.refused("GetQueueUrl", json!({"QueueName": "jobs"}), "AccessDeniedException").await;
    assert!(said.ends_with("with an explicit deny in a resource-based policy"), "{said}");
}
