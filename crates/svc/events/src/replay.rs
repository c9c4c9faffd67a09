//! Replays: events of an archive that come to its bus again.
//!
//! A replay goes on in deliveries, a batch of events each, in the order in which they happened. A batch is written in one
//! transaction with how far the replay has come, so each event comes once, whatever dies in between.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html>

use std::sync::Arc;
use std::time::Duration;

use alcazar_api_events::types::{self, ReplayState};
use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::schedule::{Effect, Task, TaskHandler};
use alcazar_engine::{
    Check, Cx, Delivered, Delivery, DeliveryHandler, Error, Name, NameBuilder, NewDelivery, Reads, Result,
};
use minicbor::{Decode, Encode};

use crate::archive::held::{self, Held};
use crate::arn::{BusId, TaggedId};
use crate::arrival::{Arrival, arrive};
use crate::dispatch::SERVICE;
use crate::{archive, error, quota};

const TABLE: &str = "events.replay";

const KIND: &str = "replay";

/// Replays the next events.
pub(crate) const HANDLER: DeliveryHandler = DeliveryHandler { kind: KIND, run };

/// Forgets replays that are long over.
pub(crate) const EXPIRY: TaskHandler =
    TaskHandler { kind: "replay_expiry", event_name: "ExpireReplay", run: expire };

/// How many events are replayed in one transaction.
const BATCH_MAX: usize = 100;

/// How long a replay is told of.
const KEPT: Duration = Duration::from_secs(90 * 86_400);

/// How many replays of an account in a region are read.
const REPLAYS_READ: usize = 10_000;

/// The type of a replay in audit events.
const TYPE: &str = "AWS::Events::Replay";

/// A replay.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Replay {
    /// The account that it is in.
    #[n(0)]
    pub account: AccountId,
    /// The region.
    #[n(1)]
    pub region: Region,
    /// Its name.
    #[n(2)]
    pub name: String,
    /// What it is for.
    #[n(3)]
    pub description: Option<String>,
    /// The ARN of the archive.
    #[n(4)]
    pub archive_arn: String,
    /// The archive.
    #[n(5)]
    pub archive: String,
    /// Its unique id.
    #[n(6)]
    pub archive_id: String,
    /// The ARN of the bus that the events come to.
    #[n(7)]
    pub bus_arn: String,
    /// The ARNs of the rules that they are for, if they are not for all.
    #[n(8)]
    pub filter_arns: Option<Vec<String>>,
    /// The time from which on events are replayed.
    #[n(9)]
    pub event_start: Timestamp,
    /// The time before which they happened.
    #[n(10)]
    pub event_end: Timestamp,
    /// How it is.
    #[n(11)]
    pub state: State,
    /// Why it failed.
    #[n(12)]
    pub reason: Option<String>,
    /// When it began.
    #[n(13)]
    pub started: Timestamp,
    /// When it was over.
    #[n(14)]
    pub ended: Option<Timestamp>,
    /// When the last event happened that was replayed.
    #[n(15)]
    pub last_replayed: Option<Timestamp>,
    /// The record of the last event that was looked at.
    #[cbor(n(16), with = "minicbor::bytes")]
    pub position: Option<Vec<u8>>,
}

/// How a replay is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum State {
    /// Nothing was replayed yet.
    #[n(0)]
    Starting,
    /// It goes on.
    #[n(1)]
    Running,
    /// It is to end.
    #[n(2)]
    Cancelling,
    /// Everything was replayed.
    #[n(3)]
    Completed,
    /// It ended before.
    #[n(4)]
    Cancelled,
    /// It could not go on.
    #[n(5)]
    Failed,
}

impl State {
    /// Whether it is not over yet.
    #[must_use]
    pub(crate) fn is_active(self) -> bool {
        matches!(self, Self::Starting | Self::Running | Self::Cancelling)
    }
}

impl From<State> for ReplayState {
    fn from(state: State) -> Self {
        match state {
            State::Starting => Self::Starting,
            State::Running => Self::Running,
            State::Cancelling => Self::Cancelling,
            State::Completed => Self::Completed,
            State::Cancelled => Self::Cancelled,
            State::Failed => Self::Failed,
        }
    }
}

impl Replay {
    /// Its ARN.
    #[must_use]
    pub(crate) fn arn(&self) -> String {
        arn_of(self.account, &self.region, &self.name)
    }

    /// Where its events go, as it is told.
    #[must_use]
    pub(crate) fn destination(&self) -> types::ReplayDestination {
        types::ReplayDestination {
            arn: self.bus_arn.clone(),
            filter_arns: self.filter_arns.clone().map(Into::into),
        }
    }

    /// The names of the rules that its events are for, if they are not for all.
    fn rules(&self) -> Option<Vec<String>> {
        let name = |arn: &String| match TaggedId::of_arn(arn)? {
            TaggedId::Rule(_, name) => Some(name),
            TaggedId::Bus(_) => None,
        };
        self.filter_arns.as_ref().map(|arns| arns.iter().filter_map(name).collect())
    }

    /// An event as it comes again.
    fn event(&self, event: &str) -> String {
        // A quotation mark within a text has a backslash before it, so this stands where the member begins.
        event.replacen(",\"resources\":", &format!(",\"replay-name\":\"{}\",\"resources\":", self.name), 1)
    }

    fn end(&mut self, state: State, now: Timestamp) {
        self.state = state;
        self.ended = Some(now);
    }
}

fn arn_of(account: AccountId, region: &Region, name: &str) -> String {
    format!("arn:{}:events:{region}:{account}:replay/{name}", region.partition().as_str())
}

fn in_region(account: AccountId, region: &Region) -> NameBuilder {
    Name::table(TABLE).part(account.as_str()).part(region.as_str())
}

