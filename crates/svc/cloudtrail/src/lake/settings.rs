//! What requests set of event data stores, and what is checked before it is set.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html>

use std::collections::BTreeSet;

use alcazar_api_cloudtrail::types::{AdvancedEventSelector, BillingMode};
use alcazar_engine::{Cx, Result};

use super::store::{Scope, Store};
use crate::error;
use crate::quota;
use crate::selector::advanced::{self, AdvancedSelector, Holder};
use crate::trail::organization::{self, Place};

/// The fewest days that a store keeps events.
const RETENTION_MIN: u32 = 7;

/// The most days that a store keeps events, by how it is paid for.
const RETENTION_MAX_EXTENDABLE: u32 = 3653;
const RETENTION_MAX_FIXED: u32 = 2557;

/// How many days a store keeps events unless a request says otherwise.
const RETENTION_EXTENDABLE: u32 = 366;

/// The categories of events that come in by themselves, and those of which one store may have several.
const INGESTED: [&str; 4] = ["Management", "Data", "NetworkActivity", "ConfigurationItem"];
const TOGETHER: [&str; 3] = ["Management", "Data", "NetworkActivity"];

/// The selectors of a request; those of a new store if it gives none.
///
/// # Errors
/// They are none that a store may have.
pub(crate) fn selectors(given: Option<&[AdvancedEventSelector]>) -> Result<Vec<AdvancedSelector>> {
    let Some(given) = given else {
        return Ok(vec![AdvancedSelector::management_events("Default management events")]);
    };
    let read = advanced::read(given, Holder::EventDataStore)?;
    let categories: BTreeSet<&str> = read.iter().filter_map(AdvancedSelector::category).collect();
    if categories.len() > 1 && !categories.iter().all(|category| TOGETHER.contains(category)) {
        return Err(error::lake::categories().into());
    }
    Ok(read)
}

/// Whether what a store takes in comes by itself.
#[must_use]
pub(crate) fn is_ingested(scope: &Scope) -> bool {
    scope.selectors.iter().filter_map(AdvancedSelector::category).all(|category| INGESTED.contains(&category))
}

/// How long a store keeps events.
///
/// # Errors
/// So long it cannot.
pub(crate) fn retention(days: Option<i32>, mode: BillingMode) -> Result<u32> {
    let (default, most) = match mode {
        BillingMode::ExtendableRetentionPricing => (RETENTION_EXTENDABLE, RETENTION_MAX_EXTENDABLE),
        BillingMode::FixedRetentionPricing => (RETENTION_MAX_FIXED, RETENTION_MAX_FIXED),
    };
    let days = days.map_or(Some(default), |days| u32::try_from(days).ok());
    let days = days.filter(|days| (RETENTION_MIN..=most).contains(days));
    Ok(days.ok_or_else(|| error::lake::retention(most))?)
}

/// The id of the organization whose events a store is to take in.
///
/// # Errors
/// The caller's account does not manage one, or may not have CloudTrail work in it.
pub(crate) async fn organization_id(cx: &mut Cx<'_>, place: &Place) -> Result<String> {
    let organization = place.managed()?;
    if place.management_account().is_some() {
        return Err(error::organization::not_management_account().into());
    }
    let id = organization.id.clone();
    organization::use_service_linked_role(cx).await?;
    Ok(id)
}

/// Passes if a store may be called so.
///
/// # Errors
/// Another one is.
pub(crate) async fn check_name(cx: &mut Cx<'_>, store: &Store) -> Result<()> {
    let region = cx.region().clone();
    let others = Store::all_in(cx, store.account, &region).await?;
    let is_taken = others.iter().any(|other| other.id != store.id && other.name == store.name);
    if is_taken { Err(error::lake::exists().into()) } else { Ok(()) }
}

/// Passes if there may be one more store.
///
/// # Errors
/// There are as many as may be.
pub(crate) async fn check_room(cx: &mut Cx<'_>, store: &Store) -> Result<()> {
    let Some(most) = cx.quota(&quota::EVENT_DATA_STORES) else { return Ok(()) };
    let region = cx.region().clone();
    let count = Store::all_in(cx, store.account, &region).await?.len();
    if count as u64 >= most { Err(error::lake::too_many().into()) } else { Ok(()) }
}
