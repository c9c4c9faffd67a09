//! SNS in Query, as its clients send it.

use alcazar_api_sns::ErrorCode;
use alcazar_api_sns::operation::{
    AddPermission, CreateTopic, ListTopics, Publish, PublishBatch, Subscribe, UntagResource,
};
use alcazar_shape::{ApiOperation as _, OperationModel, Protocol};
use alcazar_testkit::{WireRequest, value};
use alcazar_wire::{codec, json};
use serde_json::{Value as Json, json};

use crate::double::{parts, text};

const TOPIC: &str = "arn:aws:sns:us-east-1:111122223333:t";
const TOPIC_IN_FORM: &str = "TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A111122223333%3At";

/// What clients send for an input, to the letter.
fn requests() -> Vec<(&'static OperationModel, Json, String)> {
    let of_topic = |rest: &str| format!("{TOPIC_IN_FORM}&{rest}");
    vec![
        (
            Publish::MODEL,
            json!({"TopicArn": TOPIC, "Message": "m", "Subject": "s", "MessageAttributes": {
                "a": {"DataType": "String", "StringValue": "x"},
                "b": {"DataType": "Binary", "BinaryValue": "AQ=="},
            }}),
            of_topic(
                "Message=m&Subject=s&MessageAttributes.entry.1.Name=a\
                 &MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=x\
                 &MessageAttributes.entry.2.Name=b&MessageAttributes.entry.2.Value.DataType=Binary\
                 &MessageAttributes.entry.2.Value.BinaryValue=AQ%3D%3D",
            ),
        ),
        (
            PublishBatch::MODEL,
            json!({"TopicArn": TOPIC, "PublishBatchRequestEntries": [
                {"Id": "1", "Message": "m", "MessageAttributes": {"a": {"DataType": "String", "StringValue": "x"}}},
                {"Id": "2", "Message": "n"},
            ]}),
            of_topic(
                "PublishBatchRequestEntries.member.1.Id=1&PublishBatchRequestEntries.member.1.Message=m\
                 &PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Name=a\
                 &PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Value.DataType=String\
                 &PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Value.StringValue=x\
                 &PublishBatchRequestEntries.member.2.Id=2&PublishBatchRequestEntries.member.2.Message=n",
            ),
        ),
        (
            Subscribe::MODEL,
            json!({
                "TopicArn": TOPIC, "Protocol": "sqs", "Endpoint": "arn:aws:sqs:us-east-1:111122223333:q",
                "Attributes": {"FilterPolicy": "{}", "RawMessageDelivery": "true"}, "ReturnSubscriptionArn": true,
            }),
            of_topic(
                "Protocol=sqs&Endpoint=arn%3Aaws%3Asqs%3Aus-east-1%3A111122223333%3Aq\
                 &Attributes.entry.1.key=FilterPolicy&Attributes.entry.1.value=%7B%7D\
                 &Attributes.entry.2.key=RawMessageDelivery&Attributes.entry.2.value=true\
                 &ReturnSubscriptionArn=true",
            ),
        ),
        (
            CreateTopic::MODEL,
            json!({"Name": "t", "Attributes": {"DisplayName": "d"}, "Tags": [{"Key": "k", "Value": "v"}]}),
            "Name=t&Attributes.entry.1.key=DisplayName&Attributes.entry.1.value=d&Tags.member.1.Key=k\
             &Tags.member.1.Value=v"
                .to_owned(),
        ),
        (
            AddPermission::MODEL,
            json!({"TopicArn": TOPIC, "Label": "l", "AWSAccountId": ["444455556666"], "ActionName": ["Publish"]}),
            of_topic("Label=l&AWSAccountId.member.1=444455556666&ActionName.member.1=Publish"),
        ),
        (
            UntagResource::MODEL,
            json!({"ResourceArn": TOPIC, "TagKeys": ["k", "l"]}),
            format!("{}&TagKeys.member.1=k&TagKeys.member.2=l", TOPIC_IN_FORM.replace("Topic", "Resource")),
        ),
    ]
}

#[test]
fn what_clients_send_is_read() {
    for (operation, input, form) in requests() {
        let form = format!("Action={}&Version=2010-03-31&{form}", operation.name).into_bytes();
        let query = WireRequest::with_body(Protocol::AwsQuery, operation, form);
        let read = codec(Protocol::AwsQuery).decode_input(operation, &parts(&query)).unwrap();
        assert_eq!(read, value(operation, &input), "{}", operation.name);
    }
}

#[test]
fn answers_and_errors_are_written_as_sns_writes_them() {
    let output = format!(r#"{{"Topics":[{{"TopicArn":"{TOPIC}"}}]}}"#);
    let output = json::from_json(ListTopics::MODEL.output, output.as_bytes()).unwrap();
    let response = codec(Protocol::AwsQuery).encode_output(ListTopics::MODEL, &output, "id");
    assert_eq!(
        text(&response),
        format!(
            "<ListTopicsResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><ListTopicsResult><Topics>\
             <member><TopicArn>{TOPIC}</TopicArn></member></Topics></ListTopicsResult><ResponseMetadata>\
             <RequestId>id</RequestId></ResponseMetadata></ListTopicsResponse>"
        )
    );
    let error = ErrorCode::NotFoundException.because("Topic does not exist");
    let service = ListTopics::MODEL.service;
    let response =
        codec(Protocol::AwsQuery).encode_error(Some(service), Some(ListTopics::MODEL), &error, "id");
    assert_eq!(response.status, 404);
    assert_eq!(
        text(&response),
        "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender</Type>\
         <Code>NotFound</Code><Message>Topic does not exist</Message></Error><RequestId>id</RequestId>\
         </ErrorResponse>"
    );
}
