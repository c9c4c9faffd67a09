//! What the keys of a month cost by the public price list: the keys themselves by the hour, and the requests.
//!
//! A customer managed key costs from its making until its deletion is scheduled; if that is cancelled, as though it
//! never was. A replica costs like any key, and each of the first two rotations like another key. AWS managed keys
//! cost nothing but their requests. Hours that have begun count. The owner of a key pays for its requests.
//!
//! The three lists that this goes through (keys, retired keys, use) are in one order, so memory does not grow with
//! their length.
//!
//! Source: <https://aws.amazon.com/kms/pricing/>

use alcazar_base::{AccountId, Month, Region, Timestamp};
use alcazar_engine::cost::{self, Cost, Costs, Cursor, Place};
use alcazar_engine::port::BoxFuture;
use alcazar_engine::usage::MonthlyUse;
use alcazar_engine::{Cloud, Cx, Name, Result};
use minicbor::{Decode, Encode};

use crate::key::{Key, KeyOfAccount, Manager, all_keys_of_accounts, key_arn, key_name};
use crate::price::{KEY_MONTH, PRICED_ROTATIONS_MAX, of_request};

const RETIRED: &str = "kms.retired_key";

/// That a key is not billed any more: since its deletion was scheduled, and for ever once it is deleted.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct Retired {
    #[n(0)]
    created: Timestamp,
    #[n(1)]
    until: Timestamp,
    #[n(2)]
    rotations: Vec<Timestamp>,
}

/// Notes that the deletion of a key was scheduled.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn retire(cx: &mut Cx<'_>, key: &Key) -> Result<()> {
    let retired = Retired { created: key.created, until: cx.now(), rotations: rotations(key) };
    cx.put(retired_name(key), retired)
}

/// Notes that it was cancelled.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn take_back(cx: &mut Cx<'_>, key: &Key) -> Result<()> {
    cx.delete(retired_name(key))
}

fn retired_name(key: &Key) -> Name {
    Name::table(RETIRED).part(key.account.as_str()).part(key.region.as_str()).part(&key.key_id).name()
}

/// When the key was rotated, as far as that costs.
fn rotations(key: &Key) -> Vec<Timestamp> {
    let dates = key.materials.iter().filter_map(|material| Some(material.rotation?.date));
    dates.take(PRICED_ROTATIONS_MAX).collect()
}

/// The costs of a month, ordered by account, region and key.
struct KeyCosts<'a> {
    cloud: &'a Cloud,
    month: Month,
    /// Until when keys are billed that are still there.
    until: Timestamp,
    keys: Cursor<KeyOfAccount>,
    retired: Cursor<Retired>,
    used: Cursor<MonthlyUse>,
}

/// Begins the costs of a month.
pub(crate) fn of_month(cloud: &Cloud, month: Month) -> Box<dyn Costs + '_> {
    Box::new(KeyCosts {
        cloud,
        month,
        until: cloud.now(),
        keys: Cursor::new(all_keys_of_accounts(), |name, _| place_of_key(name)),
        retired: Cursor::new(Name::table(RETIRED).range(), |name, _| place_of_key(name)),
        used: cost::used_in(month),
    })
}

impl Costs for KeyCosts<'_> {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Cost>>> {
        Box::pin(self.next_key())
    }
}

impl KeyCosts<'_> {
    async fn next_key(&mut self) -> Result<Option<Cost>> {
        loop {
            let mut first: Option<Place> = None;
            for next in [
                self.keys.peek(self.cloud).await?,
                self.retired.peek(self.cloud).await?,
                self.used.peek(self.cloud).await?,
            ] {
                if let Some(next) = next.filter(|next| first.as_ref().is_none_or(|first| *next < first)) {
                    first = Some(next.clone());
                }
            }
            let Some(place) = first else { return Ok(None) };
            let key = self.keys.take(&place);
            let (retired, used) = (self.retired.take(&place), self.used.take(&place));
            let hours = match (retired, key) {
                (Some(retired), _) => self.hours(retired.created, &retired.rotations, retired.until),
                (None, Some(key)) => self.hours_of_key(&place, &key.key_id).await?,
                (None, None) => 0,
            };
            let requests = used.map_or_else(Vec::new, |used| cost::of_requests(&used, of_request));
            if hours > 0 || !requests.is_empty() {
                let hours_cost = KEY_MONTH.share(hours, self.month.hours());
                let (account, region, resource) = place;
                return Ok(Some(Cost { account, region, resource, hours, hours_cost, requests }));
            }
        }
    }

    async fn hours_of_key(&self, (_, region, _): &Place, key_id: &str) -> Result<u64> {
        let Ok(region) = region.parse::<Region>() else { return Ok(0) };
        let key = self.cloud.get_record::<Key>(&key_name(&region, key_id)).await?;
        let billed = key.filter(|key| key.manager == Manager::Customer);
        Ok(billed.map_or(0, |key| self.hours(key.created, &rotations(&key), self.until)))
    }

    /// The hours of a key and of its rotations.
    fn hours(&self, created: Timestamp, rotations: &[Timestamp], until: Timestamp) -> u64 {
        let until = until.min(self.until);
        let each = |since: &Timestamp| cost::hours(self.month, (*since).max(created), until);
        std::iter::once(&created).chain(rotations).map(each).fold(0, u64::saturating_add)
    }
}

/// The place of a key whose record is named by account, region and key id.
fn place_of_key(name: &Name) -> Option<Place> {
    let text = std::str::from_utf8(name.as_bytes()).ok()?;
    let mut parts = text.split('\0').skip(1);
    let (account, region, key_id) = (parts.next()?, parts.next()?, parts.next()?);
    let arn = key_arn(&region.parse().ok()?, account.parse::<AccountId>().ok()?, key_id);
    Some((account.to_owned(), region.to_owned(), arn))
}
