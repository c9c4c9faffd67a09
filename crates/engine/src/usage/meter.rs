//! Counting in memory, as the audit log grows.
//!
//! The counts cover the log from the place that is stored, without a gap, up to `next`. A record is counted if it is
//! the next one, whether the log tells of it as it is appended or it is read back; so each counts once whoever comes
//! first. Memory is bounded: when there is too much to be written, records are left to be read back later.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alcazar_base::{AccountId, Month, Timestamp};
use minicbor::Decode;
use tokio::sync::Notify;

use super::last_call::{Counted, LastCall};
use super::{LastUse, Requests};
use crate::audit::derived_id;
use crate::port::audit_log::AuditEntry;

/// How many entries wait before they are written at once.
const ENTRIES_PRESSING: usize = 2048;

/// How many entries wait at most. With a record read and two written for each they fit one transaction.
const ENTRIES_MAX: usize = 6000;

/// What was used since the last writing.
#[derive(Default)]
pub(super) struct Counts {
    /// By resource.
    pub(super) resources: HashMap<Box<str>, OfResource>,
    /// The last calls, by access key id and by role id.
    pub(super) calls: HashMap<Box<str>, Counted>,
}

/// The use of one resource.
#[derive(Debug)]
pub(super) struct OfResource {
    pub(super) account: AccountId,
    pub(super) region: Box<str>,
    /// Its ARN; empty for calls that were about no resource.
    pub(super) resource: Box<str>,
    pub(super) last: Option<LastUse>,
    pub(super) months: Vec<(Month, Vec<Requests>)>,
}

/// What an audit event says of use, read without a copy.
#[derive(Decode)]
struct Event<'b> {
    #[b(0)]
    event_id: &'b str,
    #[n(1)]
    time: Timestamp,
    #[b(2)]
    event_source: &'b str,
    #[b(3)]
    event_name: &'b str,
    #[b(4)]
    region: &'b str,
    #[b(5)]
    identity: Option<Caller<'b>>,
    #[b(6)]
    access_key_id: Option<&'b str>,
    #[b(9)]
    request_id: &'b str,
    #[b(14)]
    resources: Vec<UsedResource<'b>>,
    #[b(17)]
    invoked_by: Option<&'b str>,
    #[b(19)]
    uses: Option<Vec<UseOf<'b>>>,
}

#[derive(Decode)]
struct Caller<'b> {
    #[n(3)]
    account: AccountId,
    #[b(4)]
    session: Option<Session<'b>>,
}

#[derive(Decode)]
struct Session<'b> {
    #[b(2)]
    issuer: Option<Issuer<'b>>,
}

#[derive(Decode)]
struct Issuer<'b> {
    #[b(0)]
    kind: &'b str,
    #[b(1)]
    principal_id: &'b str,
}

#[derive(Decode)]
struct UsedResource<'b> {
    #[b(0)]
    arn: &'b str,
    #[n(1)]
    account: AccountId,
}

#[derive(Decode)]
struct UseOf<'b> {
    #[n(0)]
    resource: Option<u32>,
    #[b(1)]
    class: Option<&'b str>,
    #[n(2)]
    is_last_use: bool,
    #[n(3)]
    count: Option<u32>,
}

#[derive(Default)]
struct State {
    /// The first record that is not counted; none until the stored place is known.
    next: Option<u64>,
    /// The stored place: what is counted here begins there.
    base: u64,
    counts: Counts,
    /// How many pairs of a resource and a month or class are in `counts`, and how many last calls.
    entries: usize,
    /// What is being written.
    writing: Arc<Counts>,
    /// Whether a writing was begun and has not ended.
    is_writing: bool,
}

/// The counts. It is told of every record under the log's own lock, so it must never call the log.
#[derive(Default)]
pub(crate) struct Meter {
    state: Mutex<State>,
    /// Rung when there is so much to write that it should not wait.
    pub(super) pressing: Notify,
    /// One reading or writing at a time.
    pub(super) turn: tokio::sync::Mutex<()>,
}

