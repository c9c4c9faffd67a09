//! Saying what a call used of a key, for its last use and for the bill.
//!
//! Every cryptographic operation says so once, when it has succeeded: right before it answers. A rehearsal and a call
//! that fails say nothing. The other operations need not say anything: they count as plain requests by themselves.

use alcazar_api_kms::types::DataKeyPairSpec;
use alcazar_engine::Cx;

use crate::key::Key;
use crate::price;

/// The key was used: one request in the class of its spec, and its last use.
pub(crate) fn used(cx: &mut Cx<'_>, key: &Key) {
    cx.meter_use(key.arn(), price::request_class(key.spec));
}

/// The key encrypted a data key pair of this spec, which has a price of its own.
pub(crate) fn made_data_key_pair(cx: &mut Cx<'_>, key: &Key, spec: DataKeyPairSpec) {
    cx.meter_use(key.arn(), price::data_key_pair_class(spec));
}

/// The key was used as the first of two: its last use, but no request by itself.
pub(crate) fn used_as_source(cx: &mut Cx<'_>, key: &Key) {
    cx.note_use(key.arn());
}

/// Something was asked of the key that is billed in the class of its spec, and is no use of it.
pub(crate) fn asked(cx: &mut Cx<'_>, key: &Key) {
    cx.meter_request(key.arn(), price::request_class(key.spec));
}

/// Tells the audit log which key a call changed whose answer does not say it.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/ct-enablekey.html>
pub(crate) fn changed(cx: &mut Cx<'_>, key: &Key) {
    cx.note_answer("keyId", key.arn());
}

/// Tells the audit log which material a key did it with.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/ct-encrypt.html>
pub(crate) fn under(cx: &mut Cx<'_>, key_material_id: Option<&str>) {
    if let Some(id) = key_material_id {
        cx.note_data("keyMaterialId", id);
    }
}
