//! What the library's parsers let pass: bytes after the end, and curves that are spelled out instead of named.

use der::Decode;
use der::asn1::AnyRef;
use pkcs8::spki::SubjectPublicKeyInfoRef;

/// Whether `bytes` are one DER value and nothing after it.
pub(crate) fn is_whole(bytes: &[u8]) -> bool {
    AnyRef::from_der(bytes).is_ok()
}

/// The public key of a SubjectPublicKeyInfo, without the name of its algorithm.
pub(crate) fn bare_public_key(spki: &[u8]) -> Option<&[u8]> {
    SubjectPublicKeyInfoRef::from_der(spki).ok()?.subject_public_key.as_bytes()
}

/// Whether `spki` is a whole SubjectPublicKeyInfo that names its curve, as RFC 5480, section 2.1.1 wants it.
pub(crate) fn names_its_curve(spki: &[u8]) -> bool {
    SubjectPublicKeyInfoRef::from_der(spki).is_ok_and(|key| key.algorithm.parameters_oid().is_ok())
}
