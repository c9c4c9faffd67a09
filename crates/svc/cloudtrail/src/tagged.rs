//! What has tags: trails and event data stores, which requests name by ARN.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AddTags.html>

use alcazar_engine::{CallInfo, Check, Cx, Reads, Result};
use alcazar_identity::tag::Tag;

use crate::error;
use crate::lake::sought::SoughtStore;
use crate::trail::sought::Sought;

/// What a request names by its ARN.
#[derive(Debug, Clone)]
pub enum Tagged {
    /// A trail, or nothing that is there.
    Trail(String, Sought),
    /// An event data store, or nothing that is there.
    Store(String, SoughtStore),
}

impl Tagged {
    /// What has this ARN.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, arn: &str) -> Result<Self> {
        if arn.contains(":eventdatastore/") {
            return Ok(Self::Store(arn.to_owned(), SoughtStore::find(reads, arn).await?));
        }
        Ok(Self::Trail(arn.to_owned(), Sought::find(reads, arn).await?))
    }

    /// The question whether the caller may do `action` with it.
    #[must_use]
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        match self {
            Self::Trail(_, sought) => sought.check(call, action),
            Self::Store(_, sought) => sought.check(call, action),
        }
    }

    /// Its tags.
    ///
    /// # Errors
    /// There is nothing of this ARN.
    pub(crate) fn tags(&self) -> Result<Vec<Tag>> {
        match self {
            Self::Trail(arn, sought) => {
                check_arn(arn)?;
                let trail = sought.seen().map_err(|_| error::tag::resource_not_found(arn))?;
                Ok(trail.tags.clone())
            }
            Self::Store(arn, sought) => {
                check_arn(arn)?;
                let store = sought.there().map_err(|_| error::tag::resource_not_found(arn))?;
                Ok(store.tags.clone())
            }
        }
    }

    /// Gives it other tags.
    ///
    /// # Errors
    /// As [`Self::tags`]; or the trail is not the caller's to change; or the record cannot be sealed.
    pub(crate) fn put_tags(&self, cx: &mut Cx<'_>, tags: Vec<Tag>) -> Result<()> {
        match self {
            Self::Trail(_, sought) => {
                let mut trail = sought.changed()?;
                trail.tags = tags;
                trail.put(cx)
            }
            Self::Store(_, sought) => {
                let mut store = sought.active()?.as_ref().clone();
                store.tags = tags;
                store.put(cx)
            }
        }
    }
}

/// Passes if it is the ARN of something that has tags.
fn check_arn(text: &str) -> Result<()> {
    let arn: alcazar_base::Arn = text.parse().map_err(|_| error::tag::resource_arn(text))?;
    if arn.service != "cloudtrail" || arn.region.is_empty() || arn.account.is_empty() {
        return Err(error::tag::resource_arn(text).into());
    }
    match arn.resource.split_once('/') {
        Some(("trail" | "eventdatastore" | "channel" | "dashboard", name)) if !name.is_empty() => Ok(()),
        Some(_) => Err(error::tag::resource_type(text).into()),
        None => Err(error::tag::resource_arn(text).into()),
    }
}
