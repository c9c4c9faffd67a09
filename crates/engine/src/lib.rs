//! The engine: one way for every operation of every service.
//!
//! It names no service and knows no wire form. A service is a list of [operations](operation::Operation);
//! [`Cloud::invoke`] takes each call through authentication's result, resolve, decide, run, audit and commit.

mod administrator;
pub mod audit;
mod audit_queue;
pub mod authenticate;
mod authorization_message;
mod bound;
mod cache;
pub mod caller;
mod checks;
pub mod cloud;
pub mod context;
mod count;
pub mod credentials;
mod decide;
mod deliver;
pub mod delivery;
mod derived;
mod destruction;
pub mod document;
mod due;
pub mod error;
pub mod event;
pub mod fetched;
pub mod follow;
pub mod forwarded;
pub mod global_keys;
pub mod invoke;
pub mod issue;
mod lanes;
mod lock;
pub mod name;
mod nested;
pub mod operation;
pub mod port;
pub mod quota;
mod rate;
pub mod record;
mod records;
pub mod retention;
pub mod schedule;
pub mod session;
mod signing_keys;
mod standing;
mod state;
mod transaction;
pub mod usage;
mod wait;

pub use alcazar_wire::redact::{EventDates, Exception};
pub use bound::BoundPrincipals;
pub use caller::{CallInfo, Caller, Origin, Tls, WebIdentity};
pub use cloud::{Cloud, Parts};
pub use context::{Cx, Reads};
pub use count::Full;
pub use deliver::Due;
pub use delivery::{Delivered, Delivery, DeliveryHandler, NewDelivery};
pub use due::Round;
pub use error::{Error, InternalError, Result};
pub use event::ServiceEvent;
pub use follow::Follower;
pub use forwarded::Forwarded;
pub use invoke::Call;
pub use name::{Name, NameBuilder};
pub use nested::Source;
pub use operation::{
    Access, Allowed, Check, Entry, Granted, Input, Operation, Output, Rule, Service, Signing,
};
pub use quota::{Limit, Quota, QuotaKind, QuotaSettings, Rate};
pub use rate::Charge;
pub use record::Record;
pub use records::Records;
pub use session::{Session, SessionKind};
pub use standing::{AccountStanding, Identities, Membership, Standing};
pub use state::States;
