//! What a connection proves with who calls.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-auth.html>

use alcazar_api_events::types::{
    ConnectionApiKeyAuthResponseParameters, ConnectionAuthResponseParameters, ConnectionAuthorizationType,
    ConnectionBasicAuthResponseParameters, ConnectionOAuthClientResponseParameters,
    ConnectionOAuthHttpMethod, ConnectionOAuthResponseParameters, CreateConnectionAuthRequestParameters,
    UpdateConnectionAuthRequestParameters,
};
use alcazar_base::SecretString;
use alcazar_engine::port::outbound::HttpUrl;
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use super::parameter::Parameters;
use crate::error;

/// How a connection proves who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum Kind {
    /// With a name and a password.
    #[n(0)]
    Basic,
    /// With a header of its own.
    #[n(1)]
    ApiKey,
    /// With a token that it asks another endpoint for.
    #[n(2)]
    OAuth,
}

impl From<ConnectionAuthorizationType> for Kind {
    fn from(kind: ConnectionAuthorizationType) -> Self {
        match kind {
            ConnectionAuthorizationType::Basic => Self::Basic,
            ConnectionAuthorizationType::ApiKey => Self::ApiKey,
            ConnectionAuthorizationType::OauthClientCredentials => Self::OAuth,
        }
    }
}

impl From<Kind> for ConnectionAuthorizationType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Basic => Self::Basic,
            Kind::ApiKey => Self::ApiKey,
            Kind::OAuth => Self::OauthClientCredentials,
        }
    }
}

/// What a connection proves with who calls.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Credentials {
    /// A name and a password.
    #[n(0)]
    Basic {
        /// The name.
        #[n(0)]
        username: String,
        /// The password.
        #[n(1)]
        password: SecretString,
    },
    /// A header.
    #[n(1)]
    ApiKey {
        /// Its name.
        #[n(0)]
        name: String,
        /// What it says.
        #[n(1)]
        value: SecretString,
    },
    /// A client of an authorization server.
    #[n(2)]
    OAuth(#[n(0)] OAuth),
}

/// A client of an authorization server.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct OAuth {
    /// The client's id.
    #[n(0)]
    pub client_id: String,
    /// Its secret.
    #[n(1)]
    pub client_secret: SecretString,
    /// Where tokens are asked for.
    #[n(2)]
    pub endpoint: String,
    /// `GET`, `POST` or `PUT`.
    #[n(3)]
    pub method: String,
    /// What requests for tokens have beside.
    #[n(4)]
    pub parameters: Option<Parameters>,
}

/// What a request gives, as far as it does.
#[derive(Default)]
pub(crate) struct Given {
    basic: Option<(Option<String>, Option<SecretString>)>,
    api_key: Option<(Option<String>, Option<SecretString>)>,
    oauth: Option<GivenOAuth>,
}

#[derive(Default)]
struct GivenOAuth {
    client_id: Option<String>,
    client_secret: Option<SecretString>,
    endpoint: Option<String>,
    method: Option<ConnectionOAuthHttpMethod>,
    parameters: Option<Parameters>,
}

impl Given {
    /// Reads what a new connection is given.
    ///
    /// # Errors
    /// A parameter is incomplete, or two have the same name.
    pub(crate) fn of_new(given: &CreateConnectionAuthRequestParameters) -> Result<Self, ApiError> {
        let oauth = given.o_auth_parameters.as_ref().map(|oauth| {
            Ok::<_, ApiError>(GivenOAuth {
                client_id: Some(oauth.client_parameters.client_id.clone()),
                client_secret: Some(oauth.client_parameters.client_secret.clone()),
                endpoint: Some(oauth.authorization_endpoint.clone()),
                method: Some(oauth.http_method),
                parameters: oauth.o_auth_http_parameters.as_ref().map(Parameters::read).transpose()?,
            })
        });
        let basic = given.basic_auth_parameters.as_ref();
        let api_key = given.api_key_auth_parameters.as_ref();
        Ok(Self {
            basic: basic.map(|basic| (Some(basic.username.clone()), Some(basic.password.clone()))),
            api_key: api_key.map(|key| (Some(key.api_key_name.clone()), Some(key.api_key_value.clone()))),
            oauth: oauth.transpose()?,
        })
    }

    /// Reads what a connection is given instead of what it has.
    ///
    /// # Errors
    /// As [`Self::of_new`].
    pub(crate) fn of_change(given: &UpdateConnectionAuthRequestParameters) -> Result<Self, ApiError> {
        let oauth = given.o_auth_parameters.as_ref().map(|oauth| {
            let client = oauth.client_parameters.as_ref();
            Ok::<_, ApiError>(GivenOAuth {
                client_id: client.and_then(|client| client.client_id.clone()),
                client_secret: client.and_then(|client| client.client_secret.clone()),
                endpoint: oauth.authorization_endpoint.clone(),
                method: oauth.http_method,
                parameters: oauth.o_auth_http_parameters.as_ref().map(Parameters::read).transpose()?,
            })
        });
        let basic = given.basic_auth_parameters.as_ref();
        let api_key = given.api_key_auth_parameters.as_ref();
        Ok(Self {
            basic: basic.map(|basic| (basic.username.clone(), basic.password.clone())),
            api_key: api_key.map(|key| (key.api_key_name.clone(), key.api_key_value.clone())),
            oauth: oauth.transpose()?,
        })
    }

