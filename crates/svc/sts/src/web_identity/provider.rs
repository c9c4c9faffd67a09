//! The provider whose token it is, as the role's account knows it.

use alcazar_base::AccountId;
use alcazar_engine::{Reads, Result};
use alcazar_identity::oidc_provider::OidcProvider;

use crate::error;

/// The providers that every account knows, by the names that trust policies have for them.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity>
const KNOWN_TO_ALL: [&str; 2] = ["accounts.google.com", "cognito-identity.amazonaws.com"];

/// A provider.
pub(super) struct Provider {
    /// Its ARN, or its name if every account knows it.
    pub(super) id: String,
    /// Its URL without `https://`.
    pub(super) host_and_path: String,
    /// For whom its tokens may be made out; anybody, where only the trust policy says so.
    pub(super) client_ids: Option<Vec<String>>,
}

impl Provider {
    /// The provider that a token names as its issuer.
    ///
    /// # Errors
    /// The account knows none of this name, or the store failed.
    pub(super) async fn find(reads: &mut Reads<'_>, account: AccountId, issuer: &str) -> Result<Self> {
        if let Some(provider) = OidcProvider::find(&mut reads.records(), account, issuer).await? {
            return Ok(Self {
                id: provider.arn(),
                host_and_path: provider.host_and_path.clone(),
                client_ids: Some(provider.client_ids.clone()),
            });
        }
        let name = issuer.strip_prefix("https://").unwrap_or(issuer);
        let known = KNOWN_TO_ALL.iter().find(|known| **known == name);
        let known = known.ok_or_else(|| error::no_oidc_provider(issuer))?;
        Ok(Self { id: (*known).to_owned(), host_and_path: (*known).to_owned(), client_ids: None })
    }
}
