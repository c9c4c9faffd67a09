//! `Sign`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html>

use alcazar_api_kms::operation as api;
use alcazar_crypto::{Family, signing};
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Reads, Result};

use crate::target::{Accepts, Target};
use crate::{crypto, grant, signature, usage};

/// Signs a message, its digest, or its external mu.
pub struct Sign;

impl Operation for Sign {
    type Api = api::Sign;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::SignRequest) -> Result<Target> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        Target::find(reads, &input.key_id, Accepts::KeysAndAliases).await
    }

    fn access(call: &CallInfo, input: &api::SignRequest, target: &Target) -> Access {
        Access::one(signature::check(call, "kms:Sign", target, input.signing_algorithm, input.message_type))
    }

    async fn granted(
        reads: &mut Reads<'_>,
        _: &api::SignRequest,
        target: &Target,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, target, check, None).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::SignRequest,
        target: Allowed<Target>,
    ) -> Result<api::SignResponse> {
        let algorithm = signature::algorithm(&target, "Sign", input.signing_algorithm, input.message_type)?;
        crypto::rehearsal(input.dry_run)?;
        let signed = if target.key.spec.family() == Family::Rsa {
            // RSA takes long: the work takes along all that it needs.
            let (key, keyring) = (target.key.clone(), cx.keyring());
            let (message, message_type) = (input.message.clone(), input.message_type);
            cx.offload(move |entropy| {
                let message = signature::message(message.expose(), message_type);
                Ok::<_, alcazar_engine::Error>(signing::sign(
                    key.material(&keyring)?,
                    algorithm,
                    message,
                    entropy,
                ))
            })
            .await??
        } else {
            let message = signature::message(input.message.expose(), input.message_type);
            signing::sign(target.material(cx)?, algorithm, message, cx.entropy())
        };
        let signed = signed.map_err(|error| signature::refused(error, algorithm))?;
        usage::used(cx, &target.key);
        Ok(api::SignResponse {
            key_id: Some(target.key.arn().to_owned()),
            signature: Some(signed),
            signing_algorithm: Some(input.signing_algorithm),
        })
    }
}
