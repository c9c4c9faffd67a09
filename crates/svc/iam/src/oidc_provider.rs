//! OpenID Connect providers, as the operations on them find and check them.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html>

use std::sync::Arc;

use alcazar_engine::{CallInfo, Check, Cx, Reads, Result};
use alcazar_identity::oidc_provider::{self, OidcProvider};
use alcazar_identity::tag::Tag;
use alcazar_shape::ApiError;

use crate::{access, error, quota};

/// A provider's type in audit events.
pub(crate) const TYPE: &str = "AWS::IAM::OIDCProvider";

/// How many thumbprints a provider has at most.
const THUMBPRINTS_MAX: usize = 5;

/// The provider that a request names: there may be none of the ARN.
#[derive(Debug, Clone)]
pub struct Target {
    arn: String,
    found: Option<Arc<OidcProvider>>,
}

impl Target {
    /// Finds it in the caller's account.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, arn: &str) -> Result<Self> {
        let account = reads.account();
        let found = OidcProvider::find_by_arn(&mut reads.records(), arn).await?;
        Ok(Self { arn: arn.to_owned(), found: found.filter(|provider| provider.account == account) })
    }

    /// The question whether the caller may do `action` on it.
    #[must_use]
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        let mut check = access::check(call, action, self.arn.clone(), TYPE);
        if let Some(found) = &self.found {
            check.context.add_resource_tags(found.tags.iter().map(Tag::pair));
        }
        check
    }

    /// It, if there is one.
    #[must_use]
    pub(crate) fn found(&self) -> Option<&OidcProvider> {
        self.found.as_deref()
    }

    /// It.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn existing(&self) -> Result<&OidcProvider, ApiError> {
        self.found().ok_or_else(|| error::no_such_provider(&self.arn))
    }

    /// A copy of it, to be changed and put back.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn to_changed(&self) -> Result<OidcProvider, ApiError> {
        self.existing().cloned()
    }
}

/// Writes a provider.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn put(cx: &mut Cx<'_>, provider: OidcProvider) -> Result<()> {
    let name = oidc_provider::provider_name(&cx.keyring(), provider.account, &provider.host_and_path);
    cx.put(name, provider)
}

/// The client ids of a request, each once.
///
/// # Errors
/// There are more than a provider may have.
pub(crate) fn client_ids(reads: &Reads<'_>, asked: &[String]) -> Result<Vec<String>, ApiError> {
    let mut ids: Vec<String> = Vec::new();
    for id in asked {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    match reads.quota(&quota::CLIENTS_PER_OIDC_PROVIDER) {
        Some(most) if ids.len() as u64 > most => {
            Err(error::quota_exceeded("ClientIdsPerOpenIdConnectProvider", most))
        }
        _ => Ok(ids),
    }
}

/// The thumbprints of a request.
///
/// # Errors
/// There are more than a provider may have, or one is none.
pub(crate) fn thumbprints(asked: &[String]) -> Result<Vec<String>, ApiError> {
    if asked.len() > THUMBPRINTS_MAX {
        return Err(error::too_many_thumbprints(THUMBPRINTS_MAX));
    }
    match asked.iter().find(|text| !text.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        Some(text) => Err(error::invalid_thumbprint(text)),
        None => Ok(asked.iter().map(|text| text.to_ascii_lowercase()).collect()),
    }
}
