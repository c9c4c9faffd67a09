//! Where Parameter Store is, and with which credentials: found as the AWS SDKs find it, by the AWS SDK's own library.
//!
//! What always holds: whatever of AWS is set, in the environment, in `~/.aws` or on the command line, counts before a
//! server on this machine. That is taken only where nothing is set, and it is really running; or where its data
//! directory is named.
//!
//! Source: <https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html>

use std::borrow::Cow;
use std::path::Path;

use aws_config::profile::ProfileSet;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal::{Env, Fs};
use aws_types::service_config::ServiceConfigKey;
use http::Uri;
use thiserror::Error;

use super::trust::{Transport, TrustError};
use crate::control;
use crate::data_dir::{DataDir, DataDirError, Profile, REGION};

/// Variables that say how to reach AWS. A region alone does not.
const REACHING: [&str; 8] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_SSM",
    "AWS_ROLE_ARN",
];

/// Settings of a profile that say how to reach AWS.
const REACHING_IN_PROFILE: [&str; 8] = [
    "aws_access_key_id",
    "role_arn",
    "credential_process",
    "sso_session",
    "sso_start_url",
    "login_session",
    "endpoint_url",
    "services",
];

/// Where the people who call want their parameters from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// The profile.
    pub(crate) profile: Option<String>,
    /// The region.
    pub(crate) region: Option<String>,
    /// The endpoint.
    pub(crate) endpoint_url: Option<String>,
    /// The data directory of a server on this machine, whose administrator is to call.
    pub(crate) data_dir: Option<String>,
}

/// What takes a client to Parameter Store.
#[derive(Debug)]
pub(crate) struct Connection {
    /// The region that requests are signed for.
    pub(crate) region: String,
    /// Where requests go.
    pub(crate) endpoint: Uri,
    /// Who calls.
    pub(crate) credentials: SharedCredentialsProvider,
    /// What carries requests there.
    pub(crate) transport: Transport,
}

/// No way to Parameter Store was found.
#[derive(Debug, Error)]
pub(crate) enum ConnectionError {
    /// No region.
    #[error("no region: name one with --region, AWS_REGION, or `region` in the profile")]
    Region,
    /// A URL that is none.
    #[error("the endpoint {0:?} is no URL such as https://ssm.us-east-1.amazonaws.com")]
    Endpoint(String),
    /// The profile files cannot be read.
    #[error("the AWS profile files cannot be read: {0}")]
    Profiles(String),
    /// There is no such profile.
    #[error("the AWS profile files have no profile {0}")]
    Profile(String),
    /// There are no certificates to trust.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The data directory's profile cannot be read.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The data directory has no profile.
    #[error("{0} holds no profile of an administrator; `alcazar credentials` writes it")]
    NoAdministrator(String),
}

type Result<T> = std::result::Result<T, ConnectionError>;

impl Connection {
    /// Finds the way. `data_dir` gives the data directory of this machine, if nothing else is set.
    ///
    /// # Errors
    /// There is none.
    pub(crate) async fn find(wanted: &Wanted, data_dir: impl FnOnce() -> Option<DataDir>) -> Result<Self> {
        if let Some(path) = &wanted.data_dir {
            let administrator = Profile::read(&DataDir::new(path).profile_path())?;
            let administrator =
                administrator.ok_or_else(|| ConnectionError::NoAdministrator(path.clone()))?;
            return Self::of_administrator(wanted, administrator);
        }
        let profiles = load_profiles(wanted).await?;
        if !is_configured(wanted, &profiles, &|name| {
            std::env::var_os(name).is_some_and(|set| !set.is_empty())
        }) && let Some(administrator) = data_dir().and_then(|directory| running(directory.path()))
        {
            return Self::of_administrator(wanted, administrator);
        }
        Self::of_aws(wanted, &profiles).await
    }

    async fn of_aws(wanted: &Wanted, profiles: &ProfileSet) -> Result<Self> {
        let transport = Transport::new(profiles.get("ca_bundle"))?;
        let mut loader =
            aws_config::defaults(BehaviorVersion::latest()).http_client(transport.client.clone());
        if let Some(profile) = &wanted.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &wanted.region {
            loader = loader.region(Region::new(region.clone()));
        }
        let config = loader.load().await;
        let region = config.region().map(ToString::to_string);
        // The other SDKs know this name of the variable, the library does not.
        let region =
            region.or_else(|| std::env::var("AWS_DEFAULT_REGION").ok()).ok_or(ConnectionError::Region)?;
        let endpoint = match (&wanted.endpoint_url, configured_endpoint(&config)) {
            (Some(url), _) => url.clone(),
            (None, Some(url)) => url,
            (None, None) => default_endpoint(&region, &config),
        };
        let credentials = config.credentials_provider();
        let credentials = credentials.unwrap_or_else(|| SharedCredentialsProvider::new(NoCredentials));
        Ok(Self { endpoint: parse_endpoint(&endpoint)?, region, credentials, transport })
    }

    fn of_administrator(wanted: &Wanted, administrator: Profile) -> Result<Self> {
        let credentials = Credentials::new(
            administrator.access_key_id,
            administrator.secret_access_key.expose(),
            None,
            None,
            "alcazar",
        );
        let from_environment = || ["AWS_REGION", "AWS_DEFAULT_REGION"].map(|name| std::env::var(name).ok());
        let region = wanted.region.clone().or_else(|| from_environment().into_iter().flatten().next());
        let endpoint = wanted.endpoint_url.as_deref().unwrap_or(&administrator.endpoint_url);
        Ok(Self {
            region: region.unwrap_or_else(|| REGION.to_owned()),
            endpoint: parse_endpoint(endpoint)?,
            credentials: SharedCredentialsProvider::new(credentials),
            transport: Transport::new(None)?,
        })
    }
}

