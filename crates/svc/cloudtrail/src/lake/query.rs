//! Queries, as they are stored.
//!
//! A query belongs to the account whose event data stores it reads. It has a record, a mark as long as it is queued or
//! running, and an entry for each of its stores; a week after its start all of it goes, with its results.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeQuery.html>

use std::sync::Arc;
use std::time::Duration;

use alcazar_api_cloudtrail::types::QueryStatus;
use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{
    Cx, Delivered, Delivery, DeliveryHandler, Name, NameBuilder, NewDelivery, Reads, Result,
};
use minicbor::{Decode, Encode};

use super::results;

const TABLE: &str = "cloudtrail.query";
const TABLE_OF_ACTIVE: &str = "cloudtrail.active-query";
const TABLE_BY_STORE: &str = "cloudtrail.query-of-store";

/// What names of queries' records begin with.
pub(crate) const NAME_PREFIX: &[u8] = b"cloudtrail.query\0";

/// How long a query and its results are kept.
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

const REMOVE: &str = "remove-query";

/// Removes queries.
pub(crate) const REMOVAL: DeliveryHandler =
    DeliveryHandler { kind: REMOVE, run: |cx, delivery| Box::pin(remove(cx, delivery)) };

/// A query. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Query {
    /// The account that owns the stores.
    #[n(0)]
    pub(crate) account: AccountId,
    /// The region of the stores.
    #[n(1)]
    pub(crate) region: String,
    /// Its id.
    #[n(2)]
    pub(crate) id: String,
    /// Its statement, as it was given.
    #[n(3)]
    pub(crate) statement: String,
    /// The ids of the stores that it reads.
    #[n(4)]
    pub(crate) stores: Vec<String>,
    /// How far it is.
    #[n(5)]
    pub(crate) status: Status,
    /// When it was asked for.
    #[n(6)]
    pub(crate) created: Timestamp,
    /// When it began to run.
    #[n(7)]
    pub(crate) begun: Option<Timestamp>,
    /// When it ended.
    #[n(8)]
    pub(crate) ended: Option<Timestamp>,
    /// Why it failed.
    #[n(9)]
    pub(crate) error: Option<String>,
    /// What it went through and found.
    #[n(10)]
    pub(crate) found: Found,
}

/// How far a query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Status {
    /// It waits.
    #[n(0)]
    Queued,
    /// It runs.
    #[n(1)]
    Running,
    /// It has results.
    #[n(2)]
    Finished,
    /// It cannot be run to its end.
    #[n(3)]
    Failed,
    /// Somebody ended it.
    #[n(4)]
    Cancelled,
    /// It took too long.
    #[n(5)]
    TimedOut,
}

/// What a query went through and found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Found {
    /// How many events it went through.
    #[n(0)]
    pub(crate) events_scanned: u64,
    /// How many of them were in its stores and time.
    #[n(1)]
    pub(crate) events_matched: u64,
    /// How many bytes these are.
    #[n(2)]
    pub(crate) bytes_scanned: u64,
    /// The names of the result's columns.
    #[n(3)]
    pub(crate) columns: Vec<String>,
    /// How many rows the result has.
    #[n(4)]
    pub(crate) rows: u64,
    /// The number of the first row of each page of them.
    #[n(5)]
    pub(crate) pages: Vec<u64>,
}

/// Says that there is a query. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Mark {
    /// Its id.
    #[n(0)]
    pub(crate) id: String,
    /// When it was asked for.
    #[n(1)]
    pub(crate) created: Timestamp,
}

impl Status {
    /// Whether it has ended.
    #[must_use]
    pub(crate) fn is_ended(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }

    /// It as answers have it.
    #[must_use]
    pub(crate) fn shown(self) -> QueryStatus {
        match self {
            Self::Queued => QueryStatus::Queued,
            Self::Running => QueryStatus::Running,
            Self::Finished => QueryStatus::Finished,
            Self::Failed => QueryStatus::Failed,
            Self::Cancelled => QueryStatus::Cancelled,
            Self::TimedOut => QueryStatus::TimedOut,
        }
    }
}

