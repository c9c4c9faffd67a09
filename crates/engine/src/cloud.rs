//! The cloud: the ports, the key hierarchy and the services, put together.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::ops::Bound;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use alcazar_base::Timestamp;
use alcazar_crypto::{Entropy, EntropyError, Keyring};
use alcazar_shape::{ApiOperation, ServiceModel};
use bytes::Bytes;
use lru::LruCache;
use tokio::sync::{Notify, OnceCell};

use crate::administrator::administrator_name;
use crate::audit::{AuditEvent, LabelKey};
use crate::audit_queue::AuditQueue;
use crate::authenticate::KnownSession;
use crate::cache::RecordCache;
use crate::context::Work;
use crate::count::Counts;
use crate::credentials::{self, AccessKey};
use crate::derived::DerivedCache;
use crate::error::Result;
use crate::failing::Failing;
use crate::fetched::{FETCHED_MAX, Fetched};
use crate::follow::Positions;
use crate::lanes::Lanes;
use crate::lock::Locks;
use crate::name::Name;
use crate::operation::{Operation, Service, Signing};
use crate::port::audit_log::{AuditLog, AuditRecord};
use crate::port::clock::Clock;
use crate::port::outbound::Outbound;
use crate::port::store::{CommitError, NameRange, Store, Transaction};
use crate::quota::QuotaSettings;
use crate::rate::Rates;
use crate::record::Record;
use crate::standing::{AccountStanding, Identities, STANDINGS_MAX, Standing};
use crate::state::States;
use crate::transaction::Pending;
use crate::usage::{self, Meter};
use crate::wait::Waiters;

/// How many records are held in typed form, unless told otherwise.
pub const CACHED_RECORDS: usize = 256 * 1024;

/// How many accounts' built-in credentials are held in development mode.
const BUILT_IN_KEYS_MAX: NonZeroUsize = match NonZeroUsize::new(4096) {
    Some(most) => most,
    None => NonZeroUsize::MIN,
};

/// How many sessions are held whose tokens were opened.
const SESSIONS_MAX: NonZeroUsize = match NonZeroUsize::new(16 * 1024) {
    Some(most) => most,
    None => NonZeroUsize::MIN,
};

/// What a cloud is made of.
pub struct Parts {
    /// Where records are kept.
    pub store: Arc<dyn Store>,
    /// Where audit events are kept.
    pub audit_log: Arc<dyn AuditLog>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The way to what accounts name outside.
    pub outbound: Arc<dyn Outbound>,
    /// Who there is, and what counts for them.
    pub identities: Arc<dyn Identities>,
    /// The key hierarchy.
    pub keyring: Keyring,
    /// The services, each once.
    pub services: Vec<&'static Service>,
    /// Whether an access key of twelve digits, with the secret `test`, is the administrator of that account.
    pub built_in_credentials: bool,
    /// Certificates in DER that the operator trusts to vouch for attested callers, beside those that AWS publishes.
    pub attestation_roots: Arc<[Vec<u8>]>,
    /// The most records held in typed form.
    pub cached_records: usize,
    /// What the operator decided about quotas.
    pub quotas: QuotaSettings,
}

/// All accounts and regions, behind one door: [`Cloud::invoke`](crate::invoke).
pub struct Cloud {
    store: Arc<dyn Store>,
    audit_log: Arc<dyn AuditLog>,
    pub(crate) audit_queue: AuditQueue,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    outbound: Arc<dyn Outbound>,
    identities: Arc<dyn Identities>,
    pub(crate) standings: Arc<DerivedCache<Standing>>,
    pub(crate) account_standings: Arc<DerivedCache<AccountStanding>>,
    pub(crate) sessions: Mutex<LruCache<String, KnownSession>>,
    pub(crate) fetched: Mutex<LruCache<String, Fetched>>,
    keyring: Arc<Keyring>,
    cache: Arc<RecordCache>,
    pub(crate) counts: Arc<Counts>,
    pub(crate) quotas: QuotaSettings,
    /// None if no request rate holds.
    pub(crate) rates: Option<Rates>,
    services: HashMap<&'static str, &'static Service>,
    models: Vec<&'static ServiceModel>,
    pub(crate) lanes: Arc<Lanes>,
    pub(crate) lanes_loaded: OnceCell<()>,
    pub(crate) failing: Failing,
    /// Orders deliveries that were caused at the same time.
    order: AtomicU64,
    pub(crate) waiters: Arc<Waiters>,
    pub(crate) locks: Locks,
    pub(crate) states: Arc<States>,
    pub(crate) positions: tokio::sync::Mutex<Positions>,
    /// Rung when the audit log has grown.
    pub(crate) log_grew: Arc<Notify>,
    built_in_credentials: bool,
    attestation_roots: Arc<[Vec<u8>]>,
    pub(crate) built_in_keys: Mutex<LruCache<String, Arc<AccessKey>>>,
    /// Rung when a task was scheduled.
    pub(crate) work_arrived: Notify,
    /// Rung when something was destroyed.
    pub(crate) destroyed: Notify,
    pub(crate) meter: Arc<Meter>,
    pub(crate) label_key: LabelKey,
    /// The first record of the audit log that the meter is told of.
    pub(crate) first_told: u64,
}

