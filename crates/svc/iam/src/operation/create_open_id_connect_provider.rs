//! `CreateOpenIDConnectProvider`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::oidc_provider::{self as provider, OidcProvider};

use crate::oidc_provider::{self, Target};
use crate::{access, error, quota, tag};

/// Makes an OpenID Connect provider.
pub struct CreateOpenIDConnectProvider;

impl Operation for CreateOpenIDConnectProvider {
    type Api = api::CreateOpenIDConnectProvider;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::CreateOpenIDConnectProviderRequest,
    ) -> Result<Target> {
        let arn = arn(reads.call(), input);
        Target::find(reads, &arn).await
    }

    fn access(call: &CallInfo, input: &api::CreateOpenIDConnectProviderRequest, _: &Target) -> Access {
        let check =
            access::check(call, "iam:CreateOpenIDConnectProvider", arn(call, input), oidc_provider::TYPE);
        access::creation(check, "iam:TagOpenIDConnectProvider", tag::pairs(input.tags.as_deref()))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateOpenIDConnectProviderRequest,
        target: Allowed<Target>,
    ) -> Result<api::CreateOpenIDConnectProviderResponse> {
        let host_and_path = provider::host_and_path(&input.url).ok_or_else(error::invalid_provider_url)?;
        let thumbprints = oidc_provider::thumbprints(input.thumbprint_list.as_deref().unwrap_or_default())?;
        let client_ids = oidc_provider::client_ids(cx, input.client_id_list.as_deref().unwrap_or_default())?;
        let tags = tag::read_cased(input.tags.as_deref())?;
        if target.found().is_some() {
            return Err(error::provider_exists(&input.url).into());
        }
        let account = cx.account();
        if let Some(most) = cx.quota(&quota::OIDC_PROVIDERS) {
            let name = provider::provider_name(&cx.keyring(), account, host_and_path);
            let room = cx.room_for(&name, &provider::providers(account), most).await?;
            room.map_err(|full| error::quota_exceeded("OpenIdConnectProvidersPerAccount", full.quota))?;
        }
        let provider = OidcProvider {
            account,
            host_and_path: host_and_path.to_owned(),
            client_ids,
            thumbprints,
            created: cx.now(),
            tags,
        };
        let answer = api::CreateOpenIDConnectProviderResponse {
            open_id_connect_provider_arn: Some(provider.arn()),
            tags: tag::shown(&provider.tags).map(Into::into),
        };
        oidc_provider::put(cx, provider)?;
        Ok(answer)
    }
}

/// The ARN that the provider will have.
fn arn(call: &CallInfo, input: &api::CreateOpenIDConnectProviderRequest) -> String {
    let url = &input.url;
    provider::arn(call.account(), url.strip_prefix("https://").unwrap_or(url))
}
