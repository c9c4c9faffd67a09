//! The trail that a request names, as far as the caller sees it.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html>

use std::sync::Arc;

use alcazar_base::{AccountId, Region};
use alcazar_engine::{CallInfo, Check, Reads, Result};

use super::Trail;
use super::name::{self, TrailName};
use super::organization::Place;
use crate::{access, error};

/// What a request names.
#[derive(Debug, Clone)]
pub struct Sought {
    name: TrailName,
    /// The ARN that it stands for.
    arn: String,
    caller: AccountId,
    region: Region,
    found: Option<Arc<Trail>>,
    place: Place,
}

impl Sought {
    /// Finds the trail of a name or ARN.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, text: &str) -> Result<Self> {
        let (caller, region) = (reads.account(), reads.region().clone());
        let place = Place::find(reads).await?;
        let name = TrailName::read(text);
        let found = match &name {
            TrailName::Name(name) => match Trail::find(reads, caller, region.as_str(), name).await? {
                Some(found) => Some(found),
                None => seen(reads, &place).await?.into_iter().find(|trail| trail.name == *name),
            },
            TrailName::Arn { region, account, name } if *account == caller => {
                Trail::find(reads, *account, region, name).await?
            }
            TrailName::Arn { region, account, name } if place.management_account() == Some(*account) => {
                Trail::find(reads, *account, region, name)
                    .await?
                    .filter(|trail| trail.organization_id.is_some())
            }
            TrailName::Arn { .. } | TrailName::NoArn(_) => None,
        };
        let arn = match (&found, &name) {
            (Some(found), _) => found.arn(),
            (None, TrailName::Name(name)) => name::arn(region.as_str(), caller, name),
            (None, TrailName::Arn { .. } | TrailName::NoArn(_)) => text.to_owned(),
        };
        Ok(Self { name, arn, caller, region, found, place })
    }

    /// The question whether the caller may do `action` with it.
    #[must_use]
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        let tags = self.found.as_ref().map(|trail| trail.tags.as_slice()).unwrap_or_default();
        access::check(call, action, self.arn.clone(), access::kind::TRAIL, tags)
    }

    /// The ARN that it stands for.
    #[must_use]
    pub(crate) fn arn(&self) -> &str {
        &self.arn
    }

    /// The caller's account within its organization.
    #[must_use]
    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// Passes if a trail can be called so.
    ///
    /// # Errors
    /// It cannot.
    pub(crate) fn check_name(&self) -> Result<()> {
        Ok(self.name.check()?)
    }

    /// The trail, for whoever reads it.
    ///
    /// # Errors
    /// There is none that the caller sees in this region.
    pub(crate) fn seen(&self) -> Result<&Arc<Trail>> {
        self.name.check()?;
        let found = self.found.as_ref().filter(|trail| trail.is_in(&self.region));
        Ok(found.ok_or_else(|| error::trail_not_found(&self.arn, self.caller))?)
    }

    /// The trail, for whoever changes it.
    ///
    /// # Errors
    /// There is none, its home is another region, or it is the organization's and the caller's account does not manage
    /// that.
    pub(crate) fn own(&self) -> Result<&Arc<Trail>> {
        self.name.check()?;
        let found = self.found.as_ref().ok_or_else(|| error::trail_not_found(&self.arn, self.caller))?;
        if found.home_region != self.region.as_str() {
            return Err(error::home_region(&found.home_region).into());
        }
        if found.account != self.caller && !self.place.manages() {
            return Err(error::organization::not_management_account().into());
        }
        Ok(found)
    }

    /// As [`Self::own`], for what every answer is empty of.
    ///
    /// # Errors
    /// As [`Self::own`].
    pub(crate) fn changed(&self) -> Result<Trail> {
        Ok(self.own()?.as_ref().clone())
    }
}

/// The trails that the caller sees in the region of the call: its account's, and its organization's.
///
/// # Errors
/// The store failed.
pub(crate) async fn seen(reads: &mut Reads<'_>, place: &Place) -> Result<Vec<Arc<Trail>>> {
    let region = reads.region().clone();
    let mut trails = everywhere(reads, place).await?;
    trails.retain(|trail| trail.is_in(&region));
    Ok(trails)
}

/// The same in every region.
///
/// # Errors
/// The store failed.
pub(crate) async fn everywhere(reads: &mut Reads<'_>, place: &Place) -> Result<Vec<Arc<Trail>>> {
    let account = reads.account();
    let mut trails = Trail::all_of(reads, account).await?;
    if let Some(management) = place.management_account() {
        let all = Trail::all_of(reads, management).await?;
        trails.extend(all.into_iter().filter(|trail| trail.organization_id.is_some()));
    }
    Ok(trails)
}
