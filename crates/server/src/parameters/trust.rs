//! What carries requests to the endpoint, and which certificates it trusts.
//!
//! The machine's own, unless `AWS_CA_BUNDLE` or the profile's `ca_bundle` names a file: then those in it alone, as AWS's
//! clients have it. Proxies are those of the environment.

use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpClient, SharedHttpConnector};
use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use thiserror::Error;

/// There are no certificates to trust.
#[derive(Debug, Error)]
#[error("the certificates in {} (AWS_CA_BUNDLE or ca_bundle) cannot be used: {what}", .file.display())]
pub(crate) struct TrustError {
    file: PathBuf,
    what: String,
}

/// How long a connection may take to come about.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(4);

/// How long an answer may be waited for.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(60);

/// What carries requests.
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    /// For the library that finds credentials, which may have to ask for them.
    pub(super) client: SharedHttpClient,
    /// For our own requests.
    pub(super) connector: SharedHttpConnector,
}

impl Transport {
    /// One that trusts as the environment says, or the profile.
    ///
    /// # Errors
    /// The certificates that are named cannot be used.
    pub(super) fn new(of_profile: Option<&str>) -> Result<Self, TrustError> {
        let of_environment = std::env::var_os("AWS_CA_BUNDLE").filter(|file| !file.is_empty());
        let file = of_environment.map(PathBuf::from).or_else(|| of_profile.map(PathBuf::from));
        let trusted = match file {
            Some(file) => {
                let pem = read(&file).map_err(|what| TrustError { file, what })?;
                TrustStore::empty().with_pem_certificate(pem)
            }
            None => TrustStore::default(),
        };
        // Building one never fails; the type leaves room for it.
        let context = TlsContext::builder().with_trust_store(trusted).build().unwrap_or_default();
        let settings = HttpConnectorSettings::builder()
            .connect_timeout(CONNECT_TIME_MAX)
            .read_timeout(ANSWER_TIME_MAX)
            .build();
        let own = connector(Some(settings), &context);
        let client =
            Builder::new().build_with_connector_fn(move |settings, _| connector(settings.cloned(), &context));
        Ok(Self { client, connector: SharedHttpConnector::new(own) })
    }
}

fn connector(settings: Option<HttpConnectorSettings>, context: &TlsContext) -> Connector {
    let mut builder = Connector::builder().proxy_config(ProxyConfig::from_env());
    builder.set_connector_settings(settings);
    builder.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).tls_context(context.clone()).build()
}

/// Reads certificates, and makes sure that they are some: the client takes them for granted.
fn read(file: &Path) -> Result<Vec<u8>, String> {
    let pem = std::fs::read(file).map_err(|error| error.to_string())?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    if roots.is_empty() { Err("there is none in it".to_owned()) } else { Ok(pem) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("bundle.pem");
        assert!(read(&file).is_err());
        std::fs::write(&file, "nothing").unwrap();
        assert!(read(&file).is_err());
        std::fs::write(&file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
        assert!(read(&file).is_err());
    }
}
