//! Queues are listed, in pages.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT};

fn names(urls: &Json) -> Vec<&str> {
    urls.as_array().unwrap().iter().map(|url| url.as_str().unwrap().rsplit('/').next().unwrap()).collect()
}

#[tokio::test]
async fn queues_are_listed_by_prefix_and_page() {
    let cloud = TestCloud::new(40);
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let sqs = Client::new(&cloud, &root);
    assert_eq!(sqs.ok("ListQueues", json!({})).await, json!({}));
    for name in ["b-2", "a-1", "b-1", "B-3", "b-3"] {
        sqs.new_queue(name).await;
    }
    Client::new(&cloud, &other).new_queue("b-0").await;
    let all = sqs.ok("ListQueues", json!({})).await;
    assert_eq!(names(&all["QueueUrls"]), ["B-3", "a-1", "b-1", "b-2", "b-3"]);
    let first = sqs.ok("ListQueues", json!({"QueueNamePrefix": "b-", "MaxResults": 2})).await;
    assert_eq!(names(&first["QueueUrls"]), ["b-1", "b-2"]);
    let token = &first["NextToken"];
    let rest = json!({"QueueNamePrefix": "b-", "MaxResults": 2, "NextToken": token});
    let rest = sqs.ok("ListQueues", rest).await;
    assert_eq!(names(&rest["QueueUrls"]), ["b-3"]);
    assert_eq!(rest.get("NextToken"), None);
    // A token is good for its own list alone.
    for input in [json!({"MaxResults": 2, "NextToken": token}), json!({"MaxResults": 2, "NextToken": "x"})] {
        let said = sqs.refused("ListQueues", input, "InvalidParameterValueException").await;
        assert_eq!(said, "Invalid or expired next token.");
    }
    for most in [0, 1001] {
        let said =
            sqs.refused("ListQueues", json!({"MaxResults": most}), "InvalidParameterValueException").await;
        assert_eq!(
            said,
            format!(
                "Value {most} for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and \
                 1000."
            )
        );
    }
}