/// A cache that takes memory as it is filled, not for its bound at once.
fn growing<V>(most: NonZeroUsize) -> LruCache<String, V> {
    let mut cache = LruCache::unbounded();
    cache.resize(most);
    cache
}

impl Cloud {
    /// Puts a cloud together.
    #[must_use]
    pub fn new(parts: Parts) -> Arc<Self> {
        let cache = Arc::new(RecordCache::new(parts.cached_records));
        let counts = Arc::new(Counts::default());
        let standings = Arc::new(DerivedCache::new(STANDINGS_MAX));
        let account_standings = Arc::new(DerivedCache::new(STANDINGS_MAX));
        let (watched, counted) = (cache.clone(), counts.clone());
        let (callers, accounts) = (standings.clone(), account_standings.clone());
        let (waiters, states) = (Arc::new(Waiters::default()), Arc::new(States::default()));
        let (lanes, woken) = (Arc::new(Lanes::default()), waiters.clone());
        let service_watchers: Vec<_> =
            parts.services.iter().filter_map(|service| service.committed).collect();
        let (told_states, told_lanes) = (states.clone(), lanes.clone());
        parts.store.watch(Arc::new(move |commit| {
            let names = commit.names();
            watched.forget(names, commit.revision);
            counted.told(names);
            callers.forget(names);
            accounts.forget(names);
            told_lanes.told(commit.put());
            for committed in &service_watchers {
                committed(&told_states, commit);
            }
            // Last: whoever is woken finds everything as the commit left it.
            woken.told(commit.put());
        }));
        let meter = Arc::new(Meter::default());
        let told = meter.clone();
        let label_key = LabelKey::of(&parts.keyring);
        parts.audit_log.label_by(label_key.labeller());
        let log_grew = Arc::new(Notify::new());
        let rung = log_grew.clone();
        parts.audit_log.watch(Arc::new(move |sequence, record| {
            told.appended(sequence, record);
            rung.notify_one();
        }));
        Arc::new(Self {
            label_key,
            first_told: parts.audit_log.next_sequence(),
            meter,
            store: parts.store,
            audit_log: parts.audit_log,
            audit_queue: AuditQueue::default(),
            clock: parts.clock,
            entropy: parts.entropy,
            outbound: parts.outbound,
            identities: parts.identities,
            standings,
            account_standings,
            sessions: Mutex::new(growing(SESSIONS_MAX)),
            fetched: Mutex::new(LruCache::new(FETCHED_MAX)),
            keyring: Arc::new(parts.keyring),
            cache,
            counts,
            rates: Rates::new(&parts.quotas, &parts.services),
            quotas: parts.quotas,
            models: parts.services.iter().map(|service| service.model).collect(),
            services: parts.services.into_iter().map(|service| (service.model.name, service)).collect(),
            lanes,
            lanes_loaded: OnceCell::new(),
            failing: Failing::default(),
            order: AtomicU64::new(0),
            waiters,
            locks: Locks::default(),
            states,
            positions: tokio::sync::Mutex::default(),
            log_grew,
            built_in_credentials: parts.built_in_credentials,
            attestation_roots: parts.attestation_roots,
            built_in_keys: Mutex::new(LruCache::new(BUILT_IN_KEYS_MAX)),
            work_arrived: Notify::new(),
            destroyed: Notify::new(),
        })
    }

    /// The services, in no order.
    pub fn services(&self) -> impl Iterator<Item = &'static Service> + '_ {
        self.services.values().copied()
    }

    /// The services' models, in the order that they were given in.
    #[must_use]
    pub fn models(&self) -> &[&'static ServiceModel] {
        &self.models
    }

