//! Queue policies: what is checked before one is stored.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-overview-of-managing-access.html>.
//! Its limits: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html>

use alcazar_engine::{Cx, Quota, Reads, Result};
use alcazar_identity::document::Document;
use alcazar_policy::{PolicyDocument, PolicyKind, PrincipalId, Statement};

use crate::attribute::POLICY;
use crate::{error, quota};

/// Reads a policy; nothing takes the policy away.
///
/// # Errors
/// It is no policy, it is larger than policies of queues may be, or it names someone who does not exist.
pub(crate) async fn read(cx: &mut Cx<'_>, text: &str) -> Result<Option<Document>> {
    if text.is_empty() {
        return Ok(None);
    }
    let policy = parsed(cx, text)?;
    for id in policy.statements().iter().flat_map(principals) {
        let exists = match id {
            PrincipalId::Account(account) => cx.account_exists(*account).await?,
            PrincipalId::Identity(arn) => cx.principal_exists(arn).await?,
            _ => true,
        };
        if !exists {
            return Err(error::attribute_value(POLICY).into());
        }
    }
    Ok(Some(Document::of_bound(cx, text, &policy).await?))
}

/// Passes if there is no more in a policy than may be.
fn check_size(reads: &Reads<'_>, policy: &PolicyDocument) -> Result<()> {
    let check = |quota: &Quota, what: &str, count: usize| match reads.quota(quota) {
        Some(most) if count as u64 > most => Err(error::over_limit(what, count, most)),
        _ => Ok(()),
    };
    let statements = policy.statements();
    check(&quota::POLICY_STATEMENTS, "Statements", statements.len())?;
    check(&quota::POLICY_PRINCIPALS, "Principals", statements.iter().flat_map(principals).count())?;
    let conditions = statements.iter().map(|statement| statement.conditions.len()).sum();
    check(&quota::POLICY_CONDITIONS, "Conditions", conditions)?;
    for statement in statements {
        check(&quota::POLICY_ACTIONS, "Actions", statement.actions.patterns.len())?;
    }
    Ok(())
}

fn principals(statement: &Statement) -> impl Iterator<Item = &PrincipalId> {
    statement.principals.iter().flat_map(|principals| &principals.ids)
}

/// Reads a policy that was made of another one. Principals that both name are those whom the older one meant.
///
/// # Errors
/// It is larger than policies of queues may be.
pub(crate) async fn changed(cx: &mut Cx<'_>, before: Option<&Document>, text: &str) -> Result<Document> {
    let policy = parsed(cx, text)?;
    match before {
        Some(before) => before.changed(cx, text, &policy).await,
        None => Document::of_bound(cx, text, &policy).await,
    }
}

fn parsed(reads: &Reads<'_>, text: &str) -> Result<PolicyDocument> {
    let policy = PolicyDocument::parse(text, PolicyKind::Resource);
    let policy = policy.map_err(|_| error::attribute_value(POLICY))?;
    if reads.quota(&quota::POLICY_BYTES).is_some_and(|most| text.len() as u64 > most) {
        return Err(error::attribute_value(POLICY).into());
    }
    check_size(reads, &policy)?;
    Ok(policy)
}
