//! A double of SQS, so that a test decides what a queue does: one whose name begins with `down-` and a number takes
//! nothing for so many seconds, one whose name begins with `closed` is nobody's to send to, one whose name begins with
//! `gone` is not there; every other takes everything.

use alcazar_api_sqs::operation as api;
use alcazar_api_sqs::types::{Message, MessageAttributeValue};
use alcazar_api_sqs::{ErrorCode, SERVICE as MODEL};
use alcazar_base::SecretString;
use alcazar_engine::{
    Access, Allowed, CallInfo, Check, Cx, Entry, Input, Name, Operation, Output, Reads, Result, Service,
};
use alcazar_shape::common_error::{INTERNAL_FAILURE, SERVICE_UNAVAILABLE};
use alcazar_testkit::TestCloud;
use minicbor::{Decode, Encode};

/// When test clouds begin.
const START_SECONDS: i64 = 1_767_225_600;

/// How many messages of a queue are read.
const READ: usize = 1000;

/// The double.
pub(crate) static SQS: Service =
    Service::new(&MODEL, &[Entry::of::<SendMessage>(), Entry::of::<ReceiveMessage>()], &INTERNAL_FAILURE);

/// A cloud with it.
pub(crate) fn cloud(seed: u64) -> TestCloud {
    TestCloud::builder(seed).service(&SQS).build()
}

/// A message as the double keeps it.
#[derive(Encode, Decode)]
struct Kept {
    #[n(0)]
    body: String,
    #[n(1)]
    attributes: Vec<(String, String)>,
    #[n(2)]
    sender: String,
}

/// Keeps a message, or does not.
pub(crate) struct SendMessage;

fn queue(url: &str) -> &str {
    url.rsplit('/').next().unwrap()
}

impl Operation for SendMessage {
    type Api = api::SendMessage;
    type Target = ();
    const READ_ONLY: bool = false;
    const DATA_EVENT: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, input: &Input<Self>, (): &()) -> Access {
        if !queue(&input.queue_url).starts_with("closed") {
            return Access::open();
        }
        Access::one(Check::new(
            "sqs:SendMessage",
            "arn:aws:sqs:us-east-1:111122223333:closed",
            "AWS::SQS::Queue",
            call.source.as_ref().map_or(call.account(), |source| source.account),
        ))
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        let queue = queue(&input.queue_url);
        if queue.starts_with("gone") {
            return Err(ErrorCode::QueueDoesNotExist.because("The specified queue does not exist.").into());
        }
        if let Some(rest) = queue.strip_prefix("down-") {
            let seconds: i64 = rest.split('-').next().unwrap().parse().unwrap();
            if cx.now().as_secs() < START_SECONDS + seconds {
                return Err(SERVICE_UNAVAILABLE.because("down").into());
            }
        }
        let value = |value: &MessageAttributeValue| {
            value.string_value.as_ref().map(|text| text.expose().to_owned()).unwrap_or_default()
        };
        let attributes = input.message_attributes.iter().flatten();
        let kept = Kept {
            body: input.message_body.expose().to_owned(),
            attributes: attributes.map(|(name, attribute)| (name.clone(), value(attribute))).collect(),
            sender: cx.call().caller.arn().to_owned(),
        };
        let mut id = [0; 8];
        cx.entropy().fill_public(&mut id)?;
        let name = Name::table("double").part(queue).time(cx.now()).part(&format!("{id:?}")).name();
        cx.put(name, kept)?;
        Ok(Output::<Self>::default())
    }
}

/// Tells everything that a queue has, in the order in which it came.
pub(crate) struct ReceiveMessage;

impl Operation for ReceiveMessage {
    type Api = api::ReceiveMessage;
    type Target = ();
    const READ_ONLY: bool = true;
    const DATA_EVENT: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(_: &CallInfo, _: &Input<Self>, (): &()) -> Access {
        Access::open()
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        let range = Name::table("double").part(queue(&input.queue_url)).range();
        let messages = cx.scan::<Kept>(&range, READ).await?;
        let attribute = |text: &str| MessageAttributeValue {
            string_value: Some(text.to_owned().into()),
            ..MessageAttributeValue::default()
        };
        let message = |kept: &Kept| Message {
            body: Some(SecretString::new(kept.body.clone())),
            message_id: Some(kept.sender.clone()),
            message_attributes: Some(
                kept.attributes.iter().map(|(name, text)| (name.clone(), attribute(text))).collect(),
            ),
            ..Message::default()
        };
        let messages: Vec<_> = messages.iter().map(|(_, kept)| message(kept)).collect();
        Ok(api::ReceiveMessageResult { messages: Some(messages.into()) })
    }
}
