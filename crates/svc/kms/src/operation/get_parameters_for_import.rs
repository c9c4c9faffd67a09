//! `GetParametersForImport`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GetParametersForImport.html>

use alcazar_api_kms::operation as api;
use alcazar_crypto::{ImportToken, WrappingAlgorithm, WrappingKey, WrappingKeySpec};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Error, Operation, Output, Reads, Result};

use crate::target::{Accepts, Target};
use crate::{access, error, import};

/// Gives out a public key to wrap key material under, and the token to import it with.
///
/// The token holds the private key, sealed: nothing is stored.
pub struct GetParametersForImport;

const ACTION: &str = "kms:GetParametersForImport";

impl Operation for GetParametersForImport {
    type Api = api::GetParametersForImport;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetParametersForImportRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, input: &api::GetParametersForImportRequest, target: &Target) -> Access {
        let mut check = access::key_check(call, ACTION, target);
        check.context.insert("kms:WrappingAlgorithm", input.wrapping_algorithm.as_str());
        check.context.insert("kms:WrappingKeySpec", input.wrapping_key_spec.as_str());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GetParametersForImportRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        access::own_account(cx.call(), ACTION, &target)?;
        import::importable(&target)?;
        let (algorithm, spec) = wrapping(input, &target)?;
        let valid_to = import::token_valid_to(cx.now());
        let (subject, keyring) = (import::subject(&target.key), cx.keyring());
        // Finding the primes takes long; nobody else is to wait for it.
        let made = cx
            .offload(move |entropy| {
                let wrapping_key = WrappingKey::generate(spec).ok()?;
                let public_key = wrapping_key.public_key_der().ok()?;
                let token = ImportToken { subject, algorithm, valid_to, wrapping_key };
                Some((public_key, token.seal(&keyring, entropy).ok()?))
            })
            .await?;
        let (public_key, token) = made.ok_or_else(|| Error::invariant("a wrapping key could not be made"))?;
        Ok(api::GetParametersForImportResponse {
            key_id: Some(target.key.arn().to_owned()),
            import_token: Some(token),
            public_key: Some(public_key.into()),
            parameters_valid_to: Some(valid_to),
        })
    }
}

/// How the material is to be wrapped, if that suits the key.
fn wrapping(
    input: &api::GetParametersForImportRequest,
    target: &Target,
) -> Result<(WrappingAlgorithm, WrappingKeySpec)> {
    let (algorithm, spec) = (input.wrapping_algorithm.as_str(), input.wrapping_key_spec.as_str());
    let wrapping_key = WrappingKeySpec::from_name(spec);
    let wrapping_key = wrapping_key.ok_or_else(|| error::import::wrapping_not_supported(spec))?;
    let wrapping_algorithm = WrappingAlgorithm::from_name(algorithm);
    let wrapping_algorithm =
        wrapping_algorithm.ok_or_else(|| error::import::wrapping_not_supported(algorithm))?;
    if !wrapping_algorithm.wraps(target.key.spec, wrapping_key) {
        return Err(error::import::wrapping_not_of_spec(algorithm, spec, target.key.spec.as_str()).into());
    }
    Ok((wrapping_algorithm, wrapping_key))
}
