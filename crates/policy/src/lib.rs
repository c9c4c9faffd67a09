//! The IAM policy language: parse, validate, evaluate. Pure: no I/O, no clock, no randomness.
//!
//! Three steps, each of them a total function:
//!
//! 1. [`PolicyDocument::parse`] turns a text into a document, or says where and why it is not one. What has been
//!    parsed is valid: operators know their operands' types, and variables are recognised.
//! 2. [`CompiledPolicy::compile`] prepares a document once for many requests. It cannot fail.
//! 3. [`CompiledPolicy::evaluate`] answers for one document, and [`decide`] for all documents that apply to a
//!    request, in the order that AWS documents. Neither can fail; what a policy leaves open is not allowed.
//!
//! Two rules hold throughout. An explicit deny wins over everything. And a comparison that cannot be made (a variable
//! without a value, a value of another type) matches nothing, not even by negation where that would let a request
//! through: a negated comparison of that kind holds in a Deny and does not hold in an Allow.

mod arn;
mod compile;
mod condition;
mod context;
mod decide;
mod denial;
mod document;
mod evaluate;
mod json;
mod parse;
mod place;
#[cfg(test)]
mod properties;
mod request;
mod variable;
mod wildcard;

pub use compile::CompiledPolicy;
pub use condition::{AddressRange, Comparison, Condition, Number, Quantifier, Test, TextComparison};
pub use context::{Context, Value};
pub use decide::{Decision, DecisionRequest, ResourceRule, decide};
pub use denial::{Denial, DenialReason, PolicyType};
pub use document::{
    Actions, Effect, PolicyDocument, PolicyKind, PrincipalId, Principals, Resources, Statement, Version,
};
pub use evaluate::{Grant, MatchedStatement, Outcome};
pub use parse::{POLICY_BYTES_MAX, ParseError, ParseReason};
pub use request::{Principal, PrincipalKind, Request};
pub use variable::{InvalidVariable, Template};
