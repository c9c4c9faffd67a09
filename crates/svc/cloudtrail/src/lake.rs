//! Queries over event data stores.

pub(crate) mod column;
mod expression;
mod function;
pub(crate) mod run;
pub(crate) mod statement;
