//! Receipt handles: what a receiver deletes a message with, or changes its visibility.
//!
//! A handle says which message was received, and the how manieth time; it ends with a keyed hash over that, so only one
//! that was given out is taken. The same receive has the same handle, however often it is told.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html>

use alcazar_base::Timestamp;
use alcazar_engine::{Error, Reads, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minicbor::{Decode, Encode};

use crate::error::message as error;
use crate::message::Sequence;
use crate::queue::Queue;

/// The length of the keyed hash, in bytes.
const HASH_BYTES: usize = 16;

/// The longest handle that is looked at, in characters.
const LENGTH_MAX: usize = 1024;

/// What a handle says. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Receipt {
    /// The queue.
    #[n(0)]
    pub(crate) queue_id: String,
    /// Its contents.
    #[n(1)]
    pub(crate) contents_id: String,
    /// Which of its messages.
    #[n(2)]
    pub(crate) of: Of,
    /// How often it had been received from the queue.
    #[n(3)]
    pub(crate) receives: u32,
}

/// Which message.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Of {
    /// One of a standard queue.
    #[n(0)]
    Standard {
        /// Its slot.
        #[n(0)]
        slot: String,
        /// Where it was put when it was received.
        #[n(1)]
        at: Timestamp,
    },
    /// One of a FIFO queue.
    #[n(1)]
    Fifo {
        /// Its group's key.
        #[n(0)]
        group: String,
        /// Its number.
        #[n(1)]
        sequence: Sequence,
    },
}

impl Receipt {
    /// The handle.
    ///
    /// # Errors
    /// Never; an invariant of the encoder.
    pub(crate) fn handle(&self, reads: &Reads<'_>) -> Result<String> {
        let mut bytes = minicbor::to_vec(self).map_err(|error| Error::invariant(error.to_string()))?;
        let hash = reads.keyring().blind(b"sqs.receipt", &bytes);
        bytes.extend_from_slice(&hash);
        Ok(STANDARD.encode(bytes))
    }

    /// Reads the handle that a request brings for a message of `queue`.
    ///
    /// # Errors
    /// It is none that was given out for a message of this queue.
    pub(crate) fn read(reads: &Reads<'_>, queue: &Queue, handle: &str) -> Result<Self> {
        let read = || {
            let bytes = STANDARD.decode(Some(handle).filter(|handle| handle.len() <= LENGTH_MAX)?).ok()?;
            let (said, hash) = bytes.split_at_checked(bytes.len().checked_sub(HASH_BYTES)?)?;
            let is_ours = reads.keyring().blind(b"sqs.receipt", said) == *hash;
            minicbor::decode::<Self>(said)
                .ok()
                .filter(|receipt| is_ours && receipt.queue_id == queue.queue_id)
        };
        Ok(read().ok_or_else(|| error::receipt_handle(handle))?)
    }
}
