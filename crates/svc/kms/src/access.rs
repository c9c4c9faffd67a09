//! The questions that KMS operations put to the policies, with KMS's condition keys.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html>

use std::collections::BTreeMap;

use alcazar_api_kms::types::{EncryptionAlgorithmSpec, Tag};
use alcazar_base::{AccountId, Region};
use alcazar_engine::audit::Resource;
use alcazar_engine::schedule::Effect;
use alcazar_engine::{Access, CallInfo, Charge, Check, Result, Rule};
use alcazar_policy::Context;
use serde_json::Value as Json;

use crate::error;
use crate::key::{Key, Manager, key_arn};
use crate::quota;
use crate::tag;
use crate::target::{RESOURCE_ALIASES, Target};

/// The type of a key in audit events.
pub(crate) const KEY_TYPE: &str = "AWS::KMS::Key";
/// The type of an alias in audit events.
const ALIAS_TYPE: &str = "AWS::KMS::Alias";

/// A question about a key, with the condition keys that every such question has.
#[must_use]
pub(crate) fn key_check(call: &CallInfo, action: &'static str, target: &Target) -> Check {
    let key = &target.key;
    let rule = Rule::RulingPolicy(target.policy.clone());
    let context =
        if call.needs_context(key.account, &rule) { key_context(call, target) } else { Context::new() };
    let rate = if call.request_rates { quota::of_use(action, key.spec) } else { None };
    Check {
        rule,
        context,
        beyond_resource_control: key.manager != Manager::Customer,
        charges: rate.map(Charge::one).into_iter().collect(),
        ..Check::new(action, key.arn(), KEY_TYPE, key.account)
    }
}

/// The condition keys that say what is asked for, and of which key.
fn key_context(call: &CallInfo, target: &Target) -> Context {
    let key = &target.key;
    let mut context = service_context(call);
    add_kind(&mut context, key.spec.as_str(), key.usage.as_str(), key.origin.as_str());
    context.insert("kms:MultiRegion", key.multi_region);
    if key.multi_region {
        context.insert("kms:MultiRegionKeyType", if key.is_replica() { "REPLICA" } else { "PRIMARY" });
    }
    if let Some(alias) = &target.alias {
        context.insert("kms:RequestAlias", alias.clone());
    }
    for alias in &target.aliases {
        context.insert(RESOURCE_ALIASES, alias.clone());
    }
    context.add_resource_tags(key.tags.iter().map(|tag| (&tag.key, &tag.value)));
    context
}

/// The condition keys that say what kind of key it is, with their deprecated names.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html>
pub(crate) fn add_kind(context: &mut Context, spec: &'static str, usage: &'static str, origin: &'static str) {
    context.insert("kms:KeySpec", spec);
    context.insert("kms:CustomerMasterKeySpec", spec);
    context.insert("kms:KeyUsage", usage);
    context.insert("kms:CustomerMasterKeyUsage", usage);
    context.insert("kms:KeyOrigin", origin);
}

/// Adds whether the lockout check is to be left out, if the request says so: a policy that allows the call only without
/// this condition key is AWS's own example of one that forbids to leave it out.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-bypass-policy-lockout-safety-check>
pub(crate) fn add_bypass(check: &mut Check, bypass: Option<bool>) {
    if let Some(bypass) = bypass {
        check.context.insert("kms:BypassPolicyLockoutSafetyCheck", bypass);
    }
}

/// An operation on one key.
#[must_use]
pub(crate) fn key_access(call: &CallInfo, action: &'static str, target: &Target) -> Access {
    Access::one(key_check(call, action, target))
}

/// Encryption or decryption under one key, with its algorithm and encryption context.
#[must_use]
pub(crate) fn crypto_check(
    call: &CallInfo,
    action: &'static str,
    target: &Target,
    algorithm: EncryptionAlgorithmSpec,
    encryption_context: Option<&BTreeMap<String, String>>,
) -> Check {
    let mut check = key_check(call, action, target);
    if !call.needs_context(check.owner, &check.rule) {
        return check;
    }
    check.context.insert("kms:EncryptionAlgorithm", algorithm.as_str());
    add_encryption_context(&mut check, encryption_context);
    check
}

/// Adds an encryption context: that of the operation, or that of a grant's constraint.
pub(crate) fn add_encryption_context(check: &mut Check, pairs: Option<&BTreeMap<String, String>>) {
    for (key, value) in pairs.into_iter().flatten() {
        check.context.insert(format!("kms:EncryptionContext:{key}"), value.clone());
        check.context.insert("kms:EncryptionContextKeys", key.clone());
    }
}

/// Adds whether a service asks for a grant on the caller's behalf.
pub(crate) fn add_is_for_resource(call: &CallInfo, check: &mut Check) {
    check.context.insert("kms:GrantIsForAWSResource", call.via_service().is_some());
}

/// An operation on one alias.
#[must_use]
pub(crate) fn alias_check(
    call: &CallInfo,
    action: &'static str,
    alias_arn: String,
    owner: AccountId,
) -> Check {
    Check { context: service_context(call), ..Check::new(action, alias_arn, ALIAS_TYPE, owner) }
}

/// An operation on no resource, such as the making of a key, where AWS gives the action condition keys.
#[must_use]
pub(crate) fn account_check(call: &CallInfo, action: &'static str) -> Check {
    Check { context: service_context(call), ..Check::any(call, action) }
}

/// What tagging takes while a key is made in `region`. Its id is known only afterwards, so that nobody is allowed it by
/// a policy that names particular keys.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html>
#[must_use]
pub(crate) fn tagging_check(call: &CallInfo, region: &Region, tags: &[Tag]) -> Option<Check> {
    if tags.is_empty() {
        return None;
    }
    let any = key_arn(region, call.account(), "*");
    let mut check = Check { resource: any, ..account_check(call, "kms:TagResource") };
    check.context.add_request_tags(tag::pairs(tags));
    Some(check)
}

/// Passes if the key is the caller's own, for operations that AWS does not offer across accounts.
///
/// # Errors
/// It is another account's.
pub(crate) fn own_account(call: &CallInfo, action: &str, target: &Target) -> Result<()> {
    if target.key.account == call.account() {
        return Ok(());
    }
    Err(error::not_across_accounts(call.caller.arn(), action, target.key.arn()).into())
}

/// What KMS did to a key by itself, as the audit log tells it.
#[must_use]
pub(crate) fn effect(key: &Key, details: Json) -> Effect {
    let resource = Resource { arn: key.arn().to_owned(), account: key.account, kind: KEY_TYPE.to_owned() };
    Effect { resource, details: Some(details) }
}

fn service_context(call: &CallInfo) -> Context {
    let mut context = Context::with_capacity(24);
    context.insert("kms:CallerAccount", call.account().to_string());
    if let Some(service) = call.via_service() {
        context.insert("kms:ViaService", service.to_owned());
    }
    context
}