    /// The service of this name.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&'static Service> {
        self.services.get(name).copied()
    }

    /// The service whose operation of this name may go unsigned.
    #[must_use]
    pub fn unsigned(&self, operation: &str) -> Option<&'static ServiceModel> {
        let may = |service: &&Service| {
            service.operation(operation).is_some_and(|entry| entry.signing == Signing::Optional)
        };
        self.services().find(may).map(|service| service.model)
    }

    /// The time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Waits until it is `time`, or the clock was set to a later one.
    pub async fn sleep_until(&self, time: Timestamp) {
        self.clock.sleep_until(time).await;
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }

    /// The audit log.
    #[must_use]
    pub fn audit_log(&self) -> &dyn AuditLog {
        self.audit_log.as_ref()
    }

    /// The audit log, for whoever reads it on a thread of its own.
    #[must_use]
    pub fn shared_audit_log(&self) -> Arc<dyn AuditLog> {
        self.audit_log.clone()
    }

    /// Randomness.
    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        self.entropy.as_ref()
    }

    /// Whether resource control policies apply to the resources of an operation's service.
    pub(crate) fn is_under_resource_control<O: Operation>(&self) -> bool {
        self.service(O::Api::MODEL.service.name).is_some_and(|service| service.resource_control)
    }

    /// Whether denials of an operation carry an encoded authorization message.
    pub(crate) fn encodes_denials<O: Operation>(&self) -> bool {
        self.service(O::Api::MODEL.service.name).is_some_and(|service| service.encodes_denials)
    }

    pub(crate) fn identities(&self) -> &dyn Identities {
        self.identities.as_ref()
    }

    pub(crate) fn outbound(&self) -> &dyn Outbound {
        self.outbound.as_ref()
    }

    pub(crate) fn shared_entropy(&self) -> Arc<dyn Entropy> {
        self.entropy.clone()
    }

    /// The key hierarchy. It stays the same as long as the process runs.
    #[must_use]
    pub fn keyring(&self) -> Arc<Keyring> {
        self.keyring.clone()
    }

    /// A random UUID, as AWS uses for requests and events.
    ///
    /// # Errors
    /// Randomness failed.
    pub fn unique_id(&self) -> Result<String, EntropyError> {
        let mut bytes = [0; 16];
        self.entropy().fill_public(&mut bytes)?;
        Ok(uuid::Builder::from_random_bytes(bytes).into_uuid().hyphenated().to_string())
    }

    /// Reads a record, for the operator's own reports: it asks no policy and leaves no event.
    ///
    /// # Errors
    /// The store failed, or the record does not open.
    pub async fn get_record<R: Record>(&self, name: &Name) -> Result<Option<Arc<R>>> {
        Pending::begin(self).get(self, name).await
    }

    /// Reads the first `limit` records of a range, as [`get_record`](Self::get_record) reads one.
    ///
    /// # Errors
    /// The store failed, or a record does not open.
    pub async fn scan_records<R: Record>(
        &self,
        range: &NameRange,
        limit: usize,
    ) -> Result<Vec<(Name, Arc<R>)>> {
        Pending::begin(self).scan(self, range, limit).await
    }

    /// Deletes every record but the root users' access keys, the administrator's among them. For development alone: it asks no policy and leaves
    /// no event.
    ///
    /// # Errors
    /// The store failed.
    pub async fn delete_all_records(&self) -> Result<()> {
        const BATCH: usize = 1000;
        // What was used until now is forgotten with the rest, and what comes after is counted from here on.
        self.write_usage().await?;
        let (keys, kept) = (credentials::all_access_keys(), [administrator_name(), usage::position_name()]);
        let is_kept = |name: &Bytes| keys.contains(name) || kept.iter().any(|kept| kept.as_bytes() == name);
        let mut after = NameRange { start: Bound::Unbounded, end: Bound::Unbounded };
        loop {
            let found = self.store.scan(&after, BATCH).await?;
            let Some((last, _)) = found.last() else { return Ok(()) };
            let last = last.clone();
            let names = found.into_iter().map(|(name, _)| name).filter(|name| !is_kept(name));
            let writes: Vec<_> = names.map(|name| (name, None)).collect();
            if !writes.is_empty() {
                let snapshot = self.store.revision();
                self.store.commit(Transaction { snapshot, writes, ..Transaction::default() }).await?;
            }
            after = after.after(&last);
        }
    }

    /// Commits what a call or a task did, with its events.
    pub(crate) async fn commit(&self, work: Work, events: Vec<AuditRecord>) -> Result<(), CommitError> {
        let destroys = work.destroys;
        let transaction = work.pending.into_transaction(events);
        let deleted = transaction.writes.iter().filter(|(_, content)| content.is_none());
        let _removed = self.counts.expect_removal(deleted.map(|(name, _)| name.clone()).collect());
        // The room that was held is given back only when the store has told of what came to stand there.
        let _held = work.held;
        let _kept = work.kept;
        self.store.commit(transaction).await?;
        if destroys {
            self.destroyed.notify_one();
        }
        Ok(())
    }

    pub(crate) fn cache(&self) -> &RecordCache {
        &self.cache
    }

    /// A number that is greater than all before, on this node.
    pub(crate) fn next_order(&self) -> u64 {
        self.order.fetch_add(1, Ordering::Relaxed)
    }

    /// Commits what something did that answers nobody, with events of what it did.
    pub(crate) async fn commit_with(&self, work: Work, events: &[AuditEvent]) -> Result<()> {
        if work.pending.writes_nothing() && events.is_empty() {
            return Ok(());
        }
        let events =
            events.iter().map(|event| event.to_record(&self.label_key)).collect::<Result<Vec<_>>>()?;
        let brings_work = work.brings_work;
        self.commit(work, events).await?;
        if brings_work {
            self.work_arrived.notify_one();
        }
        Ok(())
    }

    pub(crate) fn attestation_roots(&self) -> Arc<[Vec<u8>]> {
        self.attestation_roots.clone()
    }

    pub(crate) fn has_built_in_credentials(&self) -> bool {
        self.built_in_credentials
    }

    /// Waits until a task was scheduled.
    pub async fn work_arrived(&self) {
        self.work_arrived.notified().await;
    }
}
