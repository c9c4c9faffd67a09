//! `AddClientIDToOpenIDConnectProvider`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddClientIDToOpenIDConnectProvider.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::oidc_provider::{self, Target};

/// Adds a client id to an OpenID Connect provider, which may have it already.
pub struct AddClientIDToOpenIDConnectProvider;

impl Operation for AddClientIDToOpenIDConnectProvider {
    type Api = api::AddClientIDToOpenIDConnectProvider;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::AddClientIDToOpenIDConnectProviderRequest,
    ) -> Result<Target> {
        Target::find(reads, &input.open_id_connect_provider_arn).await
    }

    fn access(
        call: &CallInfo,
        _: &api::AddClientIDToOpenIDConnectProviderRequest,
        target: &Target,
    ) -> Access {
        Access::one(target.check(call, "iam:AddClientIDToOpenIDConnectProvider"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::AddClientIDToOpenIDConnectProviderRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut provider = target.to_changed()?;
        provider.client_ids.push(input.client_id.clone());
        provider.client_ids = oidc_provider::client_ids(cx, &provider.client_ids)?;
        oidc_provider::put(cx, provider)?;
        Ok(Output::<Self>::default())
    }
}
