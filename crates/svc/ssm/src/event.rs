//! The events that Parameter Store tells EventBridge.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html>

use alcazar_base::{AccountId, Region};
use alcazar_engine::{Cx, Result, ServiceEvent};
use serde_json::{Value as Json, json};

use crate::parameter::Parameter;
use crate::reference::Reference;
use crate::version::Version;

/// What AWS calls events about changes.
const CHANGE: &str = "Parameter Store Change";

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

impl Change {
    fn operation(self) -> &'static str {
        match self {
            Self::Create => "Create",
            Self::Update => "Update",
            Self::Delete => "Delete",
        }
    }
}

/// Tells of a change: what it is when it has taken place, with the description unless it is gone.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn changed(cx: &mut Cx<'_>, parameter: &Parameter, change: Change) -> Result<()> {
    let is_described = change != Change::Delete;
    let detail = detail(parameter, change.operation(), is_described, json!({}));
    tell(cx, parameter, CHANGE, detail)
}

/// Tells of a label that was put on a version, perhaps taken from another. AWS tells of each label by itself, and of
/// none that is taken off.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn labelled(
    cx: &mut Cx<'_>,
    parameter: &Parameter,
    label: &str,
    was_on: Option<u64>,
    version: u64,
) -> Result<()> {
    let from = was_on.map(|number| number.to_string()).unwrap_or_default();
    let about = json!({"label": label, "fromVersion": from, "toVersion": version.to_string()});
    tell(cx, parameter, CHANGE, detail(parameter, "LabelParameterVersion", true, about))
}

/// What is told of a parameter, beside what a change is about. A parameter without a description has no such member.
fn detail(parameter: &Parameter, operation: &str, is_described: bool, mut about: Json) -> Json {
    if let Some(members) = about.as_object_mut() {
        members.insert("operation".to_owned(), json!(operation));
        members.insert("name".to_owned(), json!(parameter.name));
        members.insert("type".to_owned(), json!(parameter.latest.kind.shown().as_str()));
        if let Some(description) = parameter.latest.description.as_ref().filter(|_| is_described) {
            members.insert("description".to_owned(), json!(description));
        }
    }
    about
}

/// Tells that a version did not come about, as its image cannot be described.
///
/// Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html>
///
/// # Errors
/// The transaction is too large.
pub(crate) fn not_validated(
    cx: &mut Cx<'_>,
    reference: &Reference,
    version: &Version,
    change: Change,
) -> Result<()> {
    let Reference { account, region, name, .. } = reference;
    let detail = json!({
        "operation": change.operation(), "name": name, "type": version.kind.shown().as_str(),
        "dataType": version.data_type, "exception": "Unable to Describe Resource"});
    cx.publish(event(*account, region, reference.arn(), CHANGE, detail))
}

/// Tells an event about a parameter.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn tell(
    cx: &mut Cx<'_>,
    parameter: &Parameter,
    detail_type: &'static str,
    detail: Json,
) -> Result<()> {
    cx.publish(event(parameter.account, &parameter.region, parameter.arn(), detail_type, detail))
}

fn event(
    account: AccountId,
    region: &Region,
    arn: String,
    detail_type: &'static str,
    detail: Json,
) -> ServiceEvent {
    ServiceEvent {
        account,
        region: region.clone(),
        source: "aws.ssm",
        detail_type,
        resources: vec![arn],
        detail,
    }
}
