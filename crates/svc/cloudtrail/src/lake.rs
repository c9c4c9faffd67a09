//! CloudTrail Lake: event data stores, and queries over them.
//!
//! An event data store is a view of the audit log, not a copy: its record says which events it has taken in, and a query
//! reads them from the log. As long as a store keeps events, so does the log.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-lake.html>

pub(crate) mod asked;
pub(crate) mod column;
mod expression;
mod function;
pub(crate) mod id;
pub(crate) mod kept;
pub(crate) mod key;
mod members;
pub(crate) mod policy;
pub(crate) mod query;
pub(crate) mod results;
pub(crate) mod run;
pub(crate) mod running;
pub(crate) mod settings;
pub(crate) mod sought;
pub(crate) mod statement;
pub(crate) mod store;
mod view;
