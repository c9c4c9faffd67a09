//! `CreateKey`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html>

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::{CustomerMasterKeySpec, KeySpec, KeyUsageType, OriginType};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::key::{self, Key, Manager, NewKey, key_arn};
use crate::{access, error, material, metadata, policy, tag};

/// Makes a key.
pub struct CreateKey;

const ACTION: &str = "kms:CreateKey";

impl Operation for CreateKey {
    type Api = api::CreateKey;
    type Target = ();
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, input: &api::CreateKeyRequest) -> Result<()> {
        check_kind(input)
    }

    fn access(call: &CallInfo, input: &api::CreateKeyRequest, (): &()) -> Access {
        let mut check = access::account_check(call, ACTION);
        check.context.insert("kms:KeySpec", "SYMMETRIC_DEFAULT");
        check.context.insert("kms:KeyUsage", "ENCRYPT_DECRYPT");
        check.context.insert("kms:KeyOrigin", "AWS_KMS");
        check.context.insert("kms:MultiRegion", input.multi_region.unwrap_or(false));
        let bypass = input.bypass_policy_lockout_safety_check.unwrap_or(false);
        check.context.insert("kms:BypassPolicyLockoutSafetyCheck", bypass);
        access::add_request_tags(&mut check, input.tags.as_deref().unwrap_or_default());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateKeyRequest,
        _: Allowed<()>,
    ) -> Result<api::CreateKeyResponse> {
        let tags = tag::merge(&[], tag::read(input.tags.as_deref().unwrap_or_default())?)?;
        let multi_region = input.multi_region.unwrap_or(false);
        let (key_id, backing_key) = material::generate(cx, multi_region)?;
        let (account, region) = (cx.account(), cx.region().clone());
        if let Some(text) = &input.policy {
            let bypass = input.bypass_policy_lockout_safety_check.unwrap_or(false);
            policy::check(cx.call(), &key_arn(&region, account, &key_id), account, text, bypass)?;
        }
        let new_key = Key::new(NewKey {
            key_id,
            account,
            region,
            created: cx.now(),
            description: input.description.clone().unwrap_or_default(),
            manager: Manager::Customer,
            tags,
            policy: input.policy.clone(),
            backing_key,
            multi_region,
        });
        let key_metadata = Some(metadata::of(&new_key));
        key::put_new(cx, new_key)?;
        Ok(api::CreateKeyResponse { key_metadata })
    }
}

/// Passes if the request is for a symmetric encryption key with material made here.
fn check_kind(input: &api::CreateKeyRequest) -> Result<()> {
    let spec = match (input.key_spec, input.customer_master_key_spec) {
        (Some(_), Some(_)) => {
            return Err(error::validation(
                "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. \
                 CustomerMasterKeySpec is deprecated.",
            )
            .into());
        }
        (Some(spec), None) => spec.as_str(),
        (None, Some(spec)) => spec.as_str(),
        (None, None) => KeySpec::SymmetricDefault.as_str(),
    };
    if let Some(id) = &input.custom_key_store_id {
        return Err(error::custom_key_store_not_found(id).into());
    }
    if input.xks_key_id.is_some() {
        return Err(error::validation("XksKeyId is valid only with the origin EXTERNAL_KEY_STORE.").into());
    }
    if !matches!(input.origin, None | Some(OriginType::AwsKms)) {
        let origin = input.origin.map_or("", OriginType::as_str);
        return Err(error::unsupported(format!("Keys of origin {origin} are not supported.")).into());
    }
    let symmetric = CustomerMasterKeySpec::SymmetricDefault.as_str();
    match (spec == symmetric, input.key_usage) {
        (true, None | Some(KeyUsageType::EncryptDecrypt)) => Ok(()),
        (true, Some(usage)) => {
            let text = format!("KeyUsage {} is not compatible with KeySpec {symmetric}", usage.as_str());
            Err(error::validation(text).into())
        }
        (false, None) => Err(error::validation(
            "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
        )
        .into()),
        (false, Some(_)) => Err(error::unsupported(format!("Keys of spec {spec} are not supported.")).into()),
    }
}
