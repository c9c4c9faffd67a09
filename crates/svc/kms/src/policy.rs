//! Key policies: the default one, those of AWS's own keys, and what is checked before one is stored.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>

use std::num::NonZeroUsize;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use alcazar_base::{AccountId, Region};
use alcazar_engine::{BoundPrincipals, Error, Reads, Result};
use alcazar_policy::{
    CompiledPolicy, Context, Decision, DecisionRequest, ParseError, ParseReason, PolicyDocument, PolicyKind,
    PrincipalId, Quantifier, Request, ResourceRule, Statement, decide,
};
use alcazar_shape::ApiError;
use lru::LruCache;

use crate::{error, quota};

/// The only name that a key policy has.
pub(crate) const POLICY_NAME: &str = "default";

/// How many accounts' default policies are kept compiled.
const COMPILED_DEFAULTS_MAX: NonZeroUsize = match NonZeroUsize::new(1024) {
    Some(most) => most,
    None => NonZeroUsize::MIN,
};

/// The policy of a key that was made without one: its account decides.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>
#[must_use]
pub(crate) fn default_policy(region: &Region, account: AccountId) -> String {
    let partition = region.partition().as_str();
    format!(
        r#"{{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {{
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {{
      "AWS" : "arn:{partition}:iam::{account}:root"
    }},
    "Action" : "kms:*",
    "Resource" : "*"
  }} ]
}}"#
    )
}

/// The policy of a key that AWS manages for a service: used through that service alone, viewed by its account.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk>
#[must_use]
pub(crate) fn managed_policy(service: &str, via: &str, region: &Region, account: AccountId) -> String {
    let partition = region.partition().as_str();
    format!(
        r#"{{
  "Version" : "2012-10-17",
  "Id" : "auto-{service}-1",
  "Statement" : [ {{
    "Sid" : "Allow access through {service} for all principals in the account that are authorized to use {service}",
    "Effect" : "Allow",
    "Principal" : {{
      "AWS" : "*"
    }},
    "Action" : [ "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey" ],
    "Resource" : "*",
    "Condition" : {{
      "StringEquals" : {{
        "kms:CallerAccount" : "{account}",
        "kms:ViaService" : "{via}.{region}.amazonaws.com"
      }}
    }}
  }}, {{
    "Sid" : "Allow direct access to key metadata to the account",
    "Effect" : "Allow",
    "Principal" : {{
      "AWS" : "arn:{partition}:iam::{account}:root"
    }},
    "Action" : [ "kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant" ],
    "Resource" : "*"
  }} ]
}}"#
    )
}

/// Compiles a key policy, whose principals are those that it named when it was put.
///
/// # Errors
/// It is not a policy.
pub(crate) fn compile(
    text: &str,
    bound: Option<&BoundPrincipals>,
) -> std::result::Result<Arc<CompiledPolicy>, ParseError> {
    let document = PolicyDocument::parse(text, PolicyKind::Resource)?;
    Ok(Arc::new(match bound {
        Some(bound) => bound.compile(&document),
        None => CompiledPolicy::compile(&document),
    }))
}

/// The default policy of an account, compiled once for all its keys.
///
/// # Errors
/// Never: the default policy is one.
pub(crate) fn compiled_default(region: &Region, account: AccountId) -> Result<Arc<CompiledPolicy>> {
    type Compiled = LruCache<(AccountId, &'static str), Arc<CompiledPolicy>>;
    static COMPILED: LazyLock<Mutex<Compiled>> =
        LazyLock::new(|| Mutex::new(LruCache::new(COMPILED_DEFAULTS_MAX)));
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let policy = compiled.try_get_or_insert((account, region.partition().as_str()), || {
        compile(&default_policy(region, account), None)
    });
    policy.cloned().map_err(|error| Error::invariant(format!("the default key policy is none: {error}")))
}

/// Checks a policy before it is stored, and says whom it names.
///
/// # Errors
/// It is not a policy, it is too long, it names someone who does not exist, or it would lock the caller out and
/// `bypass_lockout_check` is not set.
pub(crate) async fn check(
    reads: &mut Reads<'_>,
    key_arn: &str,
    owner: AccountId,
    text: &str,
    bypass_lockout_check: bool,
) -> Result<BoundPrincipals> {
    if let Some(most) = reads.quota(&quota::POLICY_BYTES).filter(|most| text.len() as u64 > *most) {
        return Err(error::quota::policy_bytes(most).into());
    }
    let document = PolicyDocument::parse(text, PolicyKind::Resource).map_err(|error| refused(&error))?;
    for statement in document.statements() {
        check_conditions(statement)?;
        for id in statement.principals.iter().flat_map(|principals| &principals.ids) {
            if !exists(reads, id).await? {
                return Err(error::policy_invalid_principals().into());
            }
        }
    }
    let principals = reads.bind(&document).await?;
    if bypass_lockout_check {
        return Ok(principals);
    }
    let policy = principals.compile(&document);
    let decision = decide(&DecisionRequest {
        request: Request {
            principal: &reads.call().caller.principal,
            action: "kms:PutKeyPolicy",
            resource: key_arn,
            context: &Context::new(),
        },
        principal_policies: &reads.call().standing.policies,
        resource_control: &[],
        resource_policy: Some(&policy),
        resource_account: owner,
        resource_rule: ResourceRule::MustAllow,
    });
    match decision {
        Decision::Allowed => Ok(principals),
        Decision::Denied(_) => Err(error::policy_locks_out().into()),
    }
}

/// What the caller is told of a text that is no policy.
fn refused(error: &ParseError) -> ApiError {
    match &error.reason {
        ParseReason::Principal(text) if text.starts_with("arn:") => error::policy_invalid_arn(),
        ParseReason::Principal(_) => error::policy_invalid_principals(),
        _ => error::malformed_policy(&error.to_string()),
    }
}

/// Passes if no condition looks stricter than it is.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context>
fn check_conditions(statement: &Statement) -> Result<()> {
    let has_prefix = |key: &str, prefix: &str| {
        key.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    for condition in &statement.conditions {
        if condition.quantifier != Quantifier::ForAllValues {
            continue;
        }
        if has_prefix(&condition.key, "kms:EncryptionContext:") {
            return Err(error::policy_overly_permissive("encryption context").into());
        }
        if has_prefix(&condition.key, "aws:RequestTag/") {
            return Err(error::policy_overly_permissive("tag").into());
        }
    }
    Ok(())
}

/// Whether a policy may name this principal.
async fn exists(reads: &mut Reads<'_>, id: &PrincipalId) -> Result<bool> {
    match id {
        PrincipalId::Account(account) => reads.account_exists(*account).await,
        PrincipalId::Identity(arn) => reads.principal_exists(arn).await,
        PrincipalId::Service(name) => Ok(PrincipalId::is_service(name)),
        PrincipalId::Everyone
        | PrincipalId::UniqueId(_)
        | PrincipalId::Federated(_)
        | PrincipalId::CanonicalUser(_) => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_policies_are_policies() {
        let region: Region = "eu-west-1".parse().unwrap();
        let account = AccountId::from_number(1);
        compile(&default_policy(&region, account), None).unwrap();
        compile(&managed_policy("ebs", "ec2", &region, account), None).unwrap();
        assert!(Arc::ptr_eq(
            &compiled_default(&region, account).unwrap(),
            &compiled_default(&region, account).unwrap()
        ));
    }
}
