//! `CreateKey`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html>

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::OriginType;
use alcazar_crypto::{KeySpec, KeyUsage};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::key::{self, Key, Manager, NewKey, Origin, key_arn};
use crate::{access, custom_key_store, error, material, metadata, policy, tag};

/// Makes a key.
pub struct CreateKey;

const ACTION: &str = "kms:CreateKey";

/// What kind of key is to be made.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    spec: KeySpec,
    usage: KeyUsage,
    home: Home,
}

/// Where a key is to live.
#[derive(Debug, Clone, Copy)]
enum Home {
    /// Here.
    Kms(Origin),
    /// In a custom key store, of the type that the origin says.
    CustomKeyStore(OriginType),
}

impl Home {
    fn origin(self) -> &'static str {
        match self {
            Self::Kms(origin) => origin.as_str(),
            Self::CustomKeyStore(origin) => origin.as_str(),
        }
    }
}

impl Operation for CreateKey {
    type Api = api::CreateKey;
    type Target = Kind;
    const READ_ONLY: bool = false;

    async fn resolve(_: &mut Reads<'_>, input: &api::CreateKeyRequest) -> Result<Kind> {
        let spec = spec(input)?;
        let usage = usage(input, spec)?;
        Ok(Kind { spec, usage, home: home(input, spec, usage)? })
    }

    fn access(call: &CallInfo, input: &api::CreateKeyRequest, kind: &Kind) -> Access {
        let mut check = access::account_check(call, ACTION);
        let Kind { spec, usage, home } = kind;
        access::add_kind(&mut check.context, spec.as_str(), usage.as_str(), home.origin());
        let multi_region = input.multi_region.unwrap_or(false);
        check.context.insert("kms:MultiRegion", multi_region);
        if multi_region {
            check.context.insert("kms:MultiRegionKeyType", "PRIMARY");
        }
        access::add_bypass(&mut check, input.bypass_policy_lockout_safety_check);
        let tags = input.tags.as_deref().unwrap_or_default();
        check.context.add_request_tags(tag::pairs(tags));
        let tagging = access::tagging_check(call, &call.region, tags);
        Access { checks: [check].into_iter().chain(tagging).collect() }
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateKeyRequest,
        kind: Allowed<Kind>,
    ) -> Result<api::CreateKeyResponse> {
        let Kind { spec, usage, home } = *kind;
        let origin = match home {
            Home::Kms(origin) => origin,
            Home::CustomKeyStore(origin) => return refuse_in_store(cx, input, origin).await,
        };
        let tags = tag::merge(cx, &[], tag::read(input.tags.as_deref().unwrap_or_default())?)?;
        let multi_region = input.multi_region.unwrap_or(false);
        let key_id = material::new_key_id(cx, multi_region)?;
        let (account, region) = (cx.account(), cx.region().clone());
        let policy_principals = match &input.policy {
            Some(text) => {
                let bypass = input.bypass_policy_lockout_safety_check.unwrap_or(false);
                Some(policy::check(cx, &key_arn(&region, account, &key_id), account, text, bypass).await?)
            }
            None => None,
        };
        key::room_for_new(cx, account, &region, &key_id).await?;
        let material = match origin {
            Origin::External => None,
            Origin::AwsKms => {
                let material = material::generate(cx, spec).await?;
                Some(material::first(cx, &key_id, &material)?)
            }
        };
        let mut new_key = Key::new(NewKey {
            key_id,
            account,
            region,
            created: cx.now(),
            description: input.description.clone().unwrap_or_default(),
            manager: Manager::Customer,
            tags,
            policy: input.policy.clone(),
            material,
            multi_region,
            spec,
            usage,
            origin,
        });
        new_key.policy_principals = policy_principals;
        let key_metadata = Some(metadata::of(&new_key));
        cx.note_resource(new_key.arn(), account, access::KEY_TYPE);
        key::put_new(cx, new_key)?;
        Ok(api::CreateKeyResponse { key_metadata })
    }
}

