//! The policies of buses: what is checked before one is stored, and the statements that `PutPermission` writes.
//!
//! What a document says stays as it was written; only the statement that is asked for changes.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html>

use alcazar_api_events::operation::PutPermissionRequest;
use alcazar_engine::{Reads, Result};
use alcazar_identity::document::Document;
use alcazar_policy::{ParseReason, PolicyDocument, PolicyKind};
use alcazar_shape::ApiError;
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::bus::Bus;
use crate::error::permission as error;
use crate::quota;

/// The only action that `PutPermission` gives by its parameters.
const ACTION: &str = "events:PutEvents";

/// The version of documents that are made here.
const VERSION: &str = "2012-10-17";

/// A document in its pieces.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Pieces<'t> {
    #[serde(borrow)]
    version: Option<&'t RawValue>,
    #[serde(borrow)]
    id: Option<&'t RawValue>,
    #[serde(borrow)]
    statement: &'t RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Sid {
    sid: Option<String>,
}

/// A document's statements, each with its id, and what stands before them.
struct Statements {
    head: String,
    statements: Vec<(Option<String>, String)>,
}

impl Statements {
    fn of(bus: &Bus) -> Result<Self, ApiError> {
        let Some(policy) = &bus.policy else {
            return Ok(Self { head: format!("\"Version\":\"{VERSION}\""), statements: Vec::new() });
        };
        let pieces: Pieces<'_> = serde_json::from_str(&policy.text).map_err(|_| error::invalid_policy())?;
        let version =
            pieces.version.map_or_else(|| "\"2008-10-17\"".to_owned(), |text| text.get().to_owned());
        let id = pieces.id.map(|id| format!(",\"Id\":{}", id.get())).unwrap_or_default();
        let all: Vec<&RawValue> = match serde_json::from_str(pieces.statement.get()) {
            Ok(all) => all,
            Err(_) => vec![pieces.statement],
        };
        let with_id = |statement: &RawValue| {
            let sid = serde_json::from_str::<Sid>(statement.get()).ok().and_then(|sid| sid.sid);
            (sid, statement.get().to_owned())
        };
        Ok(Self {
            head: format!("\"Version\":{version}{id}"),
            statements: all.into_iter().map(with_id).collect(),
        })
    }

    /// The document; none without statements.
    fn text(&self) -> Option<String> {
        let statements: Vec<&str> = self.statements.iter().map(|(_, text)| text.as_str()).collect();
        (!statements.is_empty())
            .then(|| format!("{{{},\"Statement\":[{}]}}", self.head, statements.join(",")))
    }
}

/// The document that a bus has with one more statement, in the place of one with the same id.
///
/// # Errors
/// The request does not make a statement.
pub(crate) fn with_statement(bus: &Bus, request: &PutPermissionRequest) -> Result<String, ApiError> {
    let (sid, statement) = statement(bus, request)?;
    let mut document = Statements::of(bus)?;
    match document.statements.iter_mut().find(|(id, _)| id.as_deref() == Some(sid)) {
        Some((_, text)) => *text = statement,
        None => document.statements.push((Some(sid.to_owned()), statement)),
    }
    Ok(document.text().unwrap_or_default())
}

/// The document that a bus has without a statement; none if that was the last one.
///
/// # Errors
/// It has no such statement.
pub(crate) fn without_statement(bus: &Bus, sid: &str) -> Result<Option<String>, ApiError> {
    let mut document = Statements::of(bus)?;
    let before = document.statements.len();
    document.statements.retain(|(id, _)| id.as_deref() != Some(sid));
    if document.statements.len() == before {
        return Err(error::statement_not_found());
    }
    Ok(document.text())
}

fn statement<'r>(bus: &Bus, request: &'r PutPermissionRequest) -> Result<(&'r str, String), ApiError> {
    let given = |value: &'r Option<String>, name: &str| {
        value.as_deref().ok_or_else(|| error::parameter_missing(name))
    };
    let action = given(&request.action, "Action")?;
    let principal = given(&request.principal, "Principal")?;
    let sid = given(&request.statement_id, "StatementId")?;
    if action != ACTION {
        return Err(error::action_not_supported());
    }
    let partition = bus.region.partition().as_str();
    let who = match principal {
        "*" => "\"*\"".to_owned(),
        account => format!("{{\"AWS\":\"arn:{partition}:iam::{account}:root\"}}"),
    };
    let condition = match &request.condition {
        None => String::new(),
        Some(_) if principal != "*" => return Err(error::condition_without_everyone()),
        Some(condition) if condition.r#type != "StringEquals" => {
            return Err(error::condition_not_supported("type"));
        }
        Some(condition) if condition.key != "aws:PrincipalOrgID" => {
            return Err(error::condition_not_supported("key"));
        }
        Some(condition) => {
            let value = Json::from(condition.value.as_str());
            format!(",\"Condition\":{{\"StringEquals\":{{\"aws:PrincipalOrgID\":{value}}}}}")
        }
    };
    let arn = bus.id().arn();
    let text = format!(
        "{{\"Sid\":\"{sid}\",\"Effect\":\"Allow\",\"Principal\":{who},\"Action\":\"{ACTION}\",\"Resource\":\"{arn}\"{condition}}}"
    );
    Ok((sid, text))
}

/// A text as a bus's policy.
///
/// # Errors
/// It is none, or too long.
pub(crate) async fn read(reads: &mut Reads<'_>, text: &str) -> Result<Document> {
    if reads.quota(&quota::POLICY_BYTES).is_some_and(|most| text.len() as u64 > most) {
        return Err(error::policy_length().into());
    }
    let document = PolicyDocument::parse(text, PolicyKind::Resource).map_err(|fault| match fault.reason {
        ParseReason::NotJson(_) => error::invalid_policy(),
        _ => error::malformed_policy(&fault.to_string()),
    })?;
    Document::of_bound(reads, text, &document).await
}
