//! Tags of parameters: their rules.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-tag.html>

use std::collections::BTreeSet;
use std::sync::Arc;

use alcazar_api_ssm::types::{self, ResourceTypeForTagging};
use alcazar_engine::{CallInfo, Check, Reads, Result};
use alcazar_identity::tag::Tag;
use alcazar_shape::ApiError;

use crate::access::{self, Target};
use crate::parameter::Parameter;
use crate::reference::Reference;
use crate::{error, name, quota};

/// What keys begin with that AWS alone gives.
const RESERVED: &str = "aws:";

/// The tags that there are after those of a request were put on.
///
/// # Errors
/// Two of them have the same key, AWS alone gives one, or there would be more than there may be.
pub(crate) fn put_on(reads: &Reads<'_>, old: &[Tag], new: &[types::Tag]) -> Result<Vec<Tag>> {
    let mut keys = BTreeSet::new();
    for tag in new {
        if tag.key.get(..RESERVED.len()).is_some_and(|start| start.eq_ignore_ascii_case(RESERVED)) {
            return Err(error::reserved_tag().into());
        }
        if !keys.insert(&tag.key) {
            return Err(error::duplicate_tags().into());
        }
    }
    let mut tags = old.to_vec();
    for types::Tag { key, value } in new {
        match tags.iter_mut().find(|tag| tag.key == *key) {
            Some(tag) => tag.value.clone_from(value),
            None => tags.push(Tag { key: key.clone(), value: value.clone() }),
        }
    }
    match reads.quota(&quota::TAGS) {
        Some(most) if tags.len() as u64 > most => Err(error::too_many_tags().into()),
        _ => Ok(tags),
    }
}

/// Tags as answers have them.
#[must_use]
pub(crate) fn shown(tags: &[Tag]) -> Vec<types::Tag> {
    tags.iter().map(|tag| types::Tag { key: tag.key.clone(), value: tag.value.clone() }).collect()
}

/// What a request calls the parameter by whose tags it is about.
///
/// It is the parameter's name alone. What has not the form of one is the name of nothing, and is told like that.
///
/// Source: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AddTagsToResource.html>
#[derive(Debug)]
pub struct Tagged {
    kind: ResourceTypeForTagging,
    target: Target,
}

impl Tagged {
    /// Finds the parameter.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(
        reads: &mut Reads<'_>,
        kind: ResourceTypeForTagging,
        resource_id: &str,
    ) -> Result<Self> {
        let (account, region) = (reads.account(), reads.region().clone());
        let reference = Reference { account, region, name: resource_id.to_owned(), selector: None };
        let is_name = kind == ResourceTypeForTagging::Parameter && name::check(resource_id).is_ok();
        let target = if is_name { Target::find(reads, reference).await? } else { Target::nothing(reference) };
        Ok(Self { kind, target })
    }

    /// The same for a call that changes the tags.
    ///
    /// # Errors
    /// The store failed, or the call waits for its turn.
    pub(crate) async fn find_to_change(
        reads: &mut Reads<'_>,
        kind: ResourceTypeForTagging,
        resource_id: &str,
    ) -> Result<Self> {
        let (account, region) = (reads.account(), reads.region().clone());
        reads.lock([name::arn(account, &region, resource_id)])?;
        Self::find(reads, kind, resource_id).await
    }

    /// The question whether a caller may do something with the tags.
    pub(crate) fn check(&self, call: &CallInfo, action: &'static str) -> Check {
        if self.kind == ResourceTypeForTagging::Parameter {
            return self.target.check(call, action);
        }
        access::of_arn(call, action, "*".to_owned())
    }

    /// The parameter.
    ///
    /// # Errors
    /// It is not there, or what is meant is none.
    pub(crate) fn parameter(&self) -> Result<&Arc<Parameter>, ApiError> {
        if self.kind != ResourceTypeForTagging::Parameter {
            return Err(error::invalid_resource_type());
        }
        self.target.parameter.as_ref().ok_or_else(error::invalid_resource_id)
    }
}
