//! Resource policies: who of other accounts may read a parameter.
//!
//! A parameter of the advanced tier may have one. It lets principals read the parameter and nothing else, and names the
//! parameter as its resource. Everyone is named only where a condition says of which account or organization.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html>

use std::sync::Arc;

use alcazar_api_ssm::types::GetResourcePoliciesResponseEntry;
use alcazar_base::AccountId;
use alcazar_engine::{CallInfo, Reads, Result};
use alcazar_identity::document::Document;
use alcazar_policy::{
    CompiledPolicy, Condition, Effect, PolicyDocument, PolicyKind, PrincipalId, Quantifier, Statement, Test,
    TextComparison,
};
use alcazar_shape::ApiError;
use aws_lc_rs::digest::{SHA256, digest};
use minicbor::{Decode, Encode};

use crate::parameter::Parameter;
use crate::reference::{self, Reference};
use crate::version::{Kind, Tier};
use crate::{error, quota};

/// What the policy may let others do.
const ACTIONS: [&str; 4] = [DESCRIBE, "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParameterHistory"];

/// What lets others find the parameter in lists.
const DESCRIBE: &str = "ssm:DescribeParameters";

/// What a condition must say of everyone.
const WHOSE: [&str; 2] = ["aws:PrincipalAccount", "aws:PrincipalOrgID"];

/// The alias of AWS's own key, under which nothing can be shared.
const MANAGED_KEY: &str = "alias/aws/ssm";

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

impl ResourcePolicy {
    /// The policy as it is told.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn shown(&self, reads: &mut Reads<'_>) -> Result<GetResourcePoliciesResponseEntry> {
        Ok(GetResourcePoliciesResponseEntry {
            policy_id: Some(self.policy_id.clone()),
            policy_hash: Some(self.policy_hash.clone()),
            policy: Some(self.document.told(reads).await?),
        })
    }

    /// The accounts that it names as a whole and lets list the parameter, whatever else holds.
    #[must_use]
    pub(crate) fn accounts(&self) -> Vec<AccountId> {
        let Ok(policy) = PolicyDocument::parse(&self.document.text, PolicyKind::Resource) else {
            return Vec::new();
        };
        let lists = |statement: &&Statement| {
            statement.conditions.is_empty()
                && statement.actions.patterns.iter().any(|action| action.eq_ignore_ascii_case(DESCRIBE))
        };
        let ids = policy.statements().iter().filter(lists).flat_map(|statement| &statement.principals);
        let accounts = ids.flat_map(|principals| &principals.ids).filter_map(|id| match id {
            PrincipalId::Account(account) => Some(*account),
            _ => None,
        });
        accounts.collect()
    }
}

/// What decides about a parameter beside the caller's own policies.
///
/// # Errors
/// A policy does not parse any more.
pub(crate) fn compiled(parameter: &Parameter) -> Result<Option<Arc<CompiledPolicy>>> {
    let policy = parameter.resource_policies.first();
    policy.map(|policy| policy.document.compiled(PolicyKind::Resource)).transpose()
}

/// The parameter that a request about its policies names.
///
/// # Errors
/// It is not named by its ARN.
pub(crate) fn reference(call: &CallInfo, arn: &str) -> Result<Reference, ApiError> {
    if reference::arn(arn).is_none() {
        return Err(error::resource_policy::resource(arn));
    }
    Reference::whole(call, arn)
}

/// Checks that a parameter can be shared.
///
/// # Errors
/// It is of the standard tier, or encrypted under AWS's own key.
pub(crate) fn check_shareable(parameter: &Parameter) -> Result<(), ApiError> {
    let latest = &parameter.latest;
    if latest.tier != Tier::Advanced {
        return Err(error::resource_policy::standard_tier(&parameter.arn()));
    }
    // A key of AWS's that is named by its id is told only by KMS, whose policy for it lets no other account decrypt.
    let is_managed = latest.key_id.as_deref().is_some_and(|key_id| key_id.ends_with(MANAGED_KEY));
    if latest.kind == Kind::SecureString && is_managed {
        return Err(error::resource_policy::managed_key(&parameter.arn()));
    }
    Ok(())
}

/// Reads a policy for a parameter.
///
/// # Errors
/// It is none that the parameter may have, or it names someone who does not exist.
pub(crate) async fn read(
    reads: &mut Reads<'_>,
    arn: &str,
    policy_id: String,
    text: &str,
) -> Result<ResourcePolicy> {
    let malformed = |why: &str| error::resource_policy::malformed(why);
    if let Some(most) = reads.quota(&quota::RESOURCE_POLICY_BYTES).filter(|most| text.len() as u64 > *most) {
        return Err(error::resource_policy::too_long(most).into());
    }
    let policy =
        PolicyDocument::parse(text, PolicyKind::Resource).map_err(|error| malformed(&error.to_string()))?;
    for statement in policy.statements() {
        check_statement(statement, arn)?;
        for id in statement.principals.iter().flat_map(|principals| &principals.ids) {
            let exists = match id {
                PrincipalId::Account(account) => reads.account_exists(*account).await?,
                PrincipalId::Identity(arn) => reads.principal_exists(arn).await?,
                _ => true,
            };
            if !exists {
                return Err(malformed("it names a principal that does not exist").into());
            }
        }
    }
    let document = Document::of_bound(reads, text, &policy).await?;
    Ok(ResourcePolicy { policy_id, policy_hash: hash(text), document })
}

fn check_statement(statement: &Statement, arn: &str) -> Result<(), ApiError> {
    let malformed = |why: &str| Err(error::resource_policy::malformed(why));
    if statement.effect != Effect::Allow {
        return malformed("the effect of a statement must be Allow");
    }
    let is_action = |pattern: &String| ACTIONS.iter().any(|action| action.eq_ignore_ascii_case(pattern));
    if statement.actions.negated || !statement.actions.patterns.iter().all(is_action) {
        return malformed(&format!("the actions of a statement must be among {}", ACTIONS.join(", ")));
    }
    let names_parameter = statement.resources.as_ref().is_some_and(|resources| {
        !resources.negated
            && resources.patterns.iter().all(|it| it.constant().is_some_and(|text| text == arn))
    });
    if !names_parameter {
        return malformed("the resource of a statement must be the parameter");
    }
    if let Some(principals) = &statement.principals {
        if principals.negated {
            return malformed("a statement can't have NotPrincipal");
        }
        for id in &principals.ids {
            match id {
                PrincipalId::Account(_) | PrincipalId::Identity(_) => {}
                PrincipalId::Everyone if statement.conditions.iter().any(says_whose) => {}
                PrincipalId::Everyone => return malformed("it lets everyone read the parameter"),
                _ => return malformed("the principals of a statement must be AWS accounts, users or roles"),
            }
        }
    }
    Ok(())
}

/// Whether a condition holds for principals of certain accounts or organizations alone.
fn says_whose(condition: &Condition) -> bool {
    let is_certain = match &condition.test {
        Test::Text(TextComparison::Equals, operands) => operands.iter().all(|it| it.constant().is_some()),
        _ => false,
    };
    is_certain
        && !condition.negated
        && !condition.if_exists
        && condition.quantifier == Quantifier::One
        && WHOSE.iter().any(|key| key.eq_ignore_ascii_case(&condition.key))
}

fn hash(text: &str) -> String {
    hex::encode(digest(&SHA256, text.as_bytes()))
}
