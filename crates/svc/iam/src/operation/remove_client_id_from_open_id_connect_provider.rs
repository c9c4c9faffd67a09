//! `RemoveClientIDFromOpenIDConnectProvider`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveClientIDFromOpenIDConnectProvider.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::oidc_provider::{self, Target};

/// Takes a client id from an OpenID Connect provider, which need not have it.
pub struct RemoveClientIDFromOpenIDConnectProvider;

impl Operation for RemoveClientIDFromOpenIDConnectProvider {
    type Api = api::RemoveClientIDFromOpenIDConnectProvider;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::RemoveClientIDFromOpenIDConnectProviderRequest,
    ) -> Result<Target> {
        Target::find(reads, &input.open_id_connect_provider_arn).await
    }

    fn access(
        call: &CallInfo,
        _: &api::RemoveClientIDFromOpenIDConnectProviderRequest,
        target: &Target,
    ) -> Access {
        Access::one(target.check(call, "iam:RemoveClientIDFromOpenIDConnectProvider"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::RemoveClientIDFromOpenIDConnectProviderRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut provider = target.to_changed()?;
        provider.client_ids.retain(|id| *id != input.client_id);
        oidc_provider::put(cx, provider)?;
        Ok(Output::<Self>::default())
    }
}
