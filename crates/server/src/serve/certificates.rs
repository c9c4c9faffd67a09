//! The certificates that the operator trusts: to vouch for attested callers, or for hosts outside.

use std::path::Path;
use std::sync::Arc;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

/// The certificates of a PEM file, in DER.
///
/// # Errors
/// The file cannot be read, or there is no certificate in it.
pub(super) fn read(file: &Path) -> Result<Arc<[Vec<u8>]>, String> {
    let unreadable = |cause: &dyn std::fmt::Display| format!("{}: {cause}", file.display());
    let certificates = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|cause| unreadable(&cause))?;
    if certificates.is_empty() {
        return Err(unreadable(&"there is no certificate in it"));
    }
    Ok(certificates.into_iter().map(|certificate| certificate.as_ref().to_vec()).collect())
}
