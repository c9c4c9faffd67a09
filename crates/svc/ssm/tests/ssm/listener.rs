//! Somebody who hears what Parameter Store tells EventBridge: a queue behind a rule.

use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

/// How often more messages are asked for.
const ASKED_MAX: usize = 100;

pub(crate) struct Listener {
    queue_url: String,
}

impl Listener {
    /// Hears of everything from now on.
    pub(crate) async fn new(client: &Client) -> Self {
        Self::of(client, json!({"detail-type": [{"prefix": "Parameter Store"}]})).await
    }

    /// Hears of what a pattern is for.
    pub(crate) async fn of(client: &Client, pattern: Json) -> Self {
        // Rules are for what happens from their time on, and what was told before may be of the same time.
        client.cloud.settle().await;
        let ask = |service: &'static str, operation: &'static str, input: Json| async move {
            client.cloud.ask(&client.root, service, operation, &input).await.unwrap()
        };
        let queue_arn = format!("arn:aws:sqs:us-east-1:{ACCOUNT}:heard");
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage",
            "Resource": queue_arn}]});
        let made = json!({"QueueName": "heard", "Attributes": {"Policy": policy.to_string()}});
        let queue_url = ask("sqs", "CreateQueue", made).await["QueueUrl"].as_str().unwrap().to_owned();
        let rule = json!({"Name": "hears", "EventPattern": pattern.to_string()});
        ask("events", "PutRule", rule).await;
        let targets = json!({"Rule": "hears", "Targets": [{"Id": "queue", "Arn": queue_arn}]});
        ask("events", "PutTargets", targets).await;
        Self { queue_url }
    }

    /// The events that it heard since it was asked last, in order of their times.
    pub(crate) async fn heard(&self, client: &Client) -> Vec<Json> {
        client.cloud.settle().await;
        let mut heard = Vec::new();
        for _ in 0..ASKED_MAX {
            let input = json!({"QueueUrl": self.queue_url, "MaxNumberOfMessages": 10});
            let mut answer = client.cloud.ask(&client.root, "sqs", "ReceiveMessage", &input).await.unwrap();
            let Some(messages) = answer["Messages"].as_array_mut().filter(|it| !it.is_empty()) else { break };
            for message in messages {
                let gone = json!({"QueueUrl": self.queue_url, "ReceiptHandle": message["ReceiptHandle"]});
                client.cloud.ask(&client.root, "sqs", "DeleteMessage", &gone).await.unwrap();
                heard.push(serde_json::from_str(message["Body"].as_str().unwrap()).unwrap());
            }
        }
        heard.sort_by_key(|event: &Json| event["time"].as_str().unwrap().to_owned());
        heard
    }

    /// The details of what it heard since it was asked last.
    pub(crate) async fn details(&self, client: &Client) -> Vec<Json> {
        self.heard(client).await.into_iter().map(|mut event| event["detail"].take()).collect()
    }
}