/// The spec that is asked for, by its name or its deprecated one.
fn spec(input: &api::CreateKeyRequest) -> Result<KeySpec> {
    let name = match (input.key_spec, input.customer_master_key_spec) {
        (Some(_), Some(_)) => return Err(error::two_key_specs().into()),
        (Some(spec), None) => spec.as_str(),
        (None, Some(spec)) => spec.as_str(),
        (None, None) => return Ok(KeySpec::SymmetricDefault),
    };
    // What is left is SM2, which AWS has in its China Regions alone.
    Ok(KeySpec::from_name(name).ok_or_else(|| error::key_spec_not_in_region(name))?)
}

/// The usage that is asked for. Where a spec has but one, AWS fills that in for symmetric encryption keys alone.
fn usage(input: &api::CreateKeyRequest, spec: KeySpec) -> Result<KeyUsage> {
    let usage = match input.key_usage {
        None if spec == KeySpec::SymmetricDefault => return Ok(KeyUsage::EncryptDecrypt),
        None => return Err(error::key_usage_missing().into()),
        Some(usage) => usage,
    };
    let usage = usage.as_str();
    let known = KeyUsage::from_name(usage).filter(|usage| spec.usages().contains(usage));
    Ok(known.ok_or_else(|| error::key_usage_not_of_spec(usage, spec.as_str()))?)
}

/// Where the key is to live.
fn home(input: &api::CreateKeyRequest, spec: KeySpec, usage: KeyUsage) -> Result<Home> {
    let origin = input.origin.unwrap_or(OriginType::AwsKms);
    let in_store = matches!(origin, OriginType::AwsCloudhsm | OriginType::ExternalKeyStore);
    match (in_store, &input.custom_key_store_id) {
        (true, None) => return Err(error::custom_key_store::id_missing(origin.as_str()).into()),
        (false, Some(_)) => return Err(error::custom_key_store::id_not_of_origin(origin.as_str()).into()),
        _ => {}
    }
    match (origin, &input.xks_key_id) {
        (OriginType::ExternalKeyStore, None) => {
            return Err(error::custom_key_store::xks_key_id_missing().into());
        }
        (OriginType::ExternalKeyStore, Some(_)) | (_, None) => {}
        (_, Some(_)) => return Err(error::custom_key_store::xks_key_id_not_of_origin(origin.as_str()).into()),
    }
    if in_store {
        if spec != KeySpec::SymmetricDefault || usage != KeyUsage::EncryptDecrypt {
            return Err(error::origin_not_of_spec(origin.as_str(), spec.as_str()).into());
        }
        if input.multi_region == Some(true) {
            return Err(error::custom_key_store::multi_region().into());
        }
        return Ok(Home::CustomKeyStore(origin));
    }
    match origin {
        OriginType::External
            if matches!(spec, KeySpec::MlKem512 | KeySpec::MlKem768 | KeySpec::MlKem1024) =>
        {
            Err(error::origin_not_of_spec(origin.as_str(), spec.as_str()).into())
        }
        OriginType::External => Ok(Home::Kms(Origin::External)),
        _ => Ok(Home::Kms(Origin::AwsKms)),
    }
}

