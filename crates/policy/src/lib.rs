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
//! ```
//! use alcazar_policy::{
//!     CompiledPolicy, Context, Decision, DecisionRequest, PolicyDocument, PolicyKind, Principal, PrincipalKind,
//!     PrincipalPolicies, Request, ResourceRule, decide,
//! };
//!
//! let key_policy = r#"{
//!     "Version": "2012-10-17",
//!     "Statement": {
//!         "Effect": "Allow",
//!         "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"},
//!         "Action": ["kms:Encrypt", "kms:GenerateDataKey*"],
//!         "Resource": "*",
//!         "Condition": {"StringEquals": {"kms:EncryptionContext:app": "shop"}}
//!     }
//! }"#;
//! let key_policy = CompiledPolicy::compile(&PolicyDocument::parse(key_policy, PolicyKind::Resource)?);
//!
//! let account = "111122223333".parse()?;
//! let arn = String::from("arn:aws:iam::111122223333:user/alice");
//! let principal = Principal { account, arn, unique_id: None, kind: PrincipalKind::User };
//! let mut context = Context::new();
//! context.insert("kms:EncryptionContext:app", "shop");
//! let decide_action = |action| {
//!     decide(&DecisionRequest {
//!         request: Request {
//!             principal: &principal,
//!             action,
//!             resource: "arn:aws:kms:eu-west-1:111122223333:key/1234",
//!             context: &context,
//!         },
//!         principal_policies: &PrincipalPolicies::default(),
//!         resource_control: &[],
//!         resource_policy: Some(&key_policy),
//!         resource_account: account,
//!         resource_rule: ResourceRule::MustAllow,
//!     })
//! };
//! assert_eq!(decide_action("kms:Encrypt"), Decision::Allowed);
//! let Decision::Denied(denial) = decide_action("kms:Decrypt") else { panic!("allowed") };
//! assert_eq!(
//!     denial.message(&principal.arn, "kms:Decrypt", "*"),
//!     "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: kms:Decrypt on resource: * \
//!      because no resource-based policy allows the kms:Decrypt action",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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
mod explain;
mod index;
mod json;
mod keys;
mod parse;
mod place;
mod position;
#[cfg(test)]
mod properties;
mod request;
mod variable;
mod wildcard;

pub use compile::CompiledPolicy;
pub use condition::{AddressRange, Comparison, Condition, Number, Quantifier, Test, TextComparison};
pub use context::{Context, Value};
pub use decide::{Decision, DecisionRequest, PrincipalPolicies, ResourceRule, decide};
pub use denial::{Denial, DenialReason, PolicyType};
pub use document::{
    Actions, Effect, PolicyDocument, PolicyKind, PrincipalId, Principals, Resources, Statement, Version,
};
pub use evaluate::{Grant, MatchedStatement, Outcome};
pub use explain::{Explanation, Finding, FoundStatement, Verdict, explain};
pub use parse::{POLICY_BYTES_MAX, ParseError, ParseReason, ResourceFault};
pub use position::{Position, Span};
pub use request::{Principal, PrincipalKind, Request};
pub use variable::{InvalidVariable, Template};
