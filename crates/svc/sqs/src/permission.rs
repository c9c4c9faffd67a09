//! Permissions: statements of a queue's policy that are added and removed one by one, whatever else it says.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html>

use alcazar_base::AccountId;
use alcazar_engine::{Cx, Result};
use alcazar_identity::document::Document;
use alcazar_shape::ApiError;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::policy;
use crate::queue::Queue;
use crate::{error, quota};

const LABEL_CHARACTERS_MAX: usize = 80;

/// What other accounts may be let do.
const GRANTABLE: [&str; 9] = [
    "*",
    "ChangeMessageVisibility",
    "DeleteMessage",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "PurgeQueue",
    "ReceiveMessage",
    "SendMessage",
];

/// What only the owner's account may do, whatever the policy says.
///
/// Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-customer-managed-policy-examples.html>
const OWNERS: [&str; 12] = [
    "AddPermission",
    "CancelMessageMoveTask",
    "CreateQueue",
    "DeleteQueue",
    "ListMessageMoveTasks",
    "ListQueueTags",
    "ListQueues",
    "RemovePermission",
    "SetQueueAttributes",
    "StartMessageMoveTask",
    "TagQueue",
    "UntagQueue",
];

/// A permission that is to be added.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Permission<'a> {
    /// What it is removed by.
    pub(crate) label: &'a str,
    /// Who gets it.
    pub(crate) accounts: &'a [String],
    /// What they may do.
    pub(crate) actions: &'a [String],
}

/// A policy as it was written. Only its statements are touched.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Box<RawValue>>,
    statement: Statements,
}

/// One statement may stand alone.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Statements(Box<RawValue>);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement<'a> {
    sid: &'a str,
    effect: &'static str,
    principal: Principal,
    action: OneOrMore,
    resource: &'a str,
}

#[derive(Serialize)]
struct Principal {
    #[serde(rename = "AWS")]
    aws: OneOrMore,
}

#[derive(Serialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn of(mut texts: Vec<String>) -> Self {
        match texts.pop() {
            Some(only) if texts.is_empty() => Self::One(only),
            last => Self::More(texts.into_iter().chain(last).collect()),
        }
    }
}

/// What tells a statement from others.
#[derive(Deserialize)]
struct Sid {
    #[serde(rename = "Sid")]
    sid: Option<String>,
}

/// Adds a statement to a queue's policy.
///
/// # Errors
/// It cannot be added.
pub(crate) async fn add(cx: &mut Cx<'_>, queue: &Queue, permission: &Permission<'_>) -> Result<()> {
    check_label(permission.label)?;
    let actions = actions(cx, permission.actions)?;
    let principals = principals(cx, queue, permission.accounts).await?;
    let mut statements = statements(queue)?;
    if statements.iter().any(|one| sid(one).as_deref() == Some(permission.label)) {
        return Err(error::label_exists(permission.label).into());
    }
    let arn = queue.arn();
    statements.push(written(&Statement {
        sid: permission.label,
        effect: "Allow",
        principal: Principal { aws: OneOrMore::of(principals) },
        action: OneOrMore::of(actions),
        resource: &arn,
    })?);
    put(cx, queue, &statements).await
}

/// Removes a statement from a queue's policy.
///
/// # Errors
/// There is no such statement.
pub(crate) async fn remove(cx: &mut Cx<'_>, queue: &Queue, label: &str) -> Result<()> {
    let mut statements = statements(queue)?;
    let before = statements.len();
    statements.retain(|one| sid(one).as_deref() != Some(label));
    if statements.len() == before {
        return Err(error::label_not_found(label).into());
    }
    put(cx, queue, &statements).await
}

fn check_label(label: &str) -> Result<(), ApiError> {
    let is_plain = label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    let is_label = is_plain && (1..=LABEL_CHARACTERS_MAX).contains(&label.len());
    if is_label { Ok(()) } else { Err(error::label(label)) }
}

fn actions(cx: &Cx<'_>, actions: &[String]) -> Result<Vec<String>, ApiError> {
    if actions.is_empty() {
        return Err(error::missing_parameter("Actions"));
    }
    if let Some(most) = cx.quota(&quota::POLICY_ACTIONS).filter(|most| actions.len() as u64 > *most) {
        return Err(error::over_limit("Actions", actions.len(), most));
    }
    let written = |action: &String| {
        let written = format!("SQS:{action}");
        match action.as_str() {
            action if GRANTABLE.contains(&action) => Ok(written),
            action if OWNERS.contains(&action) => Err(error::action_of_owner(&written)),
            _ => Err(error::no_such_action(&written)),
        }
    };
    actions.iter().map(written).collect()
}

async fn principals(cx: &mut Cx<'_>, queue: &Queue, accounts: &[String]) -> Result<Vec<String>> {
    let refused = || error::principal_id(accounts);
    let mut principals = Vec::new();
    for text in accounts {
        let account: AccountId = text.parse().map_err(|_| refused())?;
        if !cx.account_exists(account).await? {
            return Err(refused().into());
        }
        principals.push(format!("arn:{}:iam::{account}:root", queue.region.partition().as_str()));
    }
    if principals.is_empty() { Err(refused().into()) } else { Ok(principals) }
}

fn statements(queue: &Queue) -> Result<Vec<Box<RawValue>>> {
    let Some(document) = &queue.policy else { return Ok(Vec::new()) };
    let policy: Policy = serde_json::from_str(&document.text).map_err(unreadable)?;
    let statements = policy.statement.0;
    match statements.get().starts_with('[') {
        true => serde_json::from_str(statements.get()).map_err(unreadable),
        false => Ok(vec![statements]),
    }
}

/// Gives a queue's policy other statements. Whom those meant that stay, they mean still.
async fn put(cx: &mut Cx<'_>, queue: &Queue, statements: &[Box<RawValue>]) -> Result<()> {
    let mut changed = Queue { modified: cx.now(), policy: None, ..queue.clone() };
    if !statements.is_empty() {
        let (version, id) = match &queue.policy {
            Some(Document { text, .. }) => {
                let Policy { version, id, .. } = serde_json::from_str(text).map_err(unreadable)?;
                (version, id)
            }
            None => {
                let id = format!("{}/SQSDefaultPolicy", queue.arn());
                (Some(written(&"2008-10-17")?), Some(written(&id)?))
            }
        };
        let text = written(&Policy { version, id, statement: Statements(written(&statements)?) })?;
        changed.policy = Some(policy::changed(cx, queue.policy.as_ref(), text.get()).await?);
    }
    cx.put(changed.record_name(&cx.keyring()), changed)
}

fn sid(statement: &RawValue) -> Option<String> {
    serde_json::from_str::<Sid>(statement.get()).ok()?.sid
}

fn written(part: &impl Serialize) -> Result<Box<RawValue>> {
    to_raw_value(part).map_err(unreadable)
}

fn unreadable(error: serde_json::Error) -> alcazar_engine::Error {
    alcazar_engine::Error::invariant(format!("a stored queue policy cannot be read or written: {error}"))
}
