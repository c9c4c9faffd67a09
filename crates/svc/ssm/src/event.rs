//! The events that Parameter Store tells EventBridge.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html>

use alcazar_engine::{Cx, Result, ServiceEvent};
use serde_json::json;

use crate::parameter::Parameter;

/// What happened to a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// It was made.
    Create,
    /// It has a new version.
    Update,
    /// It was deleted.
    Delete,
}

/// Tells of a change.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn changed(cx: &mut Cx<'_>, parameter: &Parameter, change: Change) -> Result<()> {
    let operation = match change {
        Change::Create => "Create",
        Change::Update => "Update",
        Change::Delete => "Delete",
    };
    let mut detail = json!({
        "operation": operation, "name": parameter.name, "type": parameter.latest.kind.shown().as_str()});
    if let Some(description) = &parameter.latest.description
        && change != Change::Delete
    {
        detail["description"] = json!(description);
    }
    tell(cx, parameter, "Parameter Store Change", detail)
}

/// Tells an event about a parameter.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn tell(
    cx: &mut Cx<'_>,
    parameter: &Parameter,
    detail_type: &'static str,
    detail: serde_json::Value,
) -> Result<()> {
    cx.publish(ServiceEvent {
        account: parameter.account,
        region: parameter.region.clone(),
        source: "aws.ssm",
        detail_type,
        resources: vec![parameter.arn()],
        detail,
    })
}
