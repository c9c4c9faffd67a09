//! Short ways to say what tests do.

use alcazar_engine::port::outbound::{OutboundMethod, OutboundRequest, OutboundSend};
use alcazar_shape::{ApiError, Protocol};
use alcazar_testkit::{TestCaller, TestCloud, WireRequest, WireResponse};
use serde_json::{Value as Json, json};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const OTHER_ACCOUNT: &str = "444455556666";

/// A cloud, and somebody in it who calls.
pub(crate) struct Client {
    pub(crate) cloud: TestCloud,
    pub(crate) root: TestCaller,
}

impl Client {
    pub(crate) fn new(seed: u64) -> Self {
        Self::of(TestCloud::new(seed))
    }

    pub(crate) fn of(cloud: TestCloud) -> Self {
        let root = cloud.root(ACCOUNT);
        cloud.outside().answer(200, &json!({}));
        Self { cloud, root }
    }

    /// Asks SNS as the account's root user.
    pub(crate) async fn ask(&self, operation: &str, input: Json) -> Result<Json, ApiError> {
        self.ask_as(&self.root, operation, input).await
    }

    pub(crate) async fn ask_as(
        &self,
        caller: &TestCaller,
        operation: &str,
        input: Json,
    ) -> Result<Json, ApiError> {
        self.cloud.ask(caller, "sns", operation, &input).await
    }

    /// What goes well.
    pub(crate) async fn ok(&self, operation: &str, input: Json) -> Json {
        match self.ask(operation, input.clone()).await {
            Ok(answer) => answer,
            Err(error) => panic!("{operation} of {input}: {error:?}"),
        }
    }

    /// The code and the text of what does not.
    pub(crate) async fn refused(&self, operation: &str, input: Json) -> (String, String) {
        self.refused_as(&self.root, operation, input).await
    }

    pub(crate) async fn refused_as(
        &self,
        caller: &TestCaller,
        operation: &str,
        input: Json,
    ) -> (String, String) {
        match self.ask_as(caller, operation, input.clone()).await {
            Ok(answer) => panic!("{operation} of {input}: {answer}"),
            Err(error) => {
                (error.model().query_code.to_owned(), error.message().unwrap_or_default().to_owned())
            }
        }
    }

    /// A new topic's ARN.
    pub(crate) async fn topic(&self, name: &str) -> String {
        self.topic_with(name, json!({})).await
    }