    /// Whether nothing is given.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.basic.is_none() && self.api_key.is_none() && self.oauth.is_none()
    }

    /// The credentials of a kind that this makes, together with those that are there.
    ///
    /// # Errors
    /// Something is missing, or of another kind.
    pub(crate) fn onto(self, kind: Kind, old: Option<&Credentials>) -> Result<Credentials, ApiError> {
        let (name, others_given) = match kind {
            Kind::Basic => ("BasicAuthParameters", self.api_key.is_some() || self.oauth.is_some()),
            Kind::ApiKey => ("ApiKeyAuthParameters", self.basic.is_some() || self.oauth.is_some()),
            Kind::OAuth => ("OAuthParameters", self.basic.is_some() || self.api_key.is_some()),
        };
        let missing =
            || error::connection::parameters_required(name, ConnectionAuthorizationType::from(kind).as_str());
        if others_given {
            return Err(missing());
        }
        match kind {
            Kind::Basic => {
                let (username, password) = self.basic.unwrap_or_default();
                let old = old.and_then(Credentials::as_basic);
                let username = username.or_else(|| old.map(|(username, _)| username.clone()));
                let password = password.or_else(|| old.map(|(_, password)| password.clone()));
                let (username, password) = username.zip(password).ok_or_else(missing)?;
                Ok(Credentials::Basic { username, password })
            }
            Kind::ApiKey => {
                let (name, value) = self.api_key.unwrap_or_default();
                let old = old.and_then(Credentials::as_api_key);
                let name = name.or_else(|| old.map(|(name, _)| name.clone()));
                let value = value.or_else(|| old.map(|(_, value)| value.clone()));
                let (name, value) = name.zip(value).ok_or_else(missing)?;
                Ok(Credentials::ApiKey { name, value })
            }
            Kind::OAuth => {
                let old = old.and_then(Credentials::as_oauth);
                self.oauth.unwrap_or_default().onto(old).ok_or_else(missing)?.checked()
            }
        }
    }
}

impl GivenOAuth {
    fn onto(self, old: Option<&OAuth>) -> Option<OAuth> {
        let method = self.method.map(|method| method.as_str().to_owned());
        Some(OAuth {
            client_id: self.client_id.or_else(|| Some(old?.client_id.clone()))?,
            client_secret: self.client_secret.or_else(|| Some(old?.client_secret.clone()))?,
            endpoint: self.endpoint.or_else(|| Some(old?.endpoint.clone()))?,
            method: method.or_else(|| Some(old?.method.clone()))?,
            parameters: self.parameters.or_else(|| old?.parameters.clone()),
        })
    }
}

impl OAuth {
    fn checked(self) -> Result<Credentials, ApiError> {
        match HttpUrl::parse(&self.endpoint).filter(|url| url.tls && url.user_info.is_none()) {
            Some(_) => Ok(Credentials::OAuth(self)),
            None => Err(error::connection::invalid_endpoint("AuthorizationEndpoint")),
        }
    }
}

impl Credentials {
    fn as_basic(&self) -> Option<(&String, &SecretString)> {
        if let Self::Basic { username, password } = self { Some((username, password)) } else { None }
    }

    fn as_api_key(&self) -> Option<(&String, &SecretString)> {
        if let Self::ApiKey { name, value } = self { Some((name, value)) } else { None }
    }

    /// The client of an authorization server, if it is one.
    #[must_use]
    pub(crate) fn as_oauth(&self) -> Option<&OAuth> {
        if let Self::OAuth(oauth) = self { Some(oauth) } else { None }
    }

    /// Puts what is told of them where it is told.
    pub(super) fn show(&self, shown: &mut ConnectionAuthResponseParameters) {
        match self {
            Self::Basic { username, .. } => {
                shown.basic_auth_parameters =
                    Some(ConnectionBasicAuthResponseParameters { username: Some(username.clone()) });
            }
            Self::ApiKey { name, .. } => {
                shown.api_key_auth_parameters =
                    Some(ConnectionApiKeyAuthResponseParameters { api_key_name: Some(name.clone()) });
            }
            Self::OAuth(oauth) => {
                let client =
                    ConnectionOAuthClientResponseParameters { client_id: Some(oauth.client_id.clone()) };
                shown.o_auth_parameters = Some(ConnectionOAuthResponseParameters {
                    client_parameters: Some(client),
                    authorization_endpoint: Some(oauth.endpoint.clone()),
                    http_method: oauth.method.parse().ok(),
                    o_auth_http_parameters: oauth.parameters.as_ref().map(Parameters::shown),
                });
            }
        }
    }
}