/// What is to be written.
pub(super) struct Batch {
    pub(super) counts: Arc<Counts>,
    /// The place that is stored.
    pub(super) from: u64,
    /// The place that will be.
    pub(super) to: u64,
}

impl Meter {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a record that was appended, if it is the next one and there is room.
    pub(crate) fn appended(&self, sequence: u64, record: &[u8]) {
        let mut state = self.lock();
        if state.next == Some(sequence) && state.entries < ENTRIES_MAX {
            let before = state.entries;
            state.count(record);
            state.next = Some(sequence + 1);
            if before < ENTRIES_PRESSING && state.entries >= ENTRIES_PRESSING {
                self.pressing.notify_one();
            }
        }
    }

    /// Counts records that were read back, as far as there is room; false if there is no more.
    pub(super) fn read_back(&self, entries: &[AuditEntry]) -> bool {
        let mut state = self.lock();
        for entry in entries {
            match state.next {
                Some(next) if next <= entry.sequence => {}
                _ => continue,
            }
            if state.entries >= ENTRIES_MAX {
                return false;
            }
            state.count(&entry.record);
            // What lies between are records of commits that never came to be.
            state.next = Some(entry.sequence + 1);
        }
        true
    }

    /// The first record that is not counted, if the stored place is known.
    pub(super) fn next(&self) -> Option<u64> {
        self.lock().next
    }

    /// Begins to count at the stored place.
    pub(super) fn begin_at(&self, sequence: u64) {
        *self.lock() = State { next: Some(sequence), base: sequence, ..State::default() };
    }

    /// Passes over records that cannot be read back because their commits never came to be.
    pub(super) fn pass_over(&self, until: u64) {
        let mut state = self.lock();
        state.next = state.next.map(|next| next.max(until));
    }

    /// Forgets everything; what was not written is read back from the log.
    pub(super) fn forget(&self) {
        *self.lock() = State::default();
    }

    /// Takes what is to be written. It stays visible to [`last_use`](Self::last_use) until
    /// [`written`](Self::written). None if the place has not moved, or an earlier writing was broken off: how that
    /// one came out is in the store.
    pub(super) fn take(&self) -> Option<Batch> {
        let mut state = self.lock();
        if state.is_writing {
            *state = State::default();
        }
        let to = state.next?;
        state.is_writing = true;
        state.entries = 0;
        state.writing = Arc::new(std::mem::take(&mut state.counts));
        Some(Batch { counts: state.writing.clone(), from: state.base, to })
    }

    /// What was taken is in the store.
    pub(super) fn written(&self, to: u64) {
        let mut state = self.lock();
        state.base = to;
        state.writing = Arc::default();
        state.is_writing = false;
    }

    /// Whether anything was counted that is not in the store.
    pub(super) fn is_ahead(&self) -> bool {
        let state = self.lock();
        state.is_writing || state.next.is_none_or(|next| next > state.base)
    }

    /// The last use of a resource, if it is not in the store yet.
    pub(super) fn last_use(&self, resource: &str) -> Option<LastUse> {
        let state = self.lock();
        let last = |counts: &Counts| counts.resources.get(resource)?.last.clone();
        last(&state.counts).or_else(|| last(&state.writing))
    }

    /// The last call of an access key or role by its id, if it is not in the store yet.
    pub(super) fn last_call(&self, id: &str) -> Option<LastCall> {
        let state = self.lock();
        let last = |counts: &Counts| counts.calls.get(id).map(|counted| counted.last.clone());
        last(&state.counts).or_else(|| last(&state.writing))
    }
}

