//! The rules of buses with their patterns, in memory: so that an event is matched without reading anything.
//!
//! What is kept of a bus is dropped when a commit writes one of its rules, and nothing that was read before that commit
//! is kept after it.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alcazar_base::Timestamp;
use alcazar_engine::port::store::Commit;
use alcazar_engine::{Reads, Result, States};
use alcazar_event::{Event, Pattern};
use bytes::Bytes;
use lru::LruCache;

use crate::arn::BusId;
use crate::rule::{self, Rule, State};

/// How many buses' rules are kept.
const BUSES_MAX: NonZeroUsize = match NonZeroUsize::new(4096) {
    Some(most) => most,
    None => NonZeroUsize::MIN,
};

/// A rule that acts on events.
pub(crate) struct PatternRule {
    /// The rule.
    pub rule: Arc<Rule>,
    pattern: Pattern,
}

/// The rules of a bus that act on events, in the order of their names.
#[derive(Default)]
pub(crate) struct BusRules(Vec<PatternRule>);

impl PatternRule {
    fn of(rule: Arc<Rule>) -> Option<Self> {
        if !rule.is_enabled() {
            return None;
        }
        // It was read when the rule was put. Should the language become stricter, the rule matches nothing.
        let pattern = Pattern::parse(rule.pattern.as_deref()?).ok()?;
        Some(Self { rule, pattern })
    }

    /// Whether the rule was there, as it is, at a time.
    #[must_use]
    pub(crate) fn was_there(&self, time: Timestamp) -> bool {
        self.rule.since <= time
    }

    /// Whether the rule is for calls that only read, too.
    #[must_use]
    pub(crate) fn takes_reads(&self) -> bool {
        self.rule.state == State::EnabledWithReads
    }

    /// Whether the rule is for an event.
    #[must_use]
    pub(crate) fn matches(&self, event: &Event<'_>) -> bool {
        self.pattern.matches_event(event)
    }
}

impl BusRules {
    /// Whether no rule acts on events.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rules.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &PatternRule> {
        self.0.iter()
    }
}

/// What is kept.
pub(crate) struct Kept(Mutex<Inner>);

struct Inner {
    /// How many commits wrote rules.
    commits: u64,
    /// By what the names of the bus's rules begin with.
    buses: LruCache<Bytes, Arc<BusRules>>,
}

impl Default for Kept {
    fn default() -> Self {
        let mut buses = LruCache::unbounded();
        buses.resize(BUSES_MAX);
        Self(Mutex::new(Inner { commits: 0, buses }))
    }
}

impl Kept {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn told(&self, names: &[Bytes]) {
        let mut inner = None;
        for name in names.iter().filter(|name| is_rule(name)) {
            let inner = inner.get_or_insert_with(|| self.lock());
            inner.commits += 1;
            let bus = name.get(..name.len().saturating_sub(rule::LAST_PART_BYTES)).unwrap_or_default();
            inner.buses.pop(bus);
        }
    }
}

fn is_rule(name: &[u8]) -> bool {
    name.strip_prefix(rule::TABLE.as_bytes()).is_some_and(|rest| rest.first() == Some(&0))
}

/// Told of every commit.
pub(crate) fn committed(states: &States, commit: &Commit) {
    if commit.names().iter().any(|name| is_rule(name)) {
        states.get::<Kept>().told(commit.names());
    }
}

/// The rules of a bus that act on events, if they are kept.
#[must_use]
pub(crate) fn kept(reads: &Reads<'_>, bus: &BusId) -> Option<Arc<BusRules>> {
    let key = rule::prefix(&reads.keyring(), bus);
    reads.state::<Kept>().lock().buses.get(&key).cloned()
}

/// The rules of a bus that act on events.
///
/// # Errors
/// The store failed.
pub(crate) async fn of_bus(reads: &mut Reads<'_>, bus: &BusId) -> Result<Arc<BusRules>> {
    let keyring = reads.keyring();
    let (kept, key) = (reads.state::<Kept>(), rule::prefix(&keyring, bus));
    let commits = {
        let mut inner = kept.lock();
        if let Some(rules) = inner.buses.get(&key) {
            return Ok(rules.clone());
        }
        inner.commits
    };
    let found = reads.glance::<Rule>(&rule::range(&keyring, bus), rule::RULES_READ).await?;
    let mut rules: Vec<_> = found.into_iter().filter_map(|(_, rule)| PatternRule::of(rule)).collect();
    rules.sort_by(|one, other| one.rule.name.cmp(&other.rule.name));
    let rules = Arc::new(BusRules(rules));
    let mut inner = kept.lock();
    if inner.commits == commits {
        inner.buses.put(key, rules.clone());
    }
    Ok(rules)
}