    pub(crate) async fn topic_with(&self, name: &str, mut attributes: Json) -> String {
        if name.ends_with(".fifo") {
            attributes["FifoTopic"] = json!("true");
        }
        let answer = self.ok("CreateTopic", json!({"Name": name, "Attributes": attributes})).await;
        answer["TopicArn"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn set_topic(&self, arn: &str, name: &str, value: &str) {
        let input = json!({"TopicArn": arn, "AttributeName": name, "AttributeValue": value});
        self.ok("SetTopicAttributes", input).await;
    }

    pub(crate) async fn topic_attributes(&self, arn: &str) -> Json {
        self.ok("GetTopicAttributes", json!({"TopicArn": arn})).await["Attributes"].take()
    }

    /// Subscribes an endpoint, confirmed if it is HTTP; gives the subscription's ARN.
    pub(crate) async fn subscribe(
        &self,
        topic: &str,
        protocol: &str,
        endpoint: &str,
        attributes: Json,
    ) -> String {
        let input = json!({
            "TopicArn": topic, "Protocol": protocol, "Endpoint": endpoint, "Attributes": attributes,
            "ReturnSubscriptionArn": true,
        });
        let arn = self.ok("Subscribe", input).await["SubscriptionArn"].as_str().unwrap().to_owned();
        if protocol != "sqs" {
            self.cloud.settle().await;
            let sent = self.cloud.outside().take_requests();
            let token = body(sent.last().unwrap())["Token"].as_str().unwrap().to_owned();
            self.ok("ConfirmSubscription", json!({"TopicArn": topic, "Token": token})).await;
        }
        arn
    }

    pub(crate) async fn subscription_attributes(&self, arn: &str) -> Json {
        let answer = self.ok("GetSubscriptionAttributes", json!({"SubscriptionArn": arn})).await;
        answer["Attributes"].clone()
    }

    pub(crate) async fn publish(&self, topic: &str, message: &str) -> String {
        let answer = self.ok("Publish", json!({"TopicArn": topic, "Message": message})).await;
        answer["MessageId"].as_str().unwrap().to_owned()
    }

    /// What was sent over HTTP since this was last asked, after what is due was delivered.
    pub(crate) async fn sent(&self) -> Vec<OutboundRequest> {
        self.cloud.settle().await;
        self.cloud.outside().take_requests()
    }

    /// The bodies of it.
    pub(crate) async fn sent_bodies(&self) -> Vec<Json> {
        self.sent().await.iter().map(body).collect()
    }

    /// A queue that takes what SNS sends it for a topic, by its name; gives its ARN.
    pub(crate) async fn queue(&self, name: &str, topic: &str) -> String {
        let arn = format!("arn:aws:sqs:us-east-1:{ACCOUNT}:{name}");
        self.queue_with_policy(name, &queue_policy(&arn, topic)).await;
        arn
    }

    pub(crate) async fn queue_with_policy(&self, name: &str, policy: &str) {
        let mut attributes = json!({"Policy": policy});
        if name.ends_with(".fifo") {
            attributes["FifoQueue"] = json!("true");
        }
        let input = json!({"QueueName": name, "Attributes": attributes});
        self.cloud.ask(&self.root, "sqs", "CreateQueue", &input).await.unwrap();
    }

    /// Takes what stands in a queue, with all attributes.
    pub(crate) async fn receive(&self, queue: &str) -> Vec<Json> {
        self.cloud.settle().await;
        self.receive_as(&self.root, queue).await
    }

    pub(crate) async fn receive_as(&self, caller: &TestCaller, queue: &str) -> Vec<Json> {
        let account = caller.account();
        let url =
            format!("https://sqs.us-east-1.amazonaws.com/{account}/{}", queue.rsplit(':').next().unwrap());
        let mut messages = Vec::new();
        for _ in 0..100 {
            let input = json!({
                "QueueUrl": url, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"],
                "MessageSystemAttributeNames": ["All"],
            });
            let answer = self.cloud.ask(caller, "sqs", "ReceiveMessage", &input).await.unwrap();
            let Some(found) = answer["Messages"].as_array().filter(|found| !found.is_empty()) else { break };
            for message in found {
                let handle = &message["ReceiptHandle"];
                let input = json!({"QueueUrl": url, "ReceiptHandle": handle});
                self.cloud.ask(caller, "sqs", "DeleteMessage", &input).await.unwrap();
                messages.push(message.clone());
            }
        }
        messages
    }

    /// A request without a signature, as a link in a message makes it.
    pub(crate) async fn follow(&self, link: &str) -> WireResponse {
        let (path, query) = link.split_once("/?").map_or(("/", ""), |(_, query)| ("/", query));
        let mut request = WireRequest {
            method: http_get(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: ::http::HeaderMap::new(),
            body: Vec::new(),
        };
        request.set("host", "localhost:4566");
        self.cloud.send(Protocol::AwsQuery, &request).await
    }
}

fn http_get() -> ::http::Method {
    ::http::Method::GET
}

/// A policy that lets SNS send to a queue for a topic.
pub(crate) fn queue_policy(queue: &str, topic: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
        "Resource": queue, "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }})
    .to_string()
}

/// What a request sends.
pub(crate) fn send_of(request: &OutboundRequest) -> &OutboundSend {
    match &request.method {
        OutboundMethod::Send(send) => send,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn header(request: &OutboundRequest, name: &str) -> Option<String> {
    let headers = &send_of(request).headers;
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.expose().to_owned())
}

pub(crate) fn body_text(request: &OutboundRequest) -> String {
    String::from_utf8(send_of(request).body.clone()).unwrap()
}

pub(crate) fn body(request: &OutboundRequest) -> Json {
    serde_json::from_str(&body_text(request)).unwrap()
}
