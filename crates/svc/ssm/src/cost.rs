//! What the parameters of a month cost by the public price list: advanced ones by the hour, and interactions.
//!
//! Parameters are told together, by account and region: their names are not for the operator. The owner pays for the
//! hours, and whoever calls for the interactions.
//!
//! Source: <https://aws.amazon.com/systems-manager/pricing/#Parameter_Store>

use alcazar_base::{Month, Timestamp};
use alcazar_engine::cost::{self, Cost, Costs, Cursor, Place};
use alcazar_engine::port::BoxFuture;
use alcazar_engine::usage::MonthlyUse;
use alcazar_engine::{Cloud, Result};

use crate::billing::{self, Billed};
use crate::price::{ADVANCED_MONTH, of_interaction};

struct ParameterCosts<'a> {
    cloud: &'a Cloud,
    month: Month,
    now: Timestamp,
    billed: Cursor<Billed>,
    used: Cursor<MonthlyUse>,
}

/// Begins the costs of a month.
pub(crate) fn of_month(cloud: &Cloud, month: Month) -> Box<dyn Costs + '_> {
    Box::new(ParameterCosts {
        cloud,
        month,
        now: cloud.now(),
        billed: Cursor::new(billing::all(), |name, _| {
            let (account, region) = billing::place(name)?;
            Some((account, region, String::new()))
        }),
        // What was used of resources is not Parameter Store's.
        used: cost::used_in(month),
    })
}

impl Costs for ParameterCosts<'_> {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Cost>>> {
        Box::pin(self.next_region())
    }
}

impl ParameterCosts<'_> {
    async fn next_region(&mut self) -> Result<Option<Cost>> {
        loop {
            let billed = self.billed.peek(self.cloud).await?.cloned();
            let used = self.used.peek(self.cloud).await?.cloned();
            let Some(place) = billed.into_iter().chain(used).min() else { return Ok(None) };
            let hours = self.hours(&place).await?;
            let used = self.used.take(&place);
            let requests = used.map_or_else(Vec::new, |used| cost::of_requests(&used, of_interaction));
            if hours > 0 || !requests.is_empty() {
                let hours_cost = ADVANCED_MONTH.share(hours, self.month.hours());
                let (account, region, resource) = place;
                return Ok(Some(Cost { account, region, resource, hours, hours_cost, requests }));
            }
        }
    }

    /// The hours of all advanced parameters of a place.
    async fn hours(&mut self, place: &Place) -> Result<u64> {
        let mut hours: u64 = 0;
        while self.billed.peek(self.cloud).await? == Some(place) {
            let Some(billed) = self.billed.take(place) else { break };
            let until = billed.until.unwrap_or(self.now).min(self.now);
            hours = hours.saturating_add(cost::hours(self.month, billed.since, until));
        }
        Ok(hours)
    }
}
