//! `GetOpenIDConnectProvider`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::oidc_provider::Target;
use crate::tag;

/// Tells of an OpenID Connect provider.
pub struct GetOpenIDConnectProvider;

impl Operation for GetOpenIDConnectProvider {
    type Api = api::GetOpenIDConnectProvider;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetOpenIDConnectProviderRequest) -> Result<Target> {
        Target::find(reads, &input.open_id_connect_provider_arn).await
    }

    fn access(call: &CallInfo, _: &api::GetOpenIDConnectProviderRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:GetOpenIDConnectProvider"))
    }

    async fn run(
        _: &mut Cx<'_>,
        _: &api::GetOpenIDConnectProviderRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetOpenIDConnectProviderResponse> {
        let provider = target.existing()?;
        Ok(api::GetOpenIDConnectProviderResponse {
            url: Some(provider.host_and_path.clone()),
            client_id_list: Some(provider.client_ids.clone().into()),
            thumbprint_list: Some(provider.thumbprints.clone().into()),
            create_date: Some(provider.created),
            tags: Some(tag::all(&provider.tags).into()),
        })
    }
}
