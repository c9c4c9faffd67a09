//! `DeleteOpenIDConnectProvider`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteOpenIDConnectProvider.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::oidc_provider;

use crate::oidc_provider::Target;

/// Deletes an OpenID Connect provider. Where there is none, nothing happens.
pub struct DeleteOpenIDConnectProvider;

impl Operation for DeleteOpenIDConnectProvider {
    type Api = api::DeleteOpenIDConnectProvider;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::DeleteOpenIDConnectProviderRequest,
    ) -> Result<Target> {
        Target::find(reads, &input.open_id_connect_provider_arn).await
    }

    fn access(call: &CallInfo, _: &api::DeleteOpenIDConnectProviderRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:DeleteOpenIDConnectProvider"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteOpenIDConnectProviderRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        if let Some(provider) = target.found() {
            let host_and_path = &provider.host_and_path;
            cx.delete(oidc_provider::provider_name(&cx.keyring(), provider.account, host_and_path))?;
        }
        Ok(Output::<Self>::default())
    }
}
