//! What is left of a deleted queue: for a while, that it was deleted.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html>

use std::time::Duration;

use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::Name;
use minicbor::{Decode, Encode};

const TABLE: &str = "sqs.deleted_queue";

/// How long nobody can make a queue under the name of a deleted one.
pub(crate) const WAIT: Duration = Duration::from_secs(60);

/// A queue that was deleted. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct DeletedQueue {
    /// When.
    #[n(0)]
    pub(crate) at: Timestamp,
}

/// The name of its record.
#[must_use]
pub(crate) fn record_name(keyring: &Keyring, account: AccountId, region: &Region, name: &str) -> Name {
    Name::table(TABLE).part(account.as_str()).part(region.as_str()).blind(keyring, name).name()
}
