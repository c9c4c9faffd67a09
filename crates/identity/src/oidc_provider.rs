//! OpenID Connect providers: identity providers whose tokens sessions of roles may be begun with.
//!
//! What always holds: a provider's URL is `https`, without query or fragment, and no two of an account have the same.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html>

use std::sync::Arc;

use alcazar_base::{AccountId, Arn, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Name, Records, Result};
use minicbor::{Decode, Encode};

use crate::entity;
use crate::tag::Tag;

const TABLE: &str = "iam.oidc_provider";

/// What a provider's URL begins with.
const SCHEME: &str = "https://";

/// What an ARN's resource begins with.
const RESOURCE: &str = "oidc-provider/";

/// An OpenID Connect provider. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct OidcProvider {
    /// The account.
    #[n(0)]
    pub account: AccountId,
    /// The URL without `https://`: a host and a path, if it has one.
    #[n(1)]
    pub host_and_path: String,
    /// The client ids, also known as audiences, whose tokens it vouches for.
    #[n(2)]
    pub client_ids: Vec<String>,
    /// The thumbprints of certificates that its host may have, beside those that are trusted anyway.
    #[n(3)]
    pub thumbprints: Vec<String>,
    /// When it was made.
    #[n(4)]
    pub created: Timestamp,
    /// Its tags.
    #[n(5)]
    pub tags: Vec<Tag>,
}

impl OidcProvider {
    /// The account's provider of a URL, with or without `https://`: what a token's `iss` says.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find(records: &mut Records<'_>, account: AccountId, url: &str) -> Result<Option<Arc<Self>>> {
        let name = provider_name(&records.keyring(), account, url.strip_prefix(SCHEME).unwrap_or(url));
        records.get(&name).await
    }

    /// The provider of an ARN.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find_by_arn(records: &mut Records<'_>, arn: &str) -> Result<Option<Arc<Self>>> {
        let Ok(parsed) = arn.parse::<Arn>() else { return Ok(None) };
        let Ok(account) = parsed.account.parse() else { return Ok(None) };
        let Some(host_and_path) = parsed.resource.strip_prefix(RESOURCE) else { return Ok(None) };
        let found = Self::find(records, account, host_and_path).await?;
        Ok(found.filter(|provider| provider.arn() == arn))
    }

    /// The ARN.
    #[must_use]
    pub fn arn(&self) -> String {
        arn(self.account, &self.host_and_path)
    }

    /// The URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{SCHEME}{}", self.host_and_path)
    }
}

/// The host and path of a provider's URL; none if it is no URL that a provider may have.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html>
#[must_use]
pub fn host_and_path(url: &str) -> Option<&str> {
    let host_and_path = url.strip_prefix(SCHEME)?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%:/+=,".contains(&byte);
    let host = host_and_path.split('/').next().unwrap_or_default();
    let is_host = host.starts_with(|first: char| first.is_ascii_alphanumeric());
    (is_host && host_and_path.bytes().all(is_plain)).then_some(host_and_path)
}

/// The ARN of an account's provider.
#[must_use]
pub fn arn(account: AccountId, host_and_path: &str) -> String {
    format!("arn:aws:iam::{account}:{RESOURCE}{host_and_path}")
}

/// The name of a provider's record.
#[must_use]
pub fn provider_name(keyring: &Keyring, account: AccountId, host_and_path: &str) -> Name {
    entity::of_account(TABLE, account).blind(keyring, host_and_path).name()
}

/// All providers of an account.
#[must_use]
pub fn providers(account: AccountId) -> NameRange {
    entity::of_account(TABLE, account).range()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_https_with_a_host_and_without_a_query() {
        assert_eq!(host_and_path("https://example.com"), Some("example.com"));
        assert_eq!(host_and_path("https://oidc.example.com/id/A1"), Some("oidc.example.com/id/A1"));
        assert_eq!(host_and_path("https://localhost:8443/x"), Some("localhost:8443/x"));
        for bad in [
            "",
            "example.com",
            "http://example.com",
            "https://",
            "https:///x",
            "https://a?b",
            "https://a#b",
            "https://u@a",
            "https://a b",
        ] {
            assert_eq!(host_and_path(bad), None, "{bad}");
        }
    }
}
