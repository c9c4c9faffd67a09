//! Managed policies attached to users, groups and roles: the operations on them are alike.
//!
//! What always holds: an ARN in a holder's list has an attachment's record beside it, and the other way round.

use alcazar_api_iam::types;
use alcazar_engine::{Cx, Quota, Reads, Result};
use alcazar_identity::attachment::{self, Usage};
use alcazar_identity::aws_managed;
use alcazar_identity::entity::{self, EntityKind};

use crate::named::{Holder, Named};
use crate::page::{self, Asked, Page};
use crate::policy::Policy;
use crate::{error, quota};

/// A user, group or role, and the policy that is to be attached to it or detached.
#[derive(Debug, Clone)]
pub struct Target<H> {
    /// The user, group or role.
    pub(crate) named: Named<H>,
    policy_arn: String,
    policy: Option<Policy>,
}

impl<H: Holder> Target<H> {
    /// Finds both.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn find(reads: &mut Reads<'_>, name: &str, policy_arn: &str) -> Result<Self> {
        let named = Named::find(reads, name).await?;
        let policy = Policy::find(reads, policy_arn).await?;
        Ok(Self { named, policy_arn: policy_arn.to_owned(), policy })
    }

    /// Attaches the policy. One that is attached already stays so.
    ///
    /// # Errors
    /// There is no such policy, or the holder has as many as it may.
    pub(crate) fn attach(&self, cx: &mut Cx<'_>) -> Result<()> {
        let mut holder = self.named.to_changed()?;
        let policy = self.policy.as_ref().ok_or_else(|| error::policy_not_attachable(&self.policy_arn))?;
        if holder.attached().contains(&self.policy_arn) {
            return Ok(());
        }
        let (limit, name) = count_quota(H::KIND);
        if let Some(most) = cx.quota(limit).filter(|most| holder.attached().len() as u64 >= *most) {
            return Err(error::quota_exceeded(name, most).into());
        }
        attachment::attach(cx, cx.account(), &mut holder, &self.policy_arn, &policy.id())?;
        holder.put(cx)
    }

    /// Detaches the policy.
    ///
    /// # Errors
    /// It is not attached.
    pub(crate) fn detach(&self, cx: &mut Cx<'_>) -> Result<()> {
        let mut holder = self.named.to_changed()?;
        let policy = self.policy.as_ref().filter(|_| holder.attached().contains(&self.policy_arn));
        let policy = policy.ok_or_else(|| error::policy_not_found(&self.policy_arn))?;
        cx.delete(attachment::attachment_name(
            cx.account(),
            &policy.id(),
            Usage::Permissions,
            H::KIND,
            holder.id(),
        ))?;
        holder.attached_mut().retain(|arn| *arn != self.policy_arn);
        holder.put(cx)
    }
}

/// A page of the policies that are attached, as far as their paths begin with `path_prefix`.
///
/// # Errors
/// There is no such holder, or the marker is none that a page of this list ended with.
pub(crate) fn list<H: Holder>(
    reads: &Reads<'_>,
    named: &Named<H>,
    path_prefix: Option<&str>,
    asked: Asked<'_>,
) -> Result<Page<types::AttachedPolicy>> {
    let holder = named.existing()?;
    let prefix = path_prefix.unwrap_or("/");
    let has_prefix = |arn: &&String| {
        let path_and_name = arn.split_once(":policy").map_or("", |(_, rest)| rest);
        path_and_name.strip_suffix(entity::name_of(arn)).is_some_and(|path| path.starts_with(prefix))
    };
    let arns = holder.attached().iter().filter(has_prefix).cloned().collect();
    // A policy of the account's own may have the name of one of AWS's.
    let place = |arn: &String| format!("{} {}", entity::name_of(arn), aws_managed::find(arn).is_none());
    let shown = |arn: String| types::AttachedPolicy {
        policy_name: Some(entity::name_of(&arn).to_owned()),
        policy_arn: Some(arn),
    };
    Ok(page::of(reads, "attached policies", asked, arns, place)?.map(shown))
}

fn count_quota(kind: EntityKind) -> (&'static Quota, &'static str) {
    match kind {
        EntityKind::User => (&quota::POLICIES_PER_USER, "PoliciesPerUser"),
        EntityKind::Group => (&quota::POLICIES_PER_GROUP, "PoliciesPerGroup"),
        EntityKind::Role => (&quota::POLICIES_PER_ROLE, "PoliciesPerRole"),
    }
}
