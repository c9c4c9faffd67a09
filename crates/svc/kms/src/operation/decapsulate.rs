//! `Decapsulate`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_Decapsulate.html>

use alcazar_api_kms::operation as api;
use alcazar_crypto::KemError;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Error, Granted, Operation, Reads, Result};

use crate::target::{Accepts, Target};
use crate::{access, crypto, encapsulation, error, grant, usage};

/// Finds the secret of a ciphertext. One that was not made for the key gives another secret, and no error.
pub struct Decapsulate;

impl Operation for Decapsulate {
    type Api = api::Decapsulate;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DecapsulateRequest) -> Result<Target> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        Target::find(reads, &input.key_id, Accepts::KeysAndAliases).await
    }

    fn access(call: &CallInfo, _: &api::DecapsulateRequest, target: &Target) -> Access {
        access::key_access(call, "kms:Decapsulate", target)
    }

    async fn granted(
        reads: &mut Reads<'_>,
        _: &api::DecapsulateRequest,
        target: &Target,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, target, check, None).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DecapsulateRequest,
        target: Allowed<Target>,
    ) -> Result<api::DecapsulateResponse> {
        let key = encapsulation::key(cx, &target, "Decapsulate", input.encapsulation_algorithm)?;
        let secret = key.decapsulate(&input.shared_secret_ciphertext_blob).map_err(|error| match error {
            KemError::CiphertextLength => error::invalid_ciphertext().into(),
            error => Error::invariant(format!("no decapsulation: {error}")),
        })?;
        crypto::rehearsal(input.dry_run)?;
        usage::used(cx, &target.key);
        Ok(api::DecapsulateResponse {
            key_id: Some(target.key.arn().to_owned()),
            shared_secret: Some(secret),
            encapsulation_algorithm: Some(input.encapsulation_algorithm),
        })
    }
}
