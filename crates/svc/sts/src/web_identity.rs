//! Who calls by a token of an OpenID Connect provider, and what the provider says of them.
//!
//! What always holds: whoever is told of here was vouched for by a signature of a provider that the role's account knows,
//! in a token for an audience that the account allows, within the token's time.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html>

mod claims;
mod keys;
mod provider;
mod token;

use alcazar_base::AccountId;
use alcazar_engine::{Reads, Result};
use alcazar_policy::Context;
use alcazar_shape::ApiError;

use self::claims::Claims;
use self::provider::Provider;
use self::token::IdToken;
use crate::error;
use crate::session_tag::SessionTags;

/// Someone whom a provider vouches for.
#[derive(Debug)]
pub(crate) struct Vouched {
    /// The provider's ARN, or its name if every account knows it.
    pub(crate) provider: String,
    /// What condition keys of the provider begin with.
    prefix: String,
    /// For whom the token was made out.
    pub(crate) audience: String,
    /// Who it is.
    pub(crate) subject: String,
    /// By which methods the provider knows it.
    methods: Vec<String>,
    /// Tags for the session.
    pub(crate) tags: SessionTags,
    /// The source identity.
    pub(crate) source_identity: Option<String>,
}

impl Vouched {
    /// Checks a token, for a role of `account`.
    ///
    /// # Errors
    /// It vouches for nobody, or the provider could not be asked for its keys.
    pub(crate) async fn verify(reads: &mut Reads<'_>, account: AccountId, text: &str) -> Result<Self> {
        let token = IdToken::read(text)?;
        let claims = Claims::read(&token.claims)?;
        let provider = Provider::find(reads, account, &claims.issuer).await?;
        keys::verify(reads, &provider, &claims.issuer, &token).await?;
        claims.must_be_in_time(reads.now())?;
        let audience = audience(&claims, provider.client_ids.as_deref())?;
        Ok(Self {
            provider: provider.id,
            prefix: provider.host_and_path,
            audience,
            subject: claims.subject,
            methods: claims.methods,
            tags: claims.tags,
            source_identity: claims.source_identity,
        })
    }

    /// What policies may ask of whoever is vouched for, as condition keys with values.
    pub(crate) fn keys(&self) -> Vec<(String, String)> {
        let Self { prefix, audience, subject, methods, .. } = self;
        let mut keys =
            vec![(format!("{prefix}:aud"), audience.clone()), (format!("{prefix}:sub"), subject.clone())];
        keys.extend(methods.iter().map(|method| (format!("{prefix}:amr"), method.clone())));
        keys
    }

    /// Adds them to a question.
    pub(crate) fn add_to(&self, context: &mut Context) {
        for (key, value) in self.keys() {
            context.insert(key, value);
        }
        if let Some(source_identity) = &self.source_identity {
            context.insert("sts:SourceIdentity", source_identity.clone());
        }
        self.tags.add_to(context);
    }
}

/// For whom the token was made out: for the party that it names as authorized, if it names one.
fn audience(claims: &Claims, client_ids: Option<&[String]>) -> std::result::Result<String, ApiError> {
    let is_known = |audience: &&String| client_ids.is_none_or(|ids| ids.contains(audience));
    let named = match &claims.authorized_party {
        Some(party) => Some(party).filter(is_known),
        None => claims.audiences.iter().find(is_known),
    };
    named.cloned().ok_or_else(error::incorrect_audience)
}