/// Says why the key cannot be made in the custom key store that is named.
async fn refuse_in_store(
    cx: &mut Cx<'_>,
    input: &api::CreateKeyRequest,
    origin: OriginType,
) -> Result<api::CreateKeyResponse> {
    let id = input.custom_key_store_id.as_deref().unwrap_or_default();
    let store = custom_key_store::find(cx, id).await?;
    if origin != OriginType::ExternalKeyStore {
        return Err(error::custom_key_store::not_of_origin(id, origin.as_str()).into());
    }
    if store.state != custom_key_store::State::Connected {
        return Err(error::custom_key_store::not_connected().into());
    }
    // Nothing encrypts with external keys yet, and a key that could never be used must not come to be.
    Err(error::custom_key_store::keys_unsupported().into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::net::Ipv4Addr;
    use std::sync::Arc;

    use alcazar_api_kms::types::{KeySpec as ApiSpec, KeyUsageType, Tag};
    use alcazar_engine::Origin as CallOrigin;
    use alcazar_testkit::TestCloud;

    use super::*;

    fn call() -> CallInfo {
        let cloud = TestCloud::new(1);
        let root = cloud.root("111122223333");
        let origin = CallOrigin {
            source_ip: Ipv4Addr::LOCALHOST.into(),
            user_agent: "test".to_owned(),
            tls: None,
            host: "localhost".to_owned(),
        };
        CallInfo {
            caller: root.caller.clone(),
            standing: Arc::default(),
            region: root.region.clone(),
            origin: Arc::new(origin),
            request_id: "request".to_owned(),
            now: cloud.now(),
            via: vec!["ssm.us-east-1.amazonaws.com".to_owned()],
            source: None,
            began: cloud.now(),
            waits: 0,
            depth: 0,
            request_rates: false,
        }
    }

    /// All that identity policies can ask of a call.
    fn asked(input: &api::CreateKeyRequest) -> BTreeMap<String, String> {
        let spec = spec(input).unwrap();
        let usage = usage(input, spec).unwrap();
        let kind = Kind { spec, usage, home: home(input, spec, usage).unwrap() };
        let access = CreateKey::access(&call(), input, &kind);
        let [check, tagging @ ..] = access.checks.as_slice() else { panic!("no check") };
        let tagging: Vec<_> = tagging.iter().map(|check| (check.action, check.resource.as_str())).collect();
        let tags = [("kms:TagResource", "arn:aws:kms:us-east-1:111122223333:key/*")];
        assert_eq!(tagging, tags[..usize::from(input.tags.is_some())]);
        assert_eq!((check.action, check.resource.as_str()), ("kms:CreateKey", "*"));
        check.context.iter().map(|(key, value)| (key.to_owned(), value.text().into_owned())).collect()
    }

    fn wanted(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let of_every_call =
            [("kms:CallerAccount", "111122223333"), ("kms:ViaService", "ssm.us-east-1.amazonaws.com")];
        let pairs = pairs.iter().chain(&of_every_call);
        pairs.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn policies_can_ask_for_the_defaults() {
        let expected = wanted(&[
            ("kms:KeySpec", "SYMMETRIC_DEFAULT"),
            ("kms:CustomerMasterKeySpec", "SYMMETRIC_DEFAULT"),
            ("kms:KeyUsage", "ENCRYPT_DECRYPT"),
            ("kms:CustomerMasterKeyUsage", "ENCRYPT_DECRYPT"),
            ("kms:KeyOrigin", "AWS_KMS"),
            ("kms:MultiRegion", "false"),
        ]);
        assert_eq!(asked(&api::CreateKeyRequest::default()), expected);
    }

    #[test]
    fn policies_can_ask_for_everything_in_the_request() {
        let input = api::CreateKeyRequest {
            key_spec: Some(ApiSpec::Rsa4096),
            key_usage: Some(KeyUsageType::SignVerify),
            origin: Some(OriginType::External),
            multi_region: Some(true),
            bypass_policy_lockout_safety_check: Some(false),
            tags: Some(vec![Tag { tag_key: "Team".to_owned(), tag_value: "red".to_owned() }].into()),
            ..api::CreateKeyRequest::default()
        };
        let expected = wanted(&[
            ("kms:KeySpec", "RSA_4096"),
            ("kms:CustomerMasterKeySpec", "RSA_4096"),
            ("kms:KeyUsage", "SIGN_VERIFY"),
            ("kms:CustomerMasterKeyUsage", "SIGN_VERIFY"),
            ("kms:KeyOrigin", "EXTERNAL"),
            ("kms:MultiRegion", "true"),
            ("kms:MultiRegionKeyType", "PRIMARY"),
            ("kms:BypassPolicyLockoutSafetyCheck", "false"),
            ("aws:RequestTag/Team", "red"),
            ("aws:TagKeys", "Team"),
        ]);
        assert_eq!(asked(&input), expected);
    }
}
