//! Event buses: their records, and finding them.
//!
//! The default bus is there in every account and region, whether anything of it is stored or not.

use std::sync::Arc;

use alcazar_api_events::types::{DeadLetterConfig, LogConfig};
use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, Reads, Result};
use alcazar_identity::document::Document;
use alcazar_policy::{CompiledPolicy, PolicyKind};
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use crate::arn::BusId;
use crate::error;
use crate::tag::Tag;
use crate::target::Queue;

const BUSES: &str = "events.bus";

/// More buses than an account may have in a region, so that one read finds them all.
const BUSES_READ: usize = 10_000;

/// An event bus.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Bus {
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
    /// The KMS key that its events are encrypted with, as it was named.
    #[n(4)]
    pub kms_key: Option<String>,
    /// The queue for events that cannot be taken up.
    #[n(5)]
    pub dead_letter_arn: Option<String>,
    /// What would be logged of it.
    #[n(6)]
    pub log: Option<Log>,
    /// Who else may use it.
    #[n(7)]
    pub policy: Option<Document>,
    /// Its tags, in the order of their keys.
    #[n(8)]
    pub tags: Vec<Tag>,
    /// When it was made; not known of a default bus.
    #[n(9)]
    pub created: Option<Timestamp>,
    /// When it was last changed.
    #[n(10)]
    pub modified: Option<Timestamp>,
}

/// What would be logged of a bus.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Log {
    /// `NONE` or `FULL`.
    #[n(0)]
    pub detail: Option<String>,
    /// `OFF`, `ERROR`, `INFO` or `TRACE`.
    #[n(1)]
    pub level: Option<String>,
}

impl Bus {
    /// A bus with nothing but its name.
    #[must_use]
    pub(crate) fn new(id: &BusId, created: Option<Timestamp>) -> Self {
        Self {
            account: id.account,
            region: id.region.clone(),
            name: id.name.clone(),
            description: None,
            kms_key: None,
            dead_letter_arn: None,
            log: None,
            policy: None,
            tags: Vec::new(),
            created,
            modified: created,
        }
    }

    /// Which one it is.
    #[must_use]
    pub(crate) fn id(&self) -> BusId {
        BusId { account: self.account, region: self.region.clone(), name: self.name.clone() }
    }

    /// Its dead-letter queue as it is told.
    #[must_use]
    pub(crate) fn dead_letter(&self) -> Option<DeadLetterConfig> {
        self.dead_letter_arn.clone().map(|arn| DeadLetterConfig { arn: Some(arn) })
    }

    /// What would be logged, as it is told.
    #[must_use]
    pub(crate) fn log(&self) -> Option<LogConfig> {
        let log = self.log.as_ref()?;
        Some(LogConfig {
            include_detail: log.detail.as_deref().and_then(|detail| detail.parse().ok()),
            level: log.level.as_deref().and_then(|level| level.parse().ok()),
        })
    }

    /// Its policy as it is told.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn told_policy(&self, reads: &mut Reads<'_>) -> Result<Option<String>> {
        match &self.policy {
            Some(policy) => Ok(Some(policy.told(reads).await?)),
            None => Ok(None),
        }
    }

    /// Its policy, if it has one.
    ///
    /// # Errors
    /// The policy is one no more.
    pub(crate) fn compiled_policy(&self) -> Result<Option<Arc<CompiledPolicy>>> {
        self.policy.as_ref().map(|policy| policy.compiled(PolicyKind::Resource)).transpose()
    }
}

/// What is set of a bus; what is not given is not changed.
pub(crate) struct Settings<'i> {
    pub description: &'i Option<String>,
    pub kms_key: &'i Option<String>,
    pub dead_letter: &'i Option<DeadLetterConfig>,
    pub log: &'i Option<LogConfig>,
}

impl Settings<'_> {
    /// Sets it. An empty text takes back what was set.
    ///
    /// # Errors
    /// The dead-letter queue is none that a bus may have.
    pub(crate) fn put_on(&self, bus: &mut Bus) -> Result<(), ApiError> {
        let set = |field: &mut Option<String>, value: &Option<String>| {
            if let Some(value) = value {
                *field = Some(value.clone()).filter(|value| !value.is_empty());
            }
        };
        set(&mut bus.description, self.description);
        set(&mut bus.kms_key, self.kms_key);
        if let Some(config) = self.dead_letter {
            if let Some(arn) = &config.arn {
                let queue =
                    Queue::of_arn(arn).filter(|queue| !queue.is_fifo() && *queue.region() == bus.region);
                queue.ok_or_else(|| error::rule::invalid_dead_letter(arn))?;
            }
            bus.dead_letter_arn.clone_from(&config.arn);
        }
        if let Some(config) = self.log {
            bus.log = Some(Log {
                detail: config.include_detail.map(|detail| detail.as_str().to_owned()),
                level: config.level.map(|level| level.as_str().to_owned()),
            });
        }
        Ok(())
    }
}

fn bus_name(keyring: &Keyring, id: &BusId) -> Name {
    Name::table(BUSES).part(id.account.as_str()).part(id.region.as_str()).blind(keyring, &id.name).name()
}

/// The stored buses of an account in a region.
fn range(account: AccountId, region: &Region) -> NameRange {
    Name::table(BUSES).part(account.as_str()).part(region.as_str()).range()
}

/// A bus, if it is there. One in another region is not.
///
/// # Errors
/// The store failed.
pub(crate) async fn find(reads: &mut Reads<'_>, id: &BusId) -> Result<Option<Arc<Bus>>> {
    let stored = reads.get::<Bus>(&bus_name(&reads.keyring(), id)).await?;
    if stored.is_none() && id.is_default() && reads.account_exists(id.account).await? {
        return Ok(Some(Arc::new(Bus::new(id, None))));
    }
    Ok(stored)
}

/// All buses of the caller's account in the region, in the order of their names.
///
/// # Errors
/// The store failed.
pub(crate) async fn all(reads: &mut Reads<'_>) -> Result<Vec<Arc<Bus>>> {
    let (account, region) = (reads.account(), reads.region().clone());
    let found = reads.scan::<Bus>(&range(account, &region), BUSES_READ).await?;
    let mut buses: Vec<_> = found.into_iter().map(|(_, bus)| bus).collect();
    if !buses.iter().any(|bus| bus.id().is_default()) {
        buses.push(Arc::new(Bus::new(&BusId::default_of(account, region), None)));
    }
    buses.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(buses)
}

/// Stores a bus that is there already, or the default one.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn put(cx: &mut Cx<'_>, mut bus: Bus) -> Result<()> {
    bus.modified = Some(cx.now());
    let name = bus_name(&cx.keyring(), &bus.id());
    cx.put(name, bus)
}

/// Stores a new bus.
///
/// # Errors
/// There are as many as there may be, or the record cannot be sealed.
pub(crate) async fn put_new(cx: &mut Cx<'_>, bus: Bus) -> Result<()> {
    let name = bus_name(&cx.keyring(), &bus.id());
    if let Some(most) = cx.quota(&crate::quota::BUSES) {
        let room = cx.room_for(&name, &range(bus.account, &bus.region), most).await?;
        room.map_err(|_| error::limit_exceeded())?;
    }
    cx.put(name, bus)
}

/// Deletes a bus.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn delete(cx: &mut Cx<'_>, id: &BusId) -> Result<()> {
    let name = bus_name(&cx.keyring(), id);
    cx.delete(name)
}
