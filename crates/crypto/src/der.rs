//! Whether DER ends where it says: the library's parsers leave what follows unread.

use der::Decode;
use der::asn1::AnyRef;

/// Whether `bytes` are one DER value and nothing after it.
pub(crate) fn is_whole(bytes: &[u8]) -> bool {
    AnyRef::from_der(bytes).is_ok()
}
