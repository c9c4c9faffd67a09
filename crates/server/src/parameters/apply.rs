//! Carrying a plan out: few calls at a time, deletions last.
//!
//! After a call that fails none is begun; those that were are waited for.

use std::sync::Arc;

use alcazar_api_ssm::operation::{
    AddTagsToResource, AddTagsToResourceRequest, DeleteParameters, DeleteParametersRequest, PutParameter,
    PutParameterRequest, RemoveTagsFromResource, RemoveTagsFromResourceRequest,
};
use alcazar_api_ssm::types::{ResourceTypeForTagging, Tag};
use thiserror::Error;
use tokio::task::JoinSet;

use super::client::{CallError, Client};
use super::document::{Entry, Kind};
use super::plan::{Change, Plan, Step};
use super::tree::CALLS_MAX;

/// How many parameters are deleted by a call: AWS's most.
const DELETED_PER_CALL: usize = 10;

/// What takes all policies off a parameter.
const NO_POLICIES: &str = "[{}]";

/// A plan that was carried out in part.
#[derive(Debug, Error)]
#[error(
    "{parameter}: {cause}; {done} of {total} changes are made, and the same command goes on with the rest"
)]
pub(crate) struct ApplyError {
    parameter: String,
    cause: Box<CallError>,
    done: usize,
    total: usize,
}

/// Carries a plan out. `progress` hears how many changes have been made.
///
/// # Errors
/// A call did not succeed.
pub(crate) async fn apply(
    client: &Arc<Client>,
    plan: Plan,
    progress: &mut dyn FnMut(usize),
) -> Result<(), ApplyError> {
    let total = plan.changes.len();
    let (removals, mut changes): (Vec<_>, Vec<_>) =
        plan.changes.into_iter().partition(|change| change.step == Step::Remove);
    changes.reverse();
    let mut done = 0;
    let mut failure = None;
    let mut calls = JoinSet::new();
    loop {
        while failure.is_none()
            && calls.len() < CALLS_MAX
            && let Some(change) = changes.pop()
        {
            let client = client.clone();
            calls.spawn(async move {
                let made = make(&client, &change).await;
                made.map_err(|cause| (change.name, cause))
            });
        }
        match calls.join_next().await {
            None => break,
            Some(Ok(Ok(()))) => {
                done += 1;
                progress(done);
            }
            Some(Ok(Err((parameter, cause)))) => failure = failure.or(Some((parameter, cause))),
            Some(Err(_)) => {}
        }
    }
    for some in removals.chunks(DELETED_PER_CALL) {
        if failure.is_some() {
            break;
        }
        // Those that are gone already are as they should be.
        let names: Vec<_> = some.iter().map(|change| change.name.clone()).collect();
        let first = names.first().cloned().unwrap_or_default();
        match client.call::<DeleteParameters>(DeleteParametersRequest { names: names.into() }).await {
            Ok(_) => {
                done += some.len();
                progress(done);
            }
            Err(cause) => failure = Some((first, cause)),
        }
    }
    match failure {
        None => Ok(()),
        Some((parameter, cause)) => Err(ApplyError { parameter, cause: Box::new(cause), done, total }),
    }
}

async fn make(client: &Client, change: &Change) -> Result<(), CallError> {
    let added_with_tags = match &change.step {
        Step::Add(entry) => {
            let tags = change.tags_to_add.iter().map(tag).collect::<Vec<_>>();
            let input = PutParameterRequest {
                tags: (!tags.is_empty()).then(|| tags.into()),
                ..put(&change.name, entry)
            };
            client.call::<PutParameter>(input).await?;
            true
        }
        Step::Put(entry) => {
            let input = PutParameterRequest { overwrite: Some(true), ..put(&change.name, entry) };
            client.call::<PutParameter>(input).await?;
            false
        }
        Step::Tag | Step::Remove => false,
    };
    if !added_with_tags && !change.tags_to_add.is_empty() {
        let input = AddTagsToResourceRequest {
            resource_type: ResourceTypeForTagging::Parameter,
            resource_id: change.name.clone(),
            tags: change.tags_to_add.iter().map(tag).collect::<Vec<_>>().into(),
        };
        client.call::<AddTagsToResource>(input).await?;
    }
    if !change.tags_to_remove.is_empty() {
        let input = RemoveTagsFromResourceRequest {
            resource_type: ResourceTypeForTagging::Parameter,
            resource_id: change.name.clone(),
            tag_keys: change.tags_to_remove.clone().into(),
        };
        client.call::<RemoveTagsFromResource>(input).await?;
    }
    Ok(())
}

fn tag((key, value): (&String, &String)) -> Tag {
    Tag { key: key.clone(), value: value.clone() }
}

fn put(name: &str, entry: &Entry) -> PutParameterRequest {
    let policies = entry.policies.as_ref().map(|policies| match policies.as_slice() {
        [] => NO_POLICIES.to_owned(),
        policies => serde_json::Value::from(policies).to_string(),
    });
    PutParameterRequest {
        name: name.to_owned(),
        description: entry.description.clone(),
        value: entry.value.clone().map(|value| value.0).unwrap_or_default(),
        r#type: entry.kind.map(Into::into),
        // Other types have none, whatever the parameter was before.
        key_id: entry.key_id.clone().filter(|_| entry.kind == Some(Kind::SecureString)),
        allowed_pattern: entry.allowed_pattern.clone(),
        tier: entry.tier.map(Into::into),
        policies,
        data_type: entry.data_type.clone(),
        ..Default::default()
    }
}
