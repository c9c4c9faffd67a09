//! Running queries after they were asked for.
//!
//! A query runs on a thread of its own, outside of any transaction; what it found waits in memory for the transaction
//! that writes it down. Whatever interrupts that, the query runs again from the start. When its record changes while it
//! runs, somebody cancelled it.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use alcazar_base::{AccountId, Timestamp};
use alcazar_engine::audit::find::{EventReader, EventScan};
use alcazar_engine::audit::render::to_cloudtrail;
use alcazar_engine::port::audit_log::Order;
use alcazar_engine::port::store::Commit;
use alcazar_engine::{Cx, Delivered, Delivery, DeliveryHandler, Error, Name, NewDelivery, Result, States};
use bytes::Bytes;
use serde_json::Value as Json;

use super::query::{NAME_PREFIX, Query, Status};
use super::results;
use super::run::{INTERRUPTED, Outcome, Run};
use super::statement::{Statement, StatementError};
use super::store::Store;
use super::view::View;

/// How many queries run at a time, whoever asked for them.
const AT_ONCE_MAX: usize = 4;

/// How long a query waits before it looks again whether it can run.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a query may take, from when it was asked for.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-limitations.html>
const LASTS_MAX: Duration = Duration::from_secs(60 * 60);

/// How many events are put into a query's tables at a time.
const BATCH_EVENTS: usize = 512;

const RUN: &str = "run-query";

/// Runs queries.
pub(crate) const HANDLER: DeliveryHandler =
    DeliveryHandler { kind: RUN, run: |cx, delivery| Box::pin(go_on(cx, delivery)) };

/// How a query came out.
type Ran = std::result::Result<Outcome, StatementError>;

/// The queries that run here, by their records' names.
#[derive(Default)]
pub(crate) struct Runs(Mutex<HashMap<Bytes, Going>>);

struct Going {
    cancelled: Arc<AtomicBool>,
    ran: Option<Arc<Ran>>,
}

impl Runs {
    fn lock(&self) -> MutexGuard<'_, HashMap<Bytes, Going>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ran(&self, name: &Name) -> Option<Arc<Ran>> {
        self.lock().get(name.as_bytes()).and_then(|going| going.ran.clone())
    }

    fn has_room(&self) -> bool {
        self.lock().len() < AT_ONCE_MAX
    }

    fn begin(self: &Arc<Self>, name: &Name) -> Option<Place> {
        let mut going = self.lock();
        if going.len() >= AT_ONCE_MAX || going.contains_key(name.as_bytes()) {
            return None;
        }
        let cancelled = Arc::new(AtomicBool::new(false));
        going.insert(name.as_bytes().clone(), Going { cancelled: cancelled.clone(), ran: None });
        Some(Place { runs: self.clone(), name: name.as_bytes().clone(), cancelled })
    }
}

/// A query's place among those that run. It is free again when this is dropped, unless there is an outcome to write.
struct Place {
    runs: Arc<Runs>,
    name: Bytes,
    cancelled: Arc<AtomicBool>,
}

impl Place {
    fn ended(&self, ran: Ran) {
        if let Some(going) = self.runs.lock().get_mut(&self.name) {
            going.ran = Some(Arc::new(ran));
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut going = self.runs.lock();
        if going.get(&self.name).is_some_and(|going| going.ran.is_none()) {
            going.remove(&self.name);
        }
    }
}

/// Takes note of a commit: a query whose record changed has ended, in one way or another.
pub(crate) fn committed(states: &States, commit: &Commit) {
    let mut names = commit.names().iter().filter(|name| name.starts_with(NAME_PREFIX)).peekable();
    if names.peek().is_none() {
        return;
    }
    let runs = states.get::<Runs>();
    let mut going = runs.lock();
    for name in names {
        if let Some(found) = going.get(name) {
            found.cancelled.store(true, Ordering::Relaxed);
            if found.ran.is_some() {
                going.remove(name);
            }
        }
    }
}

/// Has a query run after the commit.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn begin(cx: &mut Cx<'_>, query: &Query) -> Result<()> {
    let lane = format!("{RUN} {}", query.account);
    let (at, payload) = (cx.now(), query.name().as_bytes().to_vec());
    cx.deliver(&NewDelivery { service: "cloudtrail", kind: RUN, lane: &lane, in_order: false, at, payload })
}

