//! `Decrypt`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Reads, Result};

use crate::crypto;
use crate::grant;
use crate::recipient::{For, Recipient};
use crate::source::{Request, Source};
use crate::usage;

/// Decrypts what a key encrypted. The ciphertext says which key that was.
pub struct Decrypt;

const ACTION: &str = "kms:Decrypt";

impl Operation for Decrypt {
    type Api = api::Decrypt;
    type Target = For<Source>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DecryptRequest) -> Result<For<Source>> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        let recipient = Recipient::verify(reads, input.recipient.as_ref()).await?;
        let request = Request {
            action: ACTION,
            blob: input.ciphertext_blob.as_deref(),
            key_id: input.key_id.as_deref(),
            algorithm: crypto::requested(input.encryption_algorithm),
            ignores_ciphertext: crypto::ignores_ciphertext(input.dry_run, input.dry_run_modifiers.as_deref()),
        };
        Ok(For { target: Source::find(reads, request).await?, recipient })
    }

    fn access(call: &CallInfo, input: &api::DecryptRequest, asked: &For<Source>) -> Access {
        let context = input.encryption_context.as_ref();
        Access::one(asked.check(asked.target.check(call, ACTION, context)))
    }

    async fn granted(
        reads: &mut Reads<'_>,
        input: &api::DecryptRequest,
        asked: &For<Source>,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, &asked.target.target, check, input.encryption_context.as_ref()).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DecryptRequest,
        asked: Allowed<For<Source>>,
    ) -> Result<api::DecryptResponse> {
        let (source, context) = (&asked.target, input.encryption_context.as_ref());
        let algorithm = source.algorithm("Decrypt", context)?;
        source.rehearsal_without_ciphertext()?;
        let blob = input.ciphertext_blob.as_deref().unwrap_or_default();
        let decrypted = source.decrypt(cx, algorithm, context, blob).await?;
        crypto::rehearsal(input.dry_run)?;
        let plaintext = asked.answer(cx, decrypted.plaintext)?;
        usage::used(cx, &source.target.key);
        usage::under(cx, decrypted.key_material_id.as_deref());
        Ok(api::DecryptResponse {
            key_id: Some(source.target.key.arn().to_owned()),
            plaintext: plaintext.plaintext,
            encryption_algorithm: Some(source.requested),
            ciphertext_for_recipient: plaintext.for_recipient,
            key_material_id: asked.key_material_id(decrypted.key_material_id),
        })
    }
}
