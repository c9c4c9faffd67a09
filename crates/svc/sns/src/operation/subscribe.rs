//! `Subscribe`: <https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html>

use std::sync::OnceLock;

use alcazar_api_sns::operation as api;
use alcazar_engine::port::outbound::HttpUrl;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_shape::ApiError;

use crate::access::Target;
use crate::arn::{QueueArn, TopicArn};
use crate::subscription::{self, Protocol, State, Subscription};
use crate::topic::Topic;
use crate::{confirmation, error, fifo, large, service_url, subscription_attribute};

/// Subscribes an endpoint to a topic.
pub struct Subscribe;

/// What stands for the ARN as long as the endpoint has not confirmed.
const PENDING: &str = "pending confirmation";

/// The longest endpoint, in bytes.
const ENDPOINT_BYTES_MAX: usize = 2048;

impl Operation for Subscribe {
    type Api = api::Subscribe;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::SubscribeInput) -> Result<Target> {
        let arn = TopicArn::here(reads.call(), &input.topic_arn)?;
        Target::find(reads, arn).await
    }

    fn access(call: &CallInfo, input: &api::SubscribeInput, target: &Target) -> Access {
        let mut check = target.check(call, "sns:Subscribe");
        check.context.insert("sns:Protocol", input.protocol.clone());
        if let Some(endpoint) = &input.endpoint {
            check.context.insert("sns:Endpoint", endpoint.clone());
        }
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::SubscribeInput,
        target: Allowed<Target>,
    ) -> Result<api::SubscribeResponse> {
        let topic = target.topic.as_ref().ok_or_else(error::topic::not_found)?;
        let endpoint = input.endpoint.as_deref().unwrap_or_default();
        let protocol = check_endpoint(topic, &input.protocol, endpoint)?;
        let mut new = new(cx, topic, protocol, endpoint)?;
        let attributes = input.attributes.clone().unwrap_or_default();
        subscription_attribute::set_all(topic, &mut new, &attributes)?;
        let answer = |subscription: &Subscription| {
            let is_told =
                subscription.state == State::Confirmed || input.return_subscription_arn == Some(true);
            let arn = if is_told { subscription.arn() } else { PENDING.to_owned() };
            api::SubscribeResponse { subscription_arn: Some(arn) }
        };
        match subscription::of_endpoint(cx, topic, protocol, endpoint).await? {
            Some(old) if old.state == State::Cancelled => {
                subscription::delete(cx, &topic.region, &old).await?;
            }
            Some(old) if !subscription_attribute::are_equal(&old, &new, &attributes) => {
                return Err(error::subscription::other_attributes().into());
            }
            Some(old) => {
                if old.state == State::Pending {
                    let mut again = old.as_ref().clone();
                    confirmation::ask(cx, &mut again)?;
                    subscription::put_changed(cx, &old, again).await?;
                }
                return Ok(answer(&old));
            }
            None => {}
        }
        large::check_subscription(cx, topic, protocol).await?;
        if new.state == State::Pending {
            confirmation::ask(cx, &mut new)?;
        }
        let answer = answer(&new);
        subscription::put_new(cx, topic, new).await?;
        Ok(answer)
    }
}

/// Checks protocol and endpoint.
fn check_endpoint(topic: &Topic, protocol: &str, endpoint: &str) -> Result<Protocol, ApiError> {
    let Some(known) = Protocol::parse(protocol) else {
        return Err(error::subscription::protocol(protocol));
    };
    if topic.is_fifo() && known != Protocol::Sqs {
        return Err(error::subscription::fifo_protocol(protocol));
    }
    if endpoint.is_empty() {
        return Err(error::no_value("Endpoint"));
    }
    if known == Protocol::Sqs {
        let queue = QueueArn::parse(endpoint).ok_or_else(error::subscription::queue_arn)?;
        if queue.is_fifo() && !topic.is_fifo() {
            return Err(error::subscription::fifo_queue());
        }
        return Ok(known);
    }
    let url = HttpUrl::parse(endpoint).filter(|_| endpoint.len() <= ENDPOINT_BYTES_MAX);
    match url {
        Some(url) if url.tls == (known == Protocol::Https) => Ok(known),
        _ => Err(error::subscription::endpoint_protocol()),
    }
}

/// A subscription of the caller's, without attributes. A queue of the caller's account needs no confirmation.
fn new(cx: &Cx<'_>, topic: &Topic, protocol: Protocol, endpoint: &str) -> Result<Subscription> {
    let is_own = QueueArn::parse(endpoint).is_some_and(|queue| queue.account == cx.account());
    let is_confirmed = protocol == Protocol::Sqs && is_own;
    Ok(Subscription {
        id: fifo::message_id(cx)?,
        topic_arn: topic.arn().to_string(),
        topic_id: topic.id.clone(),
        owner: cx.account(),
        principal: cx.call().caller.arn().to_owned(),
        protocol,
        endpoint: endpoint.to_owned(),
        state: if is_confirmed { State::Confirmed } else { State::Pending },
        since: cx.now(),
        authenticated: is_confirmed,
        token: None,
        raw: false,
        filter_policy: None,
        filter_body: None,
        delivery_policy: None,
        redrive_policy: None,
        service_url: service_url::or_public(cx.call()),
        filter: OnceLock::new(),
    })
}
