//! `CreateTopic`: <https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html>

use std::collections::BTreeMap;

use alcazar_api_sns::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Operation, Reads, Result, Rule};
use alcazar_identity::tag::Tag;
use alcazar_shape::ApiError;

use crate::access::Target;
use crate::arn::{FIFO_SUFFIX, TopicArn};
use crate::topic::{self, ThroughputScope, Topic};
use crate::{error, policy, tag, topic_attribute};

/// Makes a topic.
pub struct CreateTopic;

/// The longest name, in characters.
const NAME_MAX: usize = 256;

impl Operation for CreateTopic {
    type Api = api::CreateTopic;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CreateTopicInput) -> Result<Target> {
        check_name(input)?;
        let (region, account) = (reads.region().clone(), reads.account());
        Target::find(reads, TopicArn { region, account, name: input.name.clone() }).await
    }

    fn access(call: &CallInfo, input: &api::CreateTopicInput, target: &Target) -> Access {
        let tags = input.tags.as_deref().unwrap_or_default();
        // Policies of topics say nothing about making them.
        let check = |action| Check { rule: Rule::IdentityOnly, ..target.check(call, action) };
        Access::creation(check("sns:CreateTopic"), || check("sns:TagResource"), tag::pairs(tags))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateTopicInput,
        target: Allowed<Target>,
    ) -> Result<api::CreateTopicResponse> {
        if input.data_protection_policy.is_some() {
            return Err(error::invalid("DataProtectionPolicy").into());
        }
        let given = input.tags.as_deref().map(tag::read).transpose()?;
        let mut attributes = input.attributes.clone().unwrap_or_default();
        attributes.remove(topic_attribute::FIFO_TOPIC);
        let answer = api::CreateTopicResponse { topic_arn: Some(target.arn.to_string()) };
        if let Some(topic) = &target.topic {
            check_same(cx, topic, &attributes, given.as_deref()).await?;
            return Ok(answer);
        }
        topic::room_for_new(cx, &target.arn).await?;
        let tags = tag::merged(cx, &[], given.unwrap_or_default())?;
        let topic = new(cx, &target.arn, &attributes, tags).await?;
        topic::put(cx, topic)?;
        Ok(answer)
    }
}

/// Checks a name, and whether it is one of the kind of topic that is asked for.
fn check_name(input: &api::CreateTopicInput) -> Result<(), ApiError> {
    let name = &input.name;
    let is_fifo = input.attributes.as_ref().map_or(Ok(false), topic_attribute::fifo)?;
    let stem = if is_fifo { name.strip_suffix(FIFO_SUFFIX) } else { Some(name.as_str()) };
    let is_stem = |stem: &str| {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        !stem.is_empty() && name.len() <= NAME_MAX && stem.bytes().all(is_allowed)
    };
    match (stem.is_some_and(is_stem), is_fifo) {
        (true, _) => Ok(()),
        (false, true) => Err(error::topic::fifo_name()),
        (false, false) => Err(error::topic::name()),
    }
}

/// Passes if a topic that is there is the one that is asked for.
async fn check_same(
    cx: &mut Cx<'_>,
    topic: &Topic,
    attributes: &BTreeMap<String, String>,
    tags: Option<&[Tag]>,
) -> Result<()> {
    let mut asked = topic.clone();
    for (name, value) in attributes {
        topic_attribute::set(cx, &mut asked, name, value).await?;
    }
    if asked != *topic {
        return Err(error::topic::other_attributes().into());
    }
    match tags {
        Some(tags) if tags != topic.tags => Err(error::topic::other_tags().into()),
        _ => Ok(()),
    }
}

async fn new(
    cx: &mut Cx<'_>,
    arn: &TopicArn,
    attributes: &BTreeMap<String, String>,
    tags: Vec<Tag>,
) -> Result<Topic> {
    let mut topic = Topic {
        id: crate::fifo::message_id(cx)?,
        account: arn.account,
        region: arn.region.clone(),
        name: arn.name.clone(),
        created: cx.now(),
        policy: policy::default_of(arn)?,
        tags,
        display_name: String::new(),
        delivery_policy: None,
        kms_master_key_id: None,
        signature_version: None,
        tracing_config: None,
        content_based_deduplication: false,
        throughput_scope: ThroughputScope::Topic,
        maximum_message_size: None,
    };
    for (name, value) in attributes {
        topic_attribute::set(cx, &mut topic, name, value).await?;
    }
    Ok(topic)
}
