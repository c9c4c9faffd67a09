//! Policies of event data stores: which principals beside their account's may use them.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/security_iam_resource-based-policy-examples.html>

use alcazar_base::Arn;
use alcazar_engine::{Reads, Result};
use alcazar_identity::document::Document;
use alcazar_policy::{PolicyDocument, PolicyKind, PrincipalId};
use serde_json::Value as Json;

use super::sought::read_arn;
use super::store::Store;
use crate::error;

/// Passes if the ARN is an event data store's.
///
/// # Errors
/// It is another's, or none.
pub(crate) fn check_arn(text: &str) -> Result<()> {
    let arn: Arn = text.parse().map_err(|_| error::lake::policy_arn(text))?;
    if arn.service != "cloudtrail" {
        return Err(error::lake::policy_arn(text).into());
    }
    match arn.resource.split_once('/') {
        Some(("eventdatastore", _)) if read_arn(text).is_some() => Ok(()),
        // There are none of these.
        Some(("channel" | "dashboard", name)) if !name.is_empty() => {
            Err(error::lake::policy_resource(text).into())
        }
        Some(("eventdatastore", _)) | None => Err(error::lake::policy_arn(text).into()),
        Some(_) => Err(error::lake::policy_type(text).into()),
    }
}

/// Reads the policy of a store.
///
/// # Errors
/// It is none that the store may have, or it names someone who does not exist.
pub(crate) async fn read(reads: &mut Reads<'_>, store: &Store, text: &str) -> Result<Document> {
    let policy = PolicyDocument::parse(text, PolicyKind::Resource)
        .map_err(|error| error::lake::policy(&format!("The resource policy is not valid: {error}")))?;
    if !is_about(text, &store.arn()) {
        return Err(error::lake::policy("The resource policy must be about the resource itself.").into());
    }
    for statement in policy.statements() {
        let is_ours = |pattern: &String| {
            pattern.split_once(':').is_some_and(|(service, _)| service.eq_ignore_ascii_case("cloudtrail"))
        };
        if !statement.actions.patterns.iter().all(is_ours) {
            return Err(
                error::lake::policy("The resource policy has an action that is not CloudTrail's.").into()
            );
        }
        for id in statement.principals.iter().flat_map(|principals| &principals.ids) {
            let exists = match id {
                PrincipalId::Account(account) => reads.account_exists(*account).await?,
                PrincipalId::Identity(arn) => reads.principal_exists(arn).await?,
                _ => true,
            };
            if !exists {
                return Err(error::lake::policy("The resource policy has an invalid principal.").into());
            }
        }
    }
    Document::of_bound(reads, text, &policy).await
}

/// Whether every statement names this resource and no other.
fn is_about(text: &str, arn: &str) -> bool {
    let policy: Json = serde_json::from_str(text).unwrap_or_default();
    let statements = match policy.get("Statement") {
        Some(Json::Array(statements)) => statements.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => return false,
    };
    statements.iter().all(|statement| match statement.get("Resource") {
        Some(Json::Array(resources)) => resources.iter().all(|resource| resource == arn),
        Some(resource) => resource == arn,
        None => false,
    })
}
