//! What KMS tells `EventBridge` of keys, as it tells it there.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/kms-events.html>

use alcazar_engine::{Cx, Result, ServiceEvent};
use serde_json::{Value as Json, json};

use crate::key::Key;

/// What happened to a key.
pub(crate) enum KeyEvent {
    /// It got new material.
    Rotation { on_demand: bool, previous: Option<String>, current: Option<String> },
    /// Imported material of it expired.
    ImportedMaterialExpiration { material: String },
    /// It was deleted.
    Deletion,
}

impl KeyEvent {
    fn detail_type(&self) -> &'static str {
        match self {
            Self::Rotation { .. } => "KMS CMK Rotation",
            Self::ImportedMaterialExpiration { .. } => "KMS Imported Key Material Expiration",
            Self::Deletion => "KMS CMK Deletion",
        }
    }

    fn detail(self, key: &Key) -> Json {
        match self {
            Self::Rotation { on_demand, previous, current } => json!({
                "key-id": key.key_id,
                "key-origin": key.origin.as_str(),
                "rotation-type": rotation_type(on_demand),
                "previous-key-material-id": previous,
                "current-key-material-id": current,
            }),
            Self::ImportedMaterialExpiration { material } => {
                json!({"key-id": key.key_id, "key-material-id": material})
            }
            Self::Deletion => json!({"key-id": key.key_id}),
        }
    }
}

/// What a rotation's type is called.
pub(crate) fn rotation_type(on_demand: bool) -> &'static str {
    if on_demand { "ON_DEMAND" } else { "AUTOMATIC" }
}

/// Tells what happened to a key, after the commit.
///
/// # Errors
/// The delivery cannot be written.
pub(crate) fn publish(cx: &mut Cx<'_>, key: &Key, event: KeyEvent) -> Result<()> {
    cx.publish(ServiceEvent {
        account: key.account,
        region: key.region.clone(),
        source: "aws.kms",
        detail_type: event.detail_type(),
        resources: vec![key.arn().to_owned()],
        detail: event.detail(key),
    })
}
