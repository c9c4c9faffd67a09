//! How long the audit log is kept: as long as events can be looked up, or longer where a service needs them.

use std::time::Duration;

use alcazar_base::Timestamp;

use crate::cloud::Cloud;
use crate::error::Result;
use crate::port::BoxFuture;
use crate::records::Records;
use crate::transaction::Pending;

/// How long every event is kept at least. CloudTrail's event history goes back so far.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html>
pub const EVENT_HISTORY: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// Says how long a service needs events that are in the log already, by its records; zero if it needs none.
pub type AuditRetention = for<'a> fn(&'a mut Records<'_>) -> BoxFuture<'a, Result<Duration>>;

impl Cloud {
    /// Drops what nobody needs any more of the audit log: what is older than every service wants, and was counted and
    /// followed. Some of it may stay for a while.
    ///
    /// # Errors
    /// The store or the audit log failed.
    pub async fn drop_old_events(&self) -> Result<()> {
        // What was used counts for ever, so no event goes before it is counted.
        self.write_usage().await?;
        let counted = self.usage_written_up_to().await?;
        let followed = self.followed_up_to().await?;
        let sequence = followed.map_or(counted, |followed| followed.min(counted));
        let retention = self.audit_retention().await?;
        let kept = i64::try_from(retention.as_millis()).unwrap_or(i64::MAX);
        let time = Timestamp::from_millis(self.now().as_millis().saturating_sub(kept));
        self.with_log(move |log| log.drop_before(time, sequence)).await?;
        Ok(())
    }

    /// How long events are kept.
    async fn audit_retention(&self) -> Result<Duration> {
        let mut pending = Pending::begin(self);
        let mut longest = EVENT_HISTORY;
        for retention in self.services().filter_map(|service| service.audit_retention) {
            longest = longest.max(retention(&mut Records::new(self, &mut pending)).await?);
        }
        Ok(longest)
    }
}