impl Query {
    /// Its record's name.
    #[must_use]
    pub(crate) fn record_name(account: AccountId, region: &str, id: &str) -> Name {
        Name::table(TABLE).part(account.as_str()).part(region).part(id).name()
    }

    /// Its record's name.
    #[must_use]
    pub(crate) fn name(&self) -> Name {
        Self::record_name(self.account, &self.region, &self.id)
    }

    /// The query of an id.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(
        reads: &mut Reads<'_>,
        account: AccountId,
        region: &Region,
        id: &str,
    ) -> Result<Option<Arc<Self>>> {
        reads.get(&Self::record_name(account, region.as_str(), id)).await
    }

    /// Writes a new one, and has it removed when its time is over.
    ///
    /// # Errors
    /// The record cannot be sealed.
    pub(crate) fn put_new(self, cx: &mut Cx<'_>) -> Result<()> {
        let mark = Arc::new(Mark { id: self.id.clone(), created: self.created });
        cx.put::<Mark>(self.mark_name(), mark.clone())?;
        for store in &self.stores {
            cx.put::<Mark>(self.name_in(store), mark.clone())?;
        }
        let name = self.name();
        let payload = name.as_bytes().to_vec();
        let at = self.created + KEPT;
        let (lane, in_order) = (REMOVE, false);
        cx.deliver(&NewDelivery { service: "cloudtrail", kind: REMOVE, lane, in_order, at, payload })?;
        cx.put(name, self)
    }

    /// Writes one that has ended.
    ///
    /// # Errors
    /// The record cannot be sealed.
    pub(crate) fn put_ended(mut self, cx: &mut Cx<'_>, status: Status) -> Result<()> {
        self.status = status;
        self.ended = Some(cx.now());
        cx.delete(self.mark_name())?;
        cx.put(self.name(), self)
    }

    fn mark_name(&self) -> Name {
        active(self.account, &self.region).part(&self.id).name()
    }

    fn name_in(&self, store: &str) -> Name {
        // The newest stand first.
        let age = Timestamp::from_millis(self.created.as_millis().saturating_neg());
        by_store(self.account, &self.region, store).time(age).part(&self.id).name()
    }
}

/// The marks of an account's queries in a region that are queued or running.
#[must_use]
pub(crate) fn all_active(account: AccountId, region: &str) -> NameRange {
    active(account, region).range()
}

/// The marks of a store's queries, the newest first.
#[must_use]
pub(crate) fn all_of_store(account: AccountId, region: &str, store: &str) -> NameRange {
    by_store(account, region, store).range()
}

/// The marks of a store's queries that come after one.
#[must_use]
pub(crate) fn of_store_after(
    account: AccountId,
    region: &str,
    store: &str,
    created: Timestamp,
    id: &str,
) -> NameRange {
    let age = Timestamp::from_millis(created.as_millis().saturating_neg());
    let name = by_store(account, region, store).time(age).part(id).name();
    all_of_store(account, region, store).after(name.as_bytes())
}

fn active(account: AccountId, region: &str) -> NameBuilder {
    Name::table(TABLE_OF_ACTIVE).part(account.as_str()).part(region)
}

fn by_store(account: AccountId, region: &str, store: &str) -> NameBuilder {
    Name::table(TABLE_BY_STORE).part(account.as_str()).part(region).part(store)
}

async fn remove(cx: &mut Cx<'_>, delivery: &Delivery) -> Result<Delivered> {
    let name = Name::from_stored(delivery.payload.clone().into());
    let Some(query) = cx.get::<Query>(&name).await? else { return Ok(Delivered::Done) };
    results::delete(cx, &query)?;
    cx.delete(query.mark_name())?;
    for store in &query.stores {
        cx.delete(query.name_in(store))?;
    }
    cx.delete(name)?;
    Ok(Delivered::Done)
}
