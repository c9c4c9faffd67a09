//! Whom a policy named when it was written.
//!
//! A policy names users and roles by their ARNs, and means those that had them when it was written: one that is made
//! later under the name of a deleted one is somebody else. So the unique ids are kept beside the policy.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use alcazar_policy::{CompiledPolicy, PolicyDocument};
use minicbor::{Decode, Encode};

/// The users and roles that a policy names. Field numbers never change their meaning.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct BoundPrincipals(#[n(0)] pub(crate) Vec<BoundPrincipal>);

/// A user or role that a policy names.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct BoundPrincipal {
    /// The ARN in the policy.
    #[n(0)]
    pub(crate) arn: String,
    /// The unique id.
    #[n(1)]
    pub(crate) unique_id: String,
}

impl BoundPrincipals {
    /// Compiles the policy.
    #[must_use]
    pub fn compile(&self, document: &PolicyDocument) -> CompiledPolicy {
        CompiledPolicy::compile_bound(document, |arn| {
            self.0.iter().find(|bound| bound.arn == arn).map(|bound| bound.unique_id.clone())
        })
    }

    /// Has a policy mean whom an older one meant, as far as both name them.
    pub fn keep(&mut self, older: &Self, policy: &PolicyDocument) {
        let stays = |principal: &&BoundPrincipal| policy.identities().any(|arn| arn == principal.arn);
        for principal in older.0.iter().filter(stays) {
            self.0.retain(|newer| newer.arn != principal.arn);
            self.0.push(principal.clone());
        }
    }
}