fn record_name(keyring: &Keyring, account: AccountId, region: &Region, name: &str) -> Name {
    in_region(account, region).blind(keyring, name).name()
}

fn range(account: AccountId, region: &Region) -> NameRange {
    in_region(account, region).range()
}

/// The caller's replays in the region, in the order of their names.
///
/// # Errors
/// The store failed.
pub(crate) async fn all(reads: &mut Reads<'_>) -> Result<Vec<Arc<Replay>>> {
    let range = range(reads.account(), reads.region());
    let found = reads.scan::<Replay>(&range, REPLAYS_READ).await?;
    let mut replays: Vec<_> = found.into_iter().map(|(_, replay)| replay).collect();
    replays.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(replays)
}

/// Stores a replay.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn put(cx: &mut Cx<'_>, replay: Replay) -> Result<()> {
    let name = record_name(&cx.keyring(), replay.account, &replay.region, &replay.name);
    cx.put(name, replay)
}

/// Begins a replay.
///
/// # Errors
/// As many are under way as may be, or the records cannot be sealed.
pub(crate) async fn start(cx: &mut Cx<'_>, replay: Replay) -> Result<()> {
    if let Some(most) = cx.quota(&quota::REPLAYS) {
        let active = all(cx).await?.iter().filter(|replay| replay.state.is_active()).count();
        if active as u64 >= most {
            return Err(error::limit_exceeded().into());
        }
    }
    go_on(cx, &replay)?;
    put(cx, replay)
}

fn go_on(cx: &mut Cx<'_>, replay: &Replay) -> Result<()> {
    let name = record_name(&cx.keyring(), replay.account, &replay.region, &replay.name);
    cx.deliver(&NewDelivery {
        service: SERVICE,
        kind: KIND,
        lane: &format!("replay/{}", replay.arn()),
        in_order: true,
        at: cx.now(),
        payload: name.as_bytes().to_vec(),
    })
}

fn run<'a>(cx: &'a mut Cx<'_>, delivery: &'a Delivery) -> BoxFuture<'a, Result<Delivered>> {
    Box::pin(async move {
        let name = Name::from_stored(delivery.payload.clone().into());
        let Some(replay) = cx.get::<Replay>(&name).await? else { return Ok(Delivered::Done) };
        if replay.state.is_active() {
            let mut replay = Replay::clone(&replay);
            proceed(cx, &mut replay).await?;
            if replay.state.is_active() {
                go_on(cx, &replay)?;
            } else {
                let at = cx.now() + KEPT;
                let subject = hex::encode(name.as_bytes());
                cx.schedule(Task { at, service: SERVICE.to_owned(), kind: EXPIRY.kind.to_owned(), subject })?;
            }
            put(cx, replay)?;
        }
        Ok(Delivered::Done)
    })
}

/// Replays the next events.
async fn proceed(cx: &mut Cx<'_>, replay: &mut Replay) -> Result<()> {
    if replay.state == State::Cancelling {
        replay.end(State::Cancelled, cx.now());
        return Ok(());
    }
    replay.state = State::Running;
    let archive = archive::find(cx, replay.account, &replay.region, &replay.archive).await?;
    let archive = archive.filter(|archive| archive.id == replay.archive_id);
    let (Some(archive), Some(bus)) = (archive, BusId::of_arn(&replay.bus_arn)) else {
        replay.reason = Some(format!("Archive {} does not exist.", replay.archive));
        replay.end(State::Failed, cx.now());
        return Ok(());
    };
    // What is past its time may wait to be deleted, but is not replayed.
    let start = replay.event_start.max(archive.horizon(cx.now()));
    let after = replay.position.clone().map(|name| Name::from_stored(name.into()));
    let range = held::range(&archive, start, replay.event_end, after.as_ref());
    let events = cx.glance::<Held>(&range, BATCH_MAX).await?;
    let rules = replay.rules();
    for (_, held) in &events {
        let event = replay.event(&held.event);
        arrive(cx, Arrival { only: rules.clone(), ..Arrival::now(&bus, event, cx.now()) }).await?;
    }
    if let Some((name, held)) = events.last() {
        replay.position = Some(name.as_bytes().to_vec());
        replay.last_replayed = Some(held.time);
    }
    if events.len() < BATCH_MAX {
        replay.end(State::Completed, cx.now());
    }
    Ok(())
}

fn expire<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(async move {
        let name = hex::decode(&task.subject).map_err(|_| Error::invariant("a replay without a name"))?;
        let name = Name::from_stored(name.into());
        if cx.get::<Replay>(&name).await?.is_some() {
            cx.delete(name)?;
        }
        // AWS's audit log does not tell of it.
        Ok(None)
    })
}

/// A replay that a request names, as far as it is there.
pub struct NamedReplay {
    account: AccountId,
    region: Region,
    name: String,
    pub(crate) found: Option<Arc<Replay>>,
}

impl NamedReplay {
    /// Finds a replay of the caller's own.
    pub(crate) async fn find(reads: &mut Reads<'_>, name: &str) -> Result<Self> {
        let (account, region) = (reads.account(), reads.region().clone());
        let found = reads.get(&record_name(&reads.keyring(), account, &region, name)).await?;
        Ok(Self { account, region, name: name.to_owned(), found })
    }

    /// The replay.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn replay(&self) -> Result<&Arc<Replay>> {
        Ok(self.found.as_ref().ok_or_else(|| error::archive::replay_not_found(&self.name))?)
    }

    /// The question whether the caller may do `action` on it.
    pub(crate) fn check(&self, action: &'static str) -> Check {
        let arn = arn_of(self.account, &self.region, &self.name);
        Check::new(action, arn, TYPE, self.account)
    }
}
