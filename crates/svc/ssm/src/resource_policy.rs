//! Resource policies: who of other accounts may read a parameter.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html>

use std::sync::Arc;

use alcazar_engine::Result;
use alcazar_identity::document::Document;
use alcazar_policy::{CompiledPolicy, PolicyKind};
use minicbor::{Decode, Encode};

use crate::parameter::Parameter;

/// A policy of a parameter. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct ResourcePolicy {
    /// Its id.
    #[n(0)]
    pub(crate) policy_id: String,
    /// A hash of its text, which changes with it.
    #[n(1)]
    pub(crate) policy_hash: String,
    /// The policy.
    #[n(2)]
    pub(crate) document: Document,
}

/// What decides about a parameter beside the caller's own policies.
///
/// # Errors
/// A policy does not parse any more.
pub(crate) fn compiled(parameter: &Parameter) -> Result<Option<Arc<CompiledPolicy>>> {
    let policy = parameter.resource_policies.first();
    policy.map(|policy| policy.document.compiled(PolicyKind::Resource)).transpose()
}
