//! Subscriptions: their records, the indexes that find them, and how many there are.
//!
//! What always holds: a subscription is in the index of its endpoint and in that of its owner's list, and counted with
//! its topic, in the same transaction that writes it. One that was cancelled by somebody other than its owner stays for
//! a while, so that it can be confirmed again; no list shows it.

mod token;

use std::sync::{Arc, OnceLock};

use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, Quota, Reads, Result};
use alcazar_event::{FilterPolicy, FilterPolicyScope};
use minicbor::{Decode, Encode};

use crate::arn::SubscriptionArn;
use crate::topic::{self, Topic};
use crate::{error, quota};
pub(crate) use token::Token;

const TABLE: &str = "sns-subscription";

/// What messages are delivered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum Protocol {
    #[n(0)]
    Sqs,
    #[n(1)]
    Http,
    #[n(2)]
    Https,
}

impl Protocol {
    /// Reads a protocol; `None` if nothing is delivered by it here.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Sqs, Self::Http, Self::Https].into_iter().find(|protocol| protocol.as_str() == text)
    }

    /// As requests say it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sqs => "sqs",
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// Where a subscription is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum State {
    /// The endpoint has not confirmed it.
    #[n(0)]
    Pending,
    /// Messages go to it.
    #[n(1)]
    Confirmed,
    /// Somebody ended it who is not its owner; the endpoint may confirm it again.
    #[n(2)]
    Cancelled,
}

/// A subscription. Field numbers never change their meaning.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct Subscription {
    #[n(0)]
    pub(crate) id: String,
    #[n(1)]
    pub(crate) topic_arn: String,
    #[n(2)]
    pub(crate) topic_id: String,
    #[n(3)]
    pub(crate) owner: AccountId,
    /// The ARN of whoever subscribed.
    #[n(4)]
    pub(crate) principal: String,
    #[n(5)]
    pub(crate) protocol: Protocol,
    #[n(6)]
    pub(crate) endpoint: String,
    #[n(7)]
    pub(crate) state: State,
    /// Since when it is in that state.
    #[n(8)]
    pub(crate) since: Timestamp,
    /// Whether it was confirmed by a signed request, and so is ended by one alone.
    #[n(9)]
    pub(crate) authenticated: bool,
    /// What it takes to confirm it.
    #[n(10)]
    pub(crate) token: Option<Token>,
    #[n(11)]
    pub(crate) raw: bool,
    #[n(12)]
    pub(crate) filter_policy: Option<String>,
    #[n(13)]
    pub(crate) filter_body: Option<bool>,
    #[n(14)]
    pub(crate) delivery_policy: Option<String>,
    #[n(15)]
    pub(crate) redrive_policy: Option<String>,
    /// Where whoever subscribed found this service, e.g. `https://sns.eu-west-1.amazonaws.com`.
    #[n(16)]
    pub(crate) service_url: String,
    #[cbor(skip)]
    pub(crate) filter: OnceLock<Option<Arc<FilterPolicy>>>,
}

/// What finds a subscription in a list of its owner's.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Listed {
    #[n(0)]
    pub(crate) topic_id: String,
    #[n(1)]
    pub(crate) id: String,
}

impl Subscription {
    /// Its ARN.
    pub(crate) fn arn(&self) -> String {
        format!("{}:{}", self.topic_arn, self.id)
    }

    /// What its filter policy is about.
    pub(crate) fn filter_scope(&self) -> FilterPolicyScope {
        match self.filter_body {
            Some(true) => FilterPolicyScope::MessageBody,
            _ => FilterPolicyScope::MessageAttributes,
        }
    }

    /// Its filter policy, read once.
    pub(crate) fn filter(&self) -> Option<&Arc<FilterPolicy>> {
        let read = || {
            let text = self.filter_policy.as_deref()?;
            FilterPolicy::parse(text, self.filter_scope()).ok().map(Arc::new)
        };
        self.filter.get_or_init(read).as_ref()
    }

    /// Takes note that the filter policy or its scope is another now.
    pub(crate) fn filter_changed(&mut self) {
        self.filter = OnceLock::new();
    }

    fn add_to(&self, counts: &mut topic::Counts, change: impl Fn(&mut u64)) {
        match self.state {
            State::Pending => change(&mut counts.pending),
            State::Confirmed => change(&mut counts.confirmed),
            State::Cancelled => return,
        }
        if self.filter_policy.is_some() {
            change(&mut counts.filtered);
        }
    }
}

/// The name of a subscription's record.
pub(crate) fn name(topic_id: &str, id: &str) -> Name {
    Name::table(TABLE).part(topic_id).part(id).name()
}

/// All subscriptions of a topic, cancelled ones too.
pub(crate) fn of_topic(topic_id: &str) -> NameRange {
    Name::table(TABLE).part(topic_id).range()
}

fn endpoint_name(keyring: &Keyring, topic_id: &str, protocol: Protocol, endpoint: &str) -> Name {
    Name::table("sns-endpoint").part(topic_id).part(protocol.as_str()).blind(keyring, endpoint).name()
}

fn listed_name(subscription: &Subscription, region: &Region) -> Name {
    let table = Name::table("sns-subscriber").part(subscription.owner.as_str()).part(region.as_str());
    table.part(&subscription.id).name()
}

