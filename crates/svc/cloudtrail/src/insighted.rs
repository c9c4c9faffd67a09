//! What may look for insights in its events: a trail or an event data store, whichever a request names.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutInsightSelectors.html>

use alcazar_engine::{CallInfo, Check, Reads, Result};

use crate::trail::sought::Sought;
use crate::{access, error};

/// What a request names.
#[derive(Debug, Clone)]
pub struct Insighted {
    trail: Option<Sought>,
    store: Option<String>,
}

impl Insighted {
    /// Finds it.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(
        reads: &mut Reads<'_>,
        trail: Option<&str>,
        store: Option<&str>,
    ) -> Result<Self> {
        let trail = match trail {
            Some(trail) => Some(Sought::find(reads, trail).await?),
            None => None,
        };
        Ok(Self { trail, store: store.map(str::to_owned) })
    }

    /// The question whether the caller may do `action` with it.
    #[must_use]
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        match (&self.trail, &self.store) {
            (Some(trail), _) => trail.check(call, action),
            (None, Some(store)) => access::check(call, action, store.clone(), access::kind::NONE, &[]),
            (None, None) => access::check(call, action, "*".to_owned(), access::kind::NONE, &[]),
        }
    }

    /// The trail that is named.
    ///
    /// # Errors
    /// None is, or an event data store beside it; or an event data store alone, in whose events nothing is looked for
    /// here.
    pub(crate) fn trail(&self) -> Result<&Sought> {
        match (&self.trail, &self.store) {
            (Some(trail), None) => Ok(trail),
            (Some(_), Some(_)) => {
                Err(error::combination("You can specify either TrailName or EventDataStore, but not both.")
                    .into())
            }
            (None, Some(_)) => Err(error::insights_of_store().into()),
            (None, None) => Err(error::combination("You must specify TrailName or EventDataStore.").into()),
        }
    }
}
