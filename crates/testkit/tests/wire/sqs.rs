//! SQS: the same calls in JSON and in Query, as `boto3` sent them before and after the service came to JSON.

use alcazar_api_sqs::ErrorCode;
use alcazar_api_sqs::operation::{
    AddPermission, ChangeMessageVisibilityBatch, CreateQueue, DeleteMessage, DeleteMessageBatch,
    GetQueueAttributes, ListQueues, ReceiveMessage, SendMessage, SendMessageBatch, SetQueueAttributes,
    TagQueue, UntagQueue,
};
use alcazar_shape::{ApiOperation as _, OperationModel, Protocol};
use alcazar_testkit::WireRequest;
use alcazar_wire::{EncodedResponse, codec, json};
use serde_json::{Value as Json, json};

use crate::double::{parts, text};

const QUEUE: &str = "http://localhost:4566/111122223333/orders";
const QUEUE_IN_FORM: &str = "QueueUrl=http%3A%2F%2Flocalhost%3A4566%2F111122223333%2Forders";

/// What clients send for an input, to the letter.
type Sent = (&'static OperationModel, Json, String);

fn of_queue(rest: &str) -> String {
    format!("{QUEUE_IN_FORM}&{rest}")
}

/// About queues themselves.
fn about_queues() -> Vec<Sent> {
    vec![
        (
            CreateQueue::MODEL,
            json!({"QueueName": "orders", "Attributes": {"DelaySeconds": "5", "VisibilityTimeout": "60"}, "tags": {"team": "a b"}}),
            "QueueName=orders&Attribute.1.Name=DelaySeconds&Attribute.1.Value=5&Attribute.2.Name=VisibilityTimeout\
             &Attribute.2.Value=60&Tag.1.Key=team&Tag.1.Value=a+b"
                .to_owned(),
        ),
        (
            GetQueueAttributes::MODEL,
            json!({"QueueUrl": QUEUE, "AttributeNames": ["All", "Policy"]}),
            of_queue("AttributeName.1=All&AttributeName.2=Policy"),
        ),
        (
            SetQueueAttributes::MODEL,
            json!({"QueueUrl": QUEUE, "Attributes": {"Policy": "{\"a\":1}"}}),
            of_queue("Attribute.1.Name=Policy&Attribute.1.Value=%7B%22a%22%3A1%7D"),
        ),
        (
            SetQueueAttributes::MODEL,
            json!({"QueueUrl": QUEUE, "Attributes": {"VisibilityTimeout": "35"}}),
            of_queue("Attribute.Name=VisibilityTimeout&Attribute.Value=35"),
        ),
        (
            AddPermission::MODEL,
            json!({
                "QueueUrl": QUEUE, "Label": "l", "AWSAccountIds": ["444455556666", "111122223333"],
                "Actions": ["SendMessage", "*"],
            }),
            of_queue(
                "Label=l&AWSAccountId.1=444455556666&AWSAccountId.2=111122223333&ActionName.1=SendMessage\
                 &ActionName.2=%2A",
            ),
        ),
        (
            TagQueue::MODEL,
            json!({"QueueUrl": QUEUE, "Tags": {"e": "", "k": "v"}}),
            of_queue("Tag.1.Key=e&Tag.1.Value=&Tag.2.Key=k&Tag.2.Value=v"),
        ),
        (UntagQueue::MODEL, json!({"QueueUrl": QUEUE, "TagKeys": ["k", "e"]}), of_queue("TagKey.1=k&TagKey.2=e")),
    ]
}

/// About messages.
fn about_messages() -> Vec<Sent> {
    vec![
        (
            SendMessage::MODEL,
            json!({
                "QueueUrl": QUEUE, "MessageBody": "hello & more", "DelaySeconds": 3, "MessageGroupId": "g",
                "MessageAttributes": {
                    "colour": {"DataType": "String", "StringValue": "red"},
                    "raw": {"DataType": "Binary", "BinaryValue": "AQI="},
                },
                "MessageSystemAttributes": {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1"}},
            }),
            of_queue(
                "MessageBody=hello+%26+more&DelaySeconds=3&MessageAttribute.1.Name=colour\
                 &MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=red\
                 &MessageAttribute.2.Name=raw&MessageAttribute.2.Value.DataType=Binary\
                 &MessageAttribute.2.Value.BinaryValue=AQI%3D&MessageSystemAttribute.1.Name=AWSTraceHeader\
                 &MessageSystemAttribute.1.Value.DataType=String\
                 &MessageSystemAttribute.1.Value.StringValue=Root%3D1&MessageGroupId=g",
            ),
        ),
        (
            SendMessageBatch::MODEL,
            json!({"QueueUrl": QUEUE, "Entries": [
                {"Id": "a", "MessageBody": "1"},
                {"Id": "b", "MessageBody": "2", "MessageAttributes": {"n": {"DataType": "Number", "StringValue": "7"}}},
            ]}),
            of_queue(
                "SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=1\
                 &SendMessageBatchRequestEntry.2.Id=b&SendMessageBatchRequestEntry.2.MessageBody=2\
                 &SendMessageBatchRequestEntry.2.MessageAttribute.1.Name=n\
                 &SendMessageBatchRequestEntry.2.MessageAttribute.1.Value.DataType=Number\
                 &SendMessageBatchRequestEntry.2.MessageAttribute.1.Value.StringValue=7",
            ),
        ),
        (
            ReceiveMessage::MODEL,
            json!({
                "QueueUrl": QUEUE, "AttributeNames": ["All"], "MessageSystemAttributeNames": ["SentTimestamp"],
                "MessageAttributeNames": ["colour", "raw.*"], "MaxNumberOfMessages": 10, "WaitTimeSeconds": 20,
            }),
            of_queue(
                "AttributeName.1=All&MessageSystemAttributeName.1=SentTimestamp&MessageAttributeName.1=colour\
                 &MessageAttributeName.2=raw.%2A&MaxNumberOfMessages=10&WaitTimeSeconds=20",
            ),
        ),
        (
            DeleteMessageBatch::MODEL,
            json!({"QueueUrl": QUEUE, "Entries": [{"Id": "a", "ReceiptHandle": "r=="}]}),
            of_queue(
                "DeleteMessageBatchRequestEntry.1.Id=a&DeleteMessageBatchRequestEntry.1.ReceiptHandle=r%3D%3D",
            ),
        ),
        (
            ChangeMessageVisibilityBatch::MODEL,
            json!({"QueueUrl": QUEUE, "Entries": [{"Id": "a", "ReceiptHandle": "r", "VisibilityTimeout": 30}]}),
            of_queue(
                "ChangeMessageVisibilityBatchRequestEntry.1.Id=a\
                 &ChangeMessageVisibilityBatchRequestEntry.1.ReceiptHandle=r\
                 &ChangeMessageVisibilityBatchRequestEntry.1.VisibilityTimeout=30",
            ),
        ),
    ]
}

#[test]
fn a_call_is_the_same_in_json_and_in_query() {
    for (operation, input, form) in about_queues().into_iter().chain(about_messages()) {
        let json = WireRequest::new(Protocol::AwsJson1_0, operation, &input);
        let read = codec(Protocol::AwsJson1_0).decode_input(operation, &parts(&json)).unwrap();
        let form = format!("Action={}&Version=2012-11-05&{form}", operation.name).into_bytes();
        let query = WireRequest::with_body(Protocol::AwsQuery, operation, form);
        let read_in_query = codec(Protocol::AwsQuery).decode_input(operation, &parts(&query)).unwrap();
        assert_eq!(read, read_in_query, "{}", operation.name);
    }
}

fn answer(operation: &'static OperationModel, output: &Json, protocol: Protocol) -> EncodedResponse {
    let output = json::from_json(operation.output, output.to_string().as_bytes()).unwrap();
    codec(protocol).encode_output(operation, &output, "id")
}

const WRAPPER: (&str, &str) = (
    "Response xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\">",
    "<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata>",
);

/// What an operation answers in Query, without what stands around every answer.
fn in_query(operation: &'static OperationModel, output: &Json) -> String {
    let response = answer(operation, output, Protocol::AwsQuery);
    assert_eq!(response.headers["content-type"], "text/xml");
    let name = operation.name;
    let document = text(&response);
    let inner = document.strip_prefix(&format!("<{name}{}", WRAPPER.0)).unwrap();
    inner.strip_suffix(&format!("{}</{name}Response>", WRAPPER.1)).unwrap().to_owned()
}

#[test]
fn answers_in_query_are_as_they_were_before_there_was_json() {
    assert_eq!(
        in_query(CreateQueue::MODEL, &json!({"QueueUrl": QUEUE})),
        format!("<CreateQueueResult><QueueUrl>{QUEUE}</QueueUrl></CreateQueueResult>")
    );
    assert_eq!(
        in_query(ListQueues::MODEL, &json!({"QueueUrls": [QUEUE, "http://b"], "NextToken": "n"})),
        format!(
            "<ListQueuesResult><QueueUrl>{QUEUE}</QueueUrl><QueueUrl>http://b</QueueUrl>\
             <NextToken>n</NextToken></ListQueuesResult>"
        )
    );
    assert_eq!(
        in_query(GetQueueAttributes::MODEL, &json!({"Attributes": {"DelaySeconds": "0"}})),
        "<GetQueueAttributesResult><Attribute><Name>DelaySeconds</Name><Value>0</Value></Attribute>\
         </GetQueueAttributesResult>"
    );
    assert_eq!(in_query(DeleteMessage::MODEL, &json!({})), "");
    assert_eq!(in_query(ReceiveMessage::MODEL, &json!({})), "<ReceiveMessageResult></ReceiveMessageResult>");
    let message = json!({
        "MessageId": "m", "ReceiptHandle": "r", "MD5OfBody": "5", "Body": "a < b",
        "Attributes": {"SentTimestamp": "1"},
        "MessageAttributes": {"raw": {"BinaryValue": "AQI=", "DataType": "Binary"}},
    });
    assert_eq!(
        in_query(ReceiveMessage::MODEL, &json!({"Messages": [message]})),
        "<ReceiveMessageResult><Message><MessageId>m</MessageId><ReceiptHandle>r</ReceiptHandle>\
         <MD5OfBody>5</MD5OfBody><Body>a &lt; b</Body><Attribute><Name>SentTimestamp</Name><Value>1</Value>\
         </Attribute><MessageAttribute><Name>raw</Name><Value><BinaryValue>AQI=</BinaryValue>\
         <DataType>Binary</DataType></Value></MessageAttribute></Message></ReceiveMessageResult>"
    );
    let sent = json!({
        "Successful": [{"Id": "a", "MessageId": "m", "MD5OfMessageBody": "5"}],
        "Failed": [{"Id": "b", "SenderFault": true, "Code": "InvalidMessageContents"}],
    });
    assert_eq!(
        in_query(SendMessageBatch::MODEL, &sent),
        "<SendMessageBatchResult><SendMessageBatchResultEntry><Id>a</Id><MessageId>m</MessageId>\
         <MD5OfMessageBody>5</MD5OfMessageBody></SendMessageBatchResultEntry><BatchResultErrorEntry><Id>b</Id>\
         <SenderFault>true</SenderFault><Code>InvalidMessageContents</Code></BatchResultErrorEntry>\
         </SendMessageBatchResult>"
    );
}

#[test]
fn answers_in_json_have_the_members_own_names() {
    let output = json!({"Attributes": {"DelaySeconds": "0"}});
    let response = answer(GetQueueAttributes::MODEL, &output, Protocol::AwsJson1_0);
    assert_eq!(response.headers["content-type"], "application/x-amz-json-1.0");
    assert_eq!(text(&response), output.to_string());
}

#[test]
fn an_error_has_the_same_code_for_clients_of_either_protocol() {
    let model = SendMessage::MODEL;
    let tell = |protocol, error: ErrorCode| {
        codec(protocol).encode_error(Some(model.service), Some(model), &error.bare(), "id")
    };
    for (error, query_code, status) in [
        (ErrorCode::QueueDoesNotExist, "AWS.SimpleQueueService.NonExistentQueue", 400),
        (ErrorCode::InvalidMessageContents, "InvalidMessageContents", 400),
        (ErrorCode::KmsAccessDenied, "KMS.AccessDeniedException", 400),
        (ErrorCode::RequestThrottled, "RequestThrottled", 403),
    ] {
        let name = error.model().name;
        let json = tell(Protocol::AwsJson1_0, error);
        assert_eq!(json.headers["x-amzn-query-error"], format!("{query_code};Sender"));
        assert_eq!(text(&json), format!(r#"{{"__type":"com.amazonaws.sqs#{name}"}}"#));
        assert_eq!(json.status, status);
        let query = tell(Protocol::AwsQuery, error);
        assert_eq!(query.status, status);
        assert_eq!(
            text(&query),
            format!(
                "<ErrorResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><Error><Type>Sender</Type>\
                 <Code>{query_code}</Code><Detail/></Error><RequestId>id</RequestId></ErrorResponse>"
            )
        );
    }
}
