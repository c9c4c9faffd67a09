//! `GetPublicKey`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html>

use alcazar_api_kms::operation as api;
use alcazar_crypto::{
    EncapsulationAlgorithm, EncryptionAlgorithm, Family, KeyAgreementAlgorithm, SigningAlgorithm,
};
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Error, Granted, Operation, Reads, Result};

use crate::metadata::{algorithms, api as named};
use crate::target::{Accepts, Target};
use crate::{access, error, grant, usage};

/// Tells the public half of an asymmetric key.
pub struct GetPublicKey;

impl Operation for GetPublicKey {
    type Api = api::GetPublicKey;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetPublicKeyRequest) -> Result<Target> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        Target::find(reads, &input.key_id, Accepts::KeysAndAliases).await
    }

    fn access(call: &CallInfo, _: &api::GetPublicKeyRequest, target: &Target) -> Access {
        access::key_access(call, "kms:GetPublicKey", target)
    }

    async fn granted(
        reads: &mut Reads<'_>,
        _: &api::GetPublicKeyRequest,
        target: &Target,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, target, check, None).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::GetPublicKeyRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetPublicKeyResponse> {
        target.usable()?;
        let key = &target.key;
        let (spec, key_usage) = (key.spec, key.usage);
        if matches!(spec.family(), Family::Symmetric | Family::Hmac) {
            return Err(error::signing::no_public_key(key.arn(), spec.as_str()).into());
        }
        let public_key = target.material(cx)?.public_key();
        let public_key =
            public_key.ok_or_else(|| Error::invariant("an asymmetric key without a public half"))?;
        let public_key = public_key.to_vec();
        usage::asked(cx, key);
        Ok(api::GetPublicKeyResponse {
            key_id: Some(key.arn().to_owned()),
            public_key: Some(public_key),
            customer_master_key_spec: named(spec.as_str()),
            key_spec: named(spec.as_str()),
            key_usage: named(key_usage.as_str()),
            encryption_algorithms: algorithms(
                EncryptionAlgorithm::of(spec, key_usage),
                EncryptionAlgorithm::as_str,
            ),
            signing_algorithms: algorithms(SigningAlgorithm::of(spec, key_usage), SigningAlgorithm::as_str),
            key_agreement_algorithms: algorithms(
                KeyAgreementAlgorithm::of(spec, key_usage),
                KeyAgreementAlgorithm::as_str,
            ),
            encapsulation_algorithms: algorithms(
                EncapsulationAlgorithm::of(spec, key_usage),
                EncapsulationAlgorithm::as_str,
            ),
        })
    }
}
