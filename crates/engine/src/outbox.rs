//! What must happen after a commit: an event to deliver, a function to call, a replica to update.
//!
//! A message is a record written in the same transaction as its cause, so it exists exactly if the cause was
//! committed. It is delivered at least once, in the order of the causes' times and, within one transaction, in
//! the order of writing; it is deleted when its receiver has taken it.

use alcazar_base::Timestamp;
use minicbor::{Decode, Encode};

use crate::error::Result;
use crate::name::Name;
use crate::port::BoxFuture;
use crate::port::store::NameRange;

const TABLE: &str = "outbox";

/// A message that waits for its receiver.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Message {
    /// When its cause happened.
    #[n(0)]
    pub at: Timestamp,
    /// A unique id, by which a receiver knows a message that it had before.
    #[n(1)]
    pub id: String,
    /// What it is about; the receiver is chosen by it.
    #[n(2)]
    pub topic: String,
    /// The content.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub payload: Vec<u8>,
}

impl Message {
    pub(crate) fn new(at: Timestamp, id: String, topic: &str, payload: Vec<u8>) -> Self {
        Self { at, id, topic: topic.to_owned(), payload }
    }
}

/// Takes the messages of one topic.
pub trait Receiver: Send + Sync + 'static {
    /// The topic.
    fn topic(&self) -> &'static str;

    /// Takes a message. One that was not taken is offered again.
    fn receive<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<()>>;
}

/// The name of the message that was written after `position` others in its transaction.
pub(crate) fn message_name(message: &Message, position: usize) -> Name {
    Name::table(TABLE).time(message.at).part(&format!("{position:08x}")).part(&message.id).name()
}

pub(crate) fn all_messages() -> NameRange {
    Name::table(TABLE).range()
}