impl State {
    fn count(&mut self, record: &[u8]) {
        let event: Event<'_> = match minicbor::decode(record) {
            Ok(event) => event,
            Err(error) => {
                tracing::error!(cause = %error, "an audit event cannot be read; what it used is not counted");
                return;
            }
        };
        self.count_call(&event);
        for used in event.uses.iter().flatten() {
            let resource = used.resource.and_then(|place| event.resources.get(usize::try_from(place).ok()?));
            match (resource, &event.identity) {
                (Some(resource), _) => {
                    self.count_use(&event, used, resource.arn, resource.arn, resource.account)
                }
                (None, Some(caller)) => {
                    let key = format!("{}/{}", caller.account, event.region);
                    self.count_use(&event, used, &key, "", caller.account);
                }
                (None, None) => {}
            }
        }
    }

    fn count_call(&mut self, event: &Event<'_>) {
        let Some(caller) = event.identity.as_ref().filter(|_| event.invoked_by.is_none()) else { return };
        let (id, role_of) = match (&caller.session, event.access_key_id) {
            (None, Some(access_key_id)) => (access_key_id, None),
            (Some(Session { issuer: Some(Issuer { kind: "Role", principal_id }) }), _) => {
                (*principal_id, Some(caller.account))
            }
            _ => return,
        };
        if !self.counts.calls.contains_key(id) {
            self.entries += 1;
            self.counts.calls.insert(id.into(), Counted::new(role_of, event.time));
        }
        if let Some(counted) = self.counts.calls.get_mut(id) {
            counted.note(event.time, event.event_source, event.region);
        }
    }

    fn count_use(&mut self, event: &Event<'_>, used: &UseOf<'_>, key: &str, arn: &str, account: AccountId) {
        if !self.counts.resources.contains_key(key) {
            self.entries += 1;
            let (region, resource) = (event.region.into(), arn.into());
            let new = OfResource { account, region, resource, last: None, months: Vec::new() };
            self.counts.resources.insert(key.into(), new);
        }
        let Some(found) = self.counts.resources.get_mut(key) else { return };
        if used.is_last_use {
            note(&mut found.last, event, account);
        }
        if let Some(class) = used.class {
            self.entries += usize::from(add(
                &mut found.months,
                Month::of(event.time),
                class,
                used.count.unwrap_or(1).into(),
            ));
        }
    }
}

/// Notes the last use, in the texts of the one before, under the id that the event has for the resource's owner.
fn note(last: &mut Option<LastUse>, event: &Event<'_>, owner: AccountId) {
    let last = last.get_or_insert_with(|| LastUse {
        operation: String::new(),
        time: event.time,
        event_id: String::new(),
        request_id: String::new(),
    });
    let set = |text: &mut String, to: &str| {
        text.clear();
        text.push_str(to);
    };
    last.time = event.time;
    set(&mut last.operation, event.event_name);
    let caller = event.identity.as_ref().map(|caller| caller.account);
    match caller.filter(|caller| *caller != owner && *caller != AccountId::ZERO) {
        Some(_) => last.event_id = derived_id(event.event_id, owner.as_str()),
        None => set(&mut last.event_id, event.event_id),
    }
    set(&mut last.request_id, event.request_id);
}

/// Counts requests; true if they are the first of their month or class.
fn add(months: &mut Vec<(Month, Vec<Requests>)>, month: Month, class: &str, count: u64) -> bool {
    let requests = match months.iter_mut().position(|(found, _)| *found == month) {
        Some(place) => months.get_mut(place),
        None => {
            months.push((month, Vec::new()));
            months.last_mut()
        }
    };
    let Some((_, requests)) = requests else { return false };
    add_requests(requests, class, count)
}

/// Adds to the requests of a class; true if they are the first.
pub(super) fn add_requests(requests: &mut Vec<Requests>, class: &str, count: u64) -> bool {
    if let Some(found) = requests.iter_mut().find(|found| found.class == class) {
        found.count = found.count.saturating_add(count);
        return false;
    }
    requests.push(Requests { class: class.to_owned(), count });
    true
}
