//! `UpdateOpenIDConnectProviderThumbprint`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateOpenIDConnectProviderThumbprint.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::oidc_provider::{self, Target};

/// Replaces the thumbprints of an OpenID Connect provider.
pub struct UpdateOpenIDConnectProviderThumbprint;

impl Operation for UpdateOpenIDConnectProviderThumbprint {
    type Api = api::UpdateOpenIDConnectProviderThumbprint;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::UpdateOpenIDConnectProviderThumbprintRequest,
    ) -> Result<Target> {
        Target::find(reads, &input.open_id_connect_provider_arn).await
    }

    fn access(
        call: &CallInfo,
        _: &api::UpdateOpenIDConnectProviderThumbprintRequest,
        target: &Target,
    ) -> Access {
        Access::one(target.check(call, "iam:UpdateOpenIDConnectProviderThumbprint"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdateOpenIDConnectProviderThumbprintRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut provider = target.to_changed()?;
        provider.thumbprints = oidc_provider::thumbprints(&input.thumbprint_list)?;
        oidc_provider::put(cx, provider)?;
        Ok(Output::<Self>::default())
    }
}