async fn go_on(cx: &mut Cx<'_>, delivery: &Delivery) -> Result<Delivered> {
    let name = Name::from_stored(delivery.payload.clone().into());
    let query = cx.get::<Query>(&name).await?.filter(|query| !query.status.is_ended());
    let Some(query) = query else { return Ok(Delivered::Done) };
    let mut query = Query::clone(&query);
    let runs = cx.state::<Runs>();
    if let Some(ran) = runs.ran(&name) {
        end(cx, query, &ran)?;
        return Ok(Delivered::Done);
    }
    if cx.now() >= query.created + LASTS_MAX {
        query.put_ended(cx, Status::TimedOut)?;
        return Ok(Delivered::Done);
    }
    if query.status == Status::Queued {
        if !runs.has_room() {
            return Ok(Delivered::RetryAt(cx.now() + PAUSE));
        }
        query.status = Status::Running;
        query.begun = Some(cx.now());
        cx.put(name, query)?;
        return Ok(Delivered::RetryAt(cx.now()));
    }
    let Some(place) = runs.begin(&name) else { return Ok(Delivered::RetryAt(cx.now() + PAUSE)) };
    if let Some(ran) = run(cx, &query, place.cancelled.clone()).await? {
        place.ended(ran);
    }
    // What was found is written by a transaction that begins now.
    Err(Error::Again)
}

fn end(cx: &mut Cx<'_>, mut query: Query, ran: &Ran) -> Result<()> {
    match ran {
        Ok(outcome) => {
            query.found = results::put(cx, &query, outcome)?;
            query.put_ended(cx, Status::Finished)
        }
        // Nobody cancelled it, so it went on for longer than queries may.
        Err(StatementError(reason)) if reason == INTERRUPTED => query.put_ended(cx, Status::TimedOut),
        Err(StatementError(reason)) => {
            query.error = Some(reason.clone());
            query.put_ended(cx, Status::Failed)
        }
    }
}

/// Runs a query; nothing comes of one that is cancelled.
async fn run(cx: &mut Cx<'_>, query: &Query, cancelled: Arc<AtomicBool>) -> Result<Option<Ran>> {
    let statement = match Statement::parse(&query.statement) {
        Ok(statement) => statement,
        Err(error) => return Ok(Some(Err(error))),
    };
    let mut views = Vec::new();
    for id in &query.stores {
        let store = Store::find(cx, query.account, &query.region, id).await?;
        let Some(store) = store.filter(|store| store.deleted.is_none()) else {
            return Ok(Some(Err(StatementError("The event data store is inactive.".to_owned()))));
        };
        views.push(View::of(cx, store, query.created).await?);
    }
    let accounts: BTreeSet<AccountId> = views.iter().flat_map(View::accounts).collect();
    let reader = cx.scan_events(EventScan {
        accounts: accounts.iter().copied().collect(),
        from: begins(&statement, &views, query.created),
        to: ends(&statement, query.created),
        order: Order::OldestFirst,
        after: None,
    });
    let now = query.created;
    let running = Running { statement, views, accounts, now, cancelled };
    cx.offload(move |_| running.run(reader)).await?
}

/// From when on events are read.
fn begins(statement: &Statement, views: &[View], now: Timestamp) -> Timestamp {
    let stores = views.iter().filter_map(View::from).min().unwrap_or(now);
    let asked = statement.window.0.as_deref().and_then(read_time);
    asked.map_or(stores, |asked| asked.max(stores))
}

/// Up to when events are read. They are told by the second.
fn ends(statement: &Statement, now: Timestamp) -> Timestamp {
    let asked = statement.window.1.as_deref().and_then(read_time);
    asked.map_or(now, |asked| (asked + Duration::from_millis(999)).min(now))
}

fn read_time(text: &str) -> Option<Timestamp> {
    Timestamp::parse_iso8601(&format!("{}Z", text.replace(' ', "T"))).ok()
}

/// What a query needs while it runs.
struct Running {
    statement: Statement,
    views: Vec<View>,
    accounts: BTreeSet<AccountId>,
    now: Timestamp,
    cancelled: Arc<AtomicBool>,
}

impl Running {
    fn run(&self, reader: EventReader) -> Result<Option<Ran>> {
        let ran = self.run_over(reader)?;
        Ok(Some(ran).filter(|_| !self.cancelled.load(Ordering::Relaxed)))
    }

    fn run_over(&self, reader: EventReader) -> Result<Ran> {
        let mut run = match Run::begin(&self.statement, self.now, self.cancelled.clone()) {
            Ok(run) => run,
            Err(error) => return Ok(Err(error)),
        };
        let mut batch = Vec::with_capacity(BATCH_EVENTS);
        for found in reader {
            let event = found?.event;
            let mut is_in_any = false;
            for account in event.accounts().filter(|account| self.accounts.contains(account)) {
                let views = self.views.iter().filter(|view| view.has(&event, account));
                let stores: Vec<String> = views.map(|view| view.id().to_owned()).collect();
                if !stores.is_empty() {
                    is_in_any = true;
                    batch.push((to_cloudtrail(&event, account), stores));
                }
            }
            if !is_in_any {
                batch.push((Json::Null, Vec::new()));
            }
            if batch.len() >= BATCH_EVENTS {
                if self.cancelled.load(Ordering::Relaxed) {
                    return Ok(Err(StatementError(INTERRUPTED.to_owned())));
                }
                if let Err(error) = run.take(&batch) {
                    return Ok(Err(error));
                }
                batch.clear();
            }
        }
        Ok(run.take(&batch).and_then(|()| run.finish()))
    }
}
