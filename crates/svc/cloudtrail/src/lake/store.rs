//! Event data stores, as they are stored.
//!
//! A store takes events in by periods: from when its settings were made until they were changed or it was stopped. So an
//! event is in it if a period had it taken in when it happened, whatever the settings are now.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store.html>

use std::sync::Arc;
use std::time::Duration;

use alcazar_api_cloudtrail::types::{self, BillingMode, EventDataStoreStatus};
use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{
    Cx, Delivered, Delivery, DeliveryHandler, Name, NameBuilder, NewDelivery, Reads, Result,
};
use alcazar_identity::document::Document;
use alcazar_identity::tag::Tag;
use minicbor::{Decode, Encode};

use crate::error;
use crate::selector::advanced::{AdvancedSelector, FieldSelector};

const TABLE: &str = "cloudtrail.store";

/// The most stores that are read of an account and region.
const STORES_MAX: usize = 10_000;

/// How long a store can be restored after it was deleted.
pub(crate) const RESTORABLE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The most periods of a store, and the most bytes of their selectors.
const PERIODS_MAX: usize = 200;
const SELECTOR_BYTES_MAX: usize = 512 * 1024;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// What a store's ARN has before its id.
pub(crate) const ARN_PREFIX: &str = "eventdatastore/";

const REMOVE: &str = "remove-store";

/// Removes stores for good.
pub(crate) const REMOVAL: DeliveryHandler =
    DeliveryHandler { kind: REMOVE, run: |cx, delivery| Box::pin(remove(cx, delivery)) };

/// An event data store. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Store {
    /// The account that owns it.
    #[n(0)]
    pub(crate) account: AccountId,
    /// The region where it is.
    #[n(1)]
    pub(crate) region: String,
    /// Its id.
    #[n(2)]
    pub(crate) id: String,
    /// Its name; no other store of the account and region has it.
    #[n(3)]
    pub(crate) name: String,
    /// Which events it takes in.
    #[n(4)]
    pub(crate) scope: Scope,
    /// How many days it keeps them.
    #[n(5)]
    pub(crate) retention_days: u32,
    /// Whether it cannot be deleted.
    #[n(6)]
    pub(crate) is_protected: bool,
    /// Its tags.
    #[n(7)]
    pub(crate) tags: Vec<Tag>,
    /// The ARN of the key that it belongs to.
    #[n(8)]
    pub(crate) key_arn: Option<String>,
    /// Whether it is paid for by the fixed retention.
    #[n(9)]
    pub(crate) has_fixed_pricing: bool,
    /// When it was made.
    #[n(10)]
    pub(crate) created: Timestamp,
    /// When it was last changed.
    #[n(11)]
    pub(crate) updated: Timestamp,
    /// When it took in what, in order.
    #[n(12)]
    pub(crate) periods: Vec<Period>,
    /// When it was deleted, if it waits for that.
    #[n(13)]
    pub(crate) deleted: Option<Timestamp>,
    /// Whether it took events in until then.
    #[n(14)]
    pub(crate) was_ingesting: bool,
    /// Who else may use it.
    #[n(15)]
    pub(crate) policy: Option<Document>,
}

/// Which events a store takes in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Scope {
    /// Those that any of these selects,
    #[n(0)]
    pub(crate) selectors: Vec<AdvancedSelector>,
    /// of every region, or of the store's alone,
    #[n(1)]
    pub(crate) is_multi_region: bool,
    /// of the accounts of this organization, or of the store's alone.
    #[n(2)]
    pub(crate) organization_id: Option<String>,
}

/// A time in which a store took events in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Period {
    /// From then on,
    #[n(0)]
    pub(crate) from: Timestamp,
    /// up to then; none if it goes on.
    #[n(1)]
    pub(crate) to: Option<Timestamp>,
    /// Which events.
    #[n(2)]
    pub(crate) scope: Scope,
}

impl Scope {
    fn bytes(&self) -> usize {
        let fields = self.selectors.iter().flat_map(|selector| &selector.fields);
        fields.flat_map(FieldSelector::texts).map(String::len).sum()
    }
}

impl Store {
    /// Its ARN.
    #[must_use]
    pub(crate) fn arn(&self) -> String {
        arn(&self.region, self.account, &self.id)
    }

    /// Its record's name.
    #[must_use]
    pub(crate) fn record_name(account: AccountId, region: &str, id: &str) -> Name {
        in_region(account, region).part(id).name()
    }

    /// The store of an id.
    ///
    /// # Errors
    /// The store of records failed.
    pub(crate) async fn find(
        reads: &mut Reads<'_>,
        account: AccountId,
        region: &str,
        id: &str,
    ) -> Result<Option<Arc<Self>>> {
        reads.get(&Self::record_name(account, region, id)).await
    }

