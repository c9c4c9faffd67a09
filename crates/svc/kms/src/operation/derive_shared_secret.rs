//! `DeriveSharedSecret`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_DeriveSharedSecret.html>

use alcazar_api_kms::operation as api;
use alcazar_crypto::ecc::AgreeError;
use alcazar_crypto::{KeyAgreementAlgorithm, KeyUsage, Material};
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Reads, Result};

use crate::recipient::{For, Recipient};
use crate::target::{Accepts, Target};
use crate::{access, crypto, error, grant, metadata, usage};

/// Derives the secret that the key shares with a peer's: the raw x coordinate.
pub struct DeriveSharedSecret;

impl Operation for DeriveSharedSecret {
    type Api = api::DeriveSharedSecret;
    type Target = For<Target>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeriveSharedSecretRequest) -> Result<For<Target>> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        let recipient = Recipient::verify(reads, input.recipient.as_ref()).await?;
        let target = Target::find(reads, &input.key_id, Accepts::KeysAndAliases).await?;
        Ok(For { target, recipient })
    }

    fn access(call: &CallInfo, input: &api::DeriveSharedSecretRequest, asked: &For<Target>) -> Access {
        let mut check = access::key_check(call, "kms:DeriveSharedSecret", &asked.target);
        if call.needs_context(check.owner, &check.rule) {
            check.context.insert("kms:KeyAgreementAlgorithm", input.key_agreement_algorithm.as_str());
        }
        Access::one(asked.check(check))
    }

    async fn granted(
        reads: &mut Reads<'_>,
        _: &api::DeriveSharedSecretRequest,
        asked: &For<Target>,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, &asked.target, check, None).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DeriveSharedSecretRequest,
        asked: Allowed<For<Target>>,
    ) -> Result<api::DeriveSharedSecretResponse> {
        let (target, algorithm) = (&asked.target, input.key_agreement_algorithm);
        target.usable_for(KeyUsage::KeyAgreement, "DeriveSharedSecret")?;
        let (spec, usage) = (target.key.spec, target.key.usage);
        KeyAgreementAlgorithm::from_name(algorithm.as_str())
            .filter(|algorithm| KeyAgreementAlgorithm::of(spec, usage).contains(algorithm))
            .ok_or_else(|| error::incompatible_algorithm(algorithm.as_str(), spec.as_str()))?;
        let Material::Ecc(key) = target.material(cx)?.material() else { return Err(crypto::not_the_keys()) };
        let secret = key.agree(&input.public_key).map_err(|error| match error {
            AgreeError::PeerKey => error::encryption::invalid_public_key(spec.as_str()).into(),
            AgreeError::Incompatible => crypto::not_the_keys(),
        })?;
        crypto::rehearsal(input.dry_run)?;
        let secret = asked.answer(cx, secret)?;
        usage::used(cx, &target.key);
        Ok(api::DeriveSharedSecretResponse {
            key_id: Some(target.key.arn().to_owned()),
            shared_secret: secret.plaintext,
            ciphertext_for_recipient: secret.for_recipient,
            key_agreement_algorithm: Some(algorithm),
            key_origin: metadata::api(target.key.origin.as_str()),
        })
    }
}
