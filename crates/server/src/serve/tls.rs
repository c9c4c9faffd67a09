//! TLS 1.2 and 1.3 by rustls, with post-quantum key exchange preferred.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::ServeError;

/// The TLS configuration of a certificate chain and its key, both as PEM files.
///
/// # Errors
/// A file cannot be read, or the two do not belong together.
pub(crate) fn configuration(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, ServeError> {
    let unreadable =
        |path: &Path, cause: &dyn std::fmt::Display| ServeError::Tls(format!("{}: {cause}", path.display()));
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|cause| unreadable(certificate, &cause))?;
    if chain.is_empty() {
        return Err(unreadable(certificate, &"there is no certificate in it"));
    }
    let private_key = PrivateKeyDer::from_pem_file(key).map_err(|cause| unreadable(key, &cause))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut configuration = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|cause| ServeError::Tls(cause.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, private_key)
        .map_err(|cause| unreadable(certificate, &cause))?;
    configuration.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(configuration))
}