    /// All stores of an account in a region.
    ///
    /// # Errors
    /// The store of records failed.
    pub(crate) async fn all_in(
        reads: &mut Reads<'_>,
        account: AccountId,
        region: &Region,
    ) -> Result<Vec<Arc<Self>>> {
        let range = in_region(account, region.as_str()).range();
        let found = reads.scan::<Self>(&range, STORES_MAX).await?;
        Ok(found.into_iter().map(|(_, store)| store).collect())
    }

    /// Writes it.
    ///
    /// # Errors
    /// The record cannot be sealed.
    pub(crate) fn put(self, cx: &mut Cx<'_>) -> Result<()> {
        cx.put(Self::record_name(self.account, &self.region, &self.id), self)
    }

    /// Its status.
    #[must_use]
    pub(crate) fn status(&self) -> EventDataStoreStatus {
        match self.deleted {
            Some(_) => EventDataStoreStatus::PendingDeletion,
            None if self.is_ingesting() => EventDataStoreStatus::Enabled,
            None => EventDataStoreStatus::StoppedIngestion,
        }
    }

    /// Whether it takes events in.
    #[must_use]
    pub(crate) fn is_ingesting(&self) -> bool {
        self.periods.last().is_some_and(|period| period.to.is_none())
    }

    /// Has it take events in from now on, as its settings say.
    ///
    /// # Errors
    /// Its settings were changed too often.
    pub(crate) fn begin_period(&mut self, now: Timestamp) -> Result<()> {
        self.end_period(now);
        let oldest = self.oldest(now);
        self.periods.retain(|period| period.to.is_none_or(|to| to >= oldest));
        self.periods.push(Period { from: now, to: None, scope: self.scope.clone() });
        let bytes: usize = self.periods.iter().map(|period| period.scope.bytes()).sum();
        if self.periods.len() > PERIODS_MAX || bytes > SELECTOR_BYTES_MAX {
            return Err(error::lake::changed_too_often().into());
        }
        Ok(())
    }

    /// Has it take no events in from now on.
    pub(crate) fn end_period(&mut self, now: Timestamp) {
        if let Some(last) = self.periods.last_mut() {
            last.to.get_or_insert(now);
        }
    }

    /// The time of the oldest events that it still has.
    #[must_use]
    pub(crate) fn oldest(&self, now: Timestamp) -> Timestamp {
        let kept = i64::from(self.retention_days).saturating_mul(DAY_MILLIS);
        Timestamp::from_millis(now.as_millis().saturating_sub(kept))
    }

    /// Has it removed when it cannot be restored any more, after it was deleted now.
    ///
    /// # Errors
    /// The record cannot be sealed.
    pub(crate) fn remove_later(&self, cx: &mut Cx<'_>) -> Result<()> {
        let payload = Self::record_name(self.account, &self.region, &self.id).as_bytes().to_vec();
        let at = cx.now() + RESTORABLE;
        cx.deliver(&NewDelivery {
            service: "cloudtrail",
            kind: REMOVE,
            lane: REMOVE,
            in_order: false,
            at,
            payload,
        })
    }

    /// How it is paid for.
    #[must_use]
    pub(crate) fn billing_mode(&self) -> BillingMode {
        if self.has_fixed_pricing {
            BillingMode::FixedRetentionPricing
        } else {
            BillingMode::ExtendableRetentionPricing
        }
    }

    /// Its selectors, as answers have them.
    #[must_use]
    pub(crate) fn selectors_shown(&self) -> Vec<types::AdvancedEventSelector> {
        self.scope.selectors.iter().map(AdvancedSelector::shown).collect()
    }

    /// Its retention, as answers have it.
    #[must_use]
    pub(crate) fn retention_shown(&self) -> Option<i32> {
        i32::try_from(self.retention_days).ok()
    }
}

/// The ARN of a store.
#[must_use]
pub(crate) fn arn(region: &str, account: AccountId, id: &str) -> String {
    let partition = region.parse::<Region>().map_or("aws", |region| region.partition().as_str());
    format!("arn:{partition}:cloudtrail:{region}:{account}:{ARN_PREFIX}{id}")
}

/// All stores.
#[must_use]
pub(crate) fn all() -> NameRange {
    Name::table(TABLE).range()
}

fn in_region(account: AccountId, region: &str) -> NameBuilder {
    Name::table(TABLE).part(account.as_str()).part(region)
}

async fn remove(cx: &mut Cx<'_>, delivery: &Delivery) -> Result<Delivered> {
    let name = Name::from_stored(delivery.payload.clone().into());
    let store = cx.get::<Store>(&name).await?;
    // One that was restored stays, and one that was deleted again since has its own time.
    if store.and_then(|store| store.deleted).is_some_and(|deleted| cx.now() >= deleted + RESTORABLE) {
        cx.delete(name)?;
    }
    Ok(Delivered::Done)
}
