//! The languages a second time, slow and simple, from the documentation alone. Where they and the crate disagree, one of
//! them is wrong.

pub(crate) mod pattern;
pub(crate) mod schedule;
mod value;