/// The subscriptions that are an account's.
pub(crate) fn of_owner(owner: AccountId, region: &Region) -> NameRange {
    Name::table("sns-subscriber").part(owner.as_str()).part(region.as_str()).range()
}

/// The subscription of an ARN with its topic, if there is one that was not cancelled.
///
/// # Errors
/// The store failed.
pub(crate) async fn find(
    reads: &mut Reads<'_>,
    arn: &SubscriptionArn,
) -> Result<Option<(Arc<Topic>, Arc<Subscription>)>> {
    let found = find_any(reads, arn).await?;
    Ok(found.filter(|(_, subscription)| subscription.state != State::Cancelled))
}

/// The same, be it cancelled.
///
/// # Errors
/// The store failed.
pub(crate) async fn find_any(
    reads: &mut Reads<'_>,
    arn: &SubscriptionArn,
) -> Result<Option<(Arc<Topic>, Arc<Subscription>)>> {
    let Some(topic) = topic::find(reads, &arn.topic).await? else { return Ok(None) };
    let found = reads.get::<Subscription>(&name(&topic.id, &arn.id)).await?;
    Ok(found.map(|subscription| (topic, subscription)))
}

/// The subscription of a topic to an endpoint, if there is one, be it cancelled.
///
/// # Errors
/// The store failed.
pub(crate) async fn of_endpoint(
    reads: &mut Reads<'_>,
    topic: &Topic,
    protocol: Protocol,
    endpoint: &str,
) -> Result<Option<Arc<Subscription>>> {
    let index = endpoint_name(&reads.keyring(), &topic.id, protocol, endpoint);
    let Some(id) = reads.get::<String>(&index).await? else { return Ok(None) };
    reads.get(&name(&topic.id, &id)).await
}

/// Writes a new subscription.
///
/// # Errors
/// The topic has as many as it may.
pub(crate) async fn put_new(cx: &mut Cx<'_>, topic: &Topic, new: Subscription) -> Result<()> {
    let name = name(&topic.id, &new.id);
    let quota: &Quota = if topic.is_fifo() { &quota::FIFO_SUBSCRIPTIONS } else { &quota::SUBSCRIPTIONS };
    if let Some(most) = cx.quota(quota) {
        cx.room_for(&name, &of_topic(&topic.id), most).await?.map_err(|_| error::subscription::limit())?;
    }
    let listed = Listed { topic_id: topic.id.clone(), id: new.id.clone() };
    let index = endpoint_name(&cx.keyring(), &topic.id, new.protocol, &new.endpoint);
    let (listed_name, most) = (listed_name(&new, &topic.region), cx.quota(&quota::FILTER_POLICIES));
    let mut filtered = 0;
    topic::count(cx, &topic.id, |counts| {
        new.add_to(counts, |count| *count += 1);
        filtered = counts.filtered;
    })
    .await?;
    if new.filter_policy.is_some() && most.is_some_and(|most| filtered > most) {
        return Err(error::subscription::filter_policy_limit().into());
    }
    cx.put(listed_name, listed)?;
    cx.put::<String>(index, new.id.clone())?;
    cx.put(name, new)
}

/// Writes a subscription that has changed, but for its endpoint and owner.
///
/// # Errors
/// The topic has as many filter policies as it may.
pub(crate) async fn put_changed(cx: &mut Cx<'_>, old: &Subscription, new: Subscription) -> Result<()> {
    let is_same = old.state == new.state && old.filter_policy.is_some() == new.filter_policy.is_some();
    if !is_same {
        let mut filtered = 0;
        topic::count(cx, &old.topic_id, |counts| {
            old.add_to(counts, |count| *count = count.saturating_sub(1));
            new.add_to(counts, |count| *count += 1);
            counts.deleted += u64::from(new.state == State::Cancelled);
            filtered = counts.filtered;
        })
        .await?;
        let is_new = old.filter_policy.is_none() && new.filter_policy.is_some();
        if is_new && cx.quota(&quota::FILTER_POLICIES).is_some_and(|most| filtered > most) {
            return Err(error::subscription::filter_policy_limit().into());
        }
    }
    cx.put(name(&old.topic_id, &old.id), new)
}

/// Deletes a subscription.
///
/// # Errors
/// The store failed.
pub(crate) async fn delete(cx: &mut Cx<'_>, region: &Region, subscription: &Subscription) -> Result<()> {
    topic::count(cx, &subscription.topic_id, |counts| {
        subscription.add_to(counts, |count| *count = count.saturating_sub(1));
        counts.deleted += u64::from(subscription.state != State::Cancelled);
    })
    .await?;
    delete_records(cx, region, subscription)
}

/// Deletes the records of a subscription whose topic is gone.
///
/// # Errors
/// As [`Cx::delete`].
pub(crate) fn delete_records(cx: &mut Cx<'_>, region: &Region, subscription: &Subscription) -> Result<()> {
    let Subscription { topic_id, id, protocol, endpoint, .. } = subscription;
    let index = endpoint_name(&cx.keyring(), topic_id, *protocol, endpoint);
    cx.delete(index)?;
    cx.delete(listed_name(subscription, region))?;
    cx.delete(name(topic_id, id))
}