/// A chain that was given nothing to find.
#[derive(Debug)]
struct NoCredentials;

impl ProvideCredentials for NoCredentials {
    fn provide_credentials<'a>(&'a self) -> aws_credential_types::provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        use aws_credential_types::provider::error::CredentialsError;
        use aws_credential_types::provider::future;
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("no credentials are set")))
    }
}

async fn load_profiles(wanted: &Wanted) -> Result<ProfileSet> {
    let name = wanted.profile.clone().map(Cow::Owned);
    let loaded = aws_config::profile::load(&Fs::real(), &Env::real(), &EnvConfigFiles::default(), name).await;
    let profiles = loaded.map_err(|error| ConnectionError::Profiles(chain(&error)))?;
    match &wanted.profile {
        Some(name) if profiles.get_profile(name).is_none() => Err(ConnectionError::Profile(name.clone())),
        _ => Ok(profiles),
    }
}

/// Whether anything says how to reach AWS.
fn is_configured(wanted: &Wanted, profiles: &ProfileSet, is_set: &dyn Fn(&str) -> bool) -> bool {
    wanted.profile.is_some()
        || wanted.endpoint_url.is_some()
        || REACHING.iter().any(|name| is_set(name))
        || REACHING_IN_PROFILE.iter().any(|setting| profiles.get(setting).is_some())
}

/// The administrator of the server that runs on the data directory, if one runs there and its profile may be read.
fn running(data_dir: &Path) -> Option<Profile> {
    control::Client::connect(data_dir)?;
    Profile::read(&DataDir::new(data_dir).profile_path()).ok().flatten()
}

/// The endpoint of this service, or of all services, that the environment or the profile names.
fn configured_endpoint(config: &SdkConfig) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id("SSM")
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    let of_service = config.service_config().and_then(|service| service.load_config(key));
    of_service.or_else(|| config.endpoint_url().map(str::to_owned))
}

/// AWS's own endpoint.
///
/// Source: <https://docs.aws.amazon.com/general/latest/gr/ssm.html>
fn default_endpoint(region: &str, config: &SdkConfig) -> String {
    let fips = if config.use_fips().unwrap_or_default() { "-fips" } else { "" };
    let (plain, dual_stack) = match region {
        region if region.starts_with("cn-") => ("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
        region if region.starts_with("eusc-") => ("amazonaws.eu", "api.amazonwebservices.eu"),
        region if region.starts_with("us-iso-") => ("c2s.ic.gov", "api.aws.ic.gov"),
        region if region.starts_with("us-isob-") => ("sc2s.sgov.gov", "api.aws.scloud"),
        _ => ("amazonaws.com", "api.aws"),
    };
    let suffix = if config.use_dual_stack().unwrap_or_default() { dual_stack } else { plain };
    format!("https://ssm{fips}.{region}.{suffix}")
}

fn parse_endpoint(url: &str) -> Result<Uri> {
    let parsed = url.parse::<Uri>().ok().filter(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some() && uri.query().is_none()
    });
    parsed.ok_or_else(|| ConnectionError::Endpoint(url.to_owned()))
}

/// What an error says, and what those below it say.
pub(super) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    /// How many errors below one another are told.
    const CAUSES_MAX: usize = 8;
    let causes = std::iter::successors(Some(error), |error| error.source()).take(CAUSES_MAX);
    let mut told: Vec<String> = Vec::new();
    for text in causes.map(ToString::to_string) {
        // Some say what is below them too.
        if !told.last().is_some_and(|before| before.contains(&text)) {
            told.push(text);
        }
    }
    told.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn no_profiles() -> ProfileSet {
        ProfileSet::default()
    }

    #[test]
    fn whatever_is_set_of_aws_counts_before_a_server_on_this_machine() {
        let nothing = Wanted::default();
        assert!(!is_configured(&nothing, &no_profiles(), &|_| false));
        assert!(!is_configured(&nothing, &no_profiles(), &|name| name == "AWS_REGION"));
        for name in REACHING {
            assert!(is_configured(&nothing, &no_profiles(), &|set| set == name), "{name}");
        }
        let profile = Wanted { profile: Some("x".to_owned()), ..Wanted::default() };
        assert!(is_configured(&profile, &no_profiles(), &|_| false));
    }

    #[test]
    fn endpoints_are_those_of_the_regions_partition() {
        let plain = SdkConfig::builder().build();
        let fips = SdkConfig::builder().use_fips(true).use_dual_stack(true).build();
        assert_eq!(default_endpoint("eu-west-1", &plain), "https://ssm.eu-west-1.amazonaws.com");
        assert_eq!(default_endpoint("cn-north-1", &plain), "https://ssm.cn-north-1.amazonaws.com.cn");
        assert_eq!(default_endpoint("us-gov-west-1", &plain), "https://ssm.us-gov-west-1.amazonaws.com");
        assert_eq!(default_endpoint("us-east-1", &fips), "https://ssm-fips.us-east-1.api.aws");
    }

    #[test]
    fn an_endpoint_is_a_url() {
        assert!(parse_endpoint("http://127.0.0.1:4566").is_ok());
        assert!(parse_endpoint("https://proxy.example.com/ssm/").is_ok());
        for wrong in ["", "127.0.0.1:4566", "ftp://a", "http://", "http://a/?b"] {
            assert!(parse_endpoint(wrong).is_err(), "{wrong}");
        }
    }
}
