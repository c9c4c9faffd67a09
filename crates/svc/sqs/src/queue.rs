//! The record of a queue, its names, and finding it.
//!
//! What always holds: a queue has a unique id, and another one for what is in it. Messages are named by the latter, which
//! is drawn anew when the queue is purged; so a queue that was purged, or made again under the name of a deleted one, is
//! empty from that moment on.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-types.html>

use std::sync::Arc;

use alcazar_base::{AccountId, Arn, Region, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_crypto::entropy::random;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Name, Reads, Result};
use alcazar_identity::document::Document;
use alcazar_identity::tag::Tag;
use minicbor::{Decode, Encode};

use crate::attribute::Settings;

const TABLE: &str = "sqs.queue";

/// A queue. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Queue {
    /// The owner.
    #[n(0)]
    pub(crate) account: AccountId,
    /// Where it is.
    #[n(1)]
    pub(crate) region: Region,
    /// Its name; that of a FIFO queue ends with `.fifo`.
    #[n(2)]
    pub(crate) name: String,
    /// Tells it from every other queue, those of the same name too.
    #[n(3)]
    pub(crate) queue_id: String,
    /// Tells what is in it from all that was in it before it was last purged: messages are named by this.
    #[n(4)]
    pub(crate) contents_id: String,
    /// When it was made.
    #[n(5)]
    pub(crate) created: Timestamp,
    /// When its attributes were last set.
    #[n(6)]
    pub(crate) modified: Timestamp,
    /// What was set of its attributes, the policy apart.
    #[n(7)]
    pub(crate) settings: Settings,
    /// Its policy, if it has one.
    #[n(8)]
    pub(crate) policy: Option<Document>,
    /// Its tags, sorted by their keys.
    #[n(9)]
    pub(crate) tags: Vec<Tag>,
    /// When it was last purged.
    #[n(10)]
    pub(crate) purged: Option<Timestamp>,
}

impl Queue {
    /// Its ARN.
    #[must_use]
    pub(crate) fn arn(&self) -> String {
        arn(&self.region, self.account, &self.name)
    }

    /// Whether it is a FIFO queue.
    #[must_use]
    pub(crate) fn is_fifo(&self) -> bool {
        self.settings.fifo.is_some()
    }

    /// The name of its record.
    #[must_use]
    pub(crate) fn record_name(&self, keyring: &Keyring) -> Name {
        record_name(keyring, self.account, &self.region, &self.name)
    }
}

/// The ARN of a queue.
#[must_use]
pub(crate) fn arn(region: &Region, account: AccountId, name: &str) -> String {
    format!("arn:{}:sqs:{region}:{account}:{name}", region.partition().as_str())
}

/// The owner, region and name that the ARN of a queue says.
#[must_use]
pub(crate) fn parse_arn(text: &str) -> Option<(AccountId, Region, String)> {
    let arn: Arn = text.parse().ok()?;
    let region: Region = arn.region.parse().ok()?;
    let is_queue = arn.service == "sqs" && arn.partition == region.partition().as_str();
    Some((arn.account.parse().ok()?, region, arn.resource)).filter(|_| is_queue)
}

/// The name of a queue's record.
#[must_use]
pub(crate) fn record_name(keyring: &Keyring, account: AccountId, region: &Region, name: &str) -> Name {
    Name::table(TABLE).part(account.as_str()).part(region.as_str()).blind(keyring, name).name()
}

/// All queues of an account in a region.
#[must_use]
pub(crate) fn all(account: AccountId, region: &Region) -> NameRange {
    Name::table(TABLE).part(account.as_str()).part(region.as_str()).range()
}

/// The queue of a name.
///
/// # Errors
/// The store failed.
pub(crate) async fn find(
    reads: &mut Reads<'_>,
    account: AccountId,
    region: &Region,
    name: &str,
) -> Result<Option<Arc<Queue>>> {
    let record = record_name(&reads.keyring(), account, region, name);
    reads.get(&record).await
}

/// The queue of an ARN.
///
/// # Errors
/// The store failed.
pub(crate) async fn find_by_arn(reads: &mut Reads<'_>, arn: &str) -> Result<Option<Arc<Queue>>> {
    let Some((account, region, name)) = parse_arn(arn) else { return Ok(None) };
    find(reads, account, &region, &name).await
}

/// A unique id, for a queue or for what is in one.
///
/// # Errors
/// Randomness failed.
pub(crate) fn new_id(reads: &Reads<'_>) -> Result<String> {
    Ok(uuid::Builder::from_random_bytes(random(reads.entropy())?).into_uuid().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arn_of_a_queue_is_read_back() {
        let (region, account): (Region, AccountId) =
            ("cn-north-1".parse().unwrap(), "111122223333".parse().unwrap());
        let text = arn(&region, account, "jobs.fifo");
        assert_eq!(text, "arn:aws-cn:sqs:cn-north-1:111122223333:jobs.fifo");
        assert_eq!(parse_arn(&text), Some((account, region, "jobs.fifo".to_owned())));
        for other in [
            "arn:aws:sqs:cn-north-1:111122223333:jobs",
            "arn:aws:sns:eu-west-1:111122223333:jobs",
            "arn:aws:sqs:eu-west-1:1:jobs",
            "arn:aws:sqs::111122223333:jobs",
            "jobs",
        ] {
            assert_eq!(parse_arn(other), None, "{other}");
        }
    }
}
