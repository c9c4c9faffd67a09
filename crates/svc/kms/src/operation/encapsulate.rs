//! `Encapsulate`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_Encapsulate.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Error, Granted, Operation, Reads, Result};

use crate::target::{Accepts, Target};
use crate::{access, crypto, encapsulation, grant, usage};

/// Makes a secret, and the ciphertext that the key's holder finds it by.
pub struct Encapsulate;

impl Operation for Encapsulate {
    type Api = api::Encapsulate;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::EncapsulateRequest) -> Result<Target> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        Target::find(reads, &input.key_id, Accepts::KeysAndAliases).await
    }

    fn access(call: &CallInfo, _: &api::EncapsulateRequest, target: &Target) -> Access {
        access::key_access(call, "kms:Encapsulate", target)
    }

    async fn granted(
        reads: &mut Reads<'_>,
        _: &api::EncapsulateRequest,
        target: &Target,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, target, check, None).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::EncapsulateRequest,
        target: Allowed<Target>,
    ) -> Result<api::EncapsulateResponse> {
        let key = encapsulation::key(cx, &target, "Encapsulate", input.encapsulation_algorithm)?;
        crypto::rehearsal(input.dry_run)?;
        let made =
            key.encapsulate().map_err(|error| Error::invariant(format!("no encapsulation: {error}")))?;
        usage::used(cx, &target.key);
        Ok(api::EncapsulateResponse {
            key_id: Some(target.key.arn().to_owned()),
            shared_secret: Some(made.shared_secret),
            shared_secret_ciphertext_blob: Some(made.ciphertext),
            encapsulation_algorithm: Some(input.encapsulation_algorithm),
        })
    }
}
